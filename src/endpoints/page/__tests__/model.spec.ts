import { Signal } from '@lumino/signaling';
import { describe, expect, it } from 'vitest';

import { SmxError } from '../../../api/errors';
import type {
  IEndpoint,
  IInvocationRequest,
  IInvocationResult,
  IOperation
} from '../../../api/types';
import type { IConnections, IOperations } from '../../../tokens';
import { EndpointModel, IEndpointSnapshot } from '../model';

const ENDPOINT = { endpoint_name: 'digits', endpoint_status: 'InService' } as IEndpoint;
const GONE = new SmxError('The endpoint digits does not exist.', 'not_found', 404);
const UNREACHABLE = new SmxError('SageMaker cannot be reached.', 'service_unavailable', 503);

/** Answers what a test says; an invocation waits until it is let go. */
class Client {
  endpoint: IEndpoint | SmxError = ENDPOINT;
  invoked: IInvocationRequest[] = [];
  answer: IInvocationResult | SmxError = {
    content_type: 'application/json',
    body: '{"digit": 7}',
    body_base64: null,
    variant_name: 'AllTraffic',
    duration_ms: 12
  };
  gate: Promise<void> = Promise.resolve();
  async describeEndpoint() {
    if (this.endpoint instanceof SmxError) {
      throw this.endpoint;
    }
    return this.endpoint;
  }
  async invokeEndpoint(
    _connection: string,
    _name: string,
    request: IInvocationRequest,
    signal?: AbortSignal
  ) {
    this.invoked.push(request);
    const aborted = new Promise<void>((_, reject) =>
      signal?.addEventListener('abort', () =>
        reject(new SmxError('The request was cancelled.', 'cancelled', 0))
      )
    );
    await Promise.race([this.gate, aborted]);
    if (this.answer instanceof SmxError) {
      throw this.answer;
    }
    return this.answer;
  }
}

function open(snapshot: Partial<IEndpointSnapshot> = {}) {
  const client = new Client();
  const operations = { changed: new Signal<object, IOperation>({}) };
  const model = new EndpointModel({
    client,
    connections: { find: () => undefined } as unknown as IConnections,
    operations: operations as unknown as IOperations,
    snapshot: { connectionId: 'local', endpointName: 'digits', ...snapshot }
  });
  return { model, client };
}

describe('EndpointModel', () => {
  it('keeps what it knew of an endpoint that cannot be asked for, and says why', async () => {
    const { model, client } = open();
    await model.refresh();
    client.endpoint = UNREACHABLE;
    await model.refresh();
    expect([model.state.is, model.staleError?.code]).toEqual(['ready', 'service_unavailable']);
    model.dispose();
  });

  it('says that an endpoint is gone, and does not take a new one of its name for it', async () => {
    const { model, client } = open();
    await model.refresh();
    client.endpoint = GONE;
    await model.refresh();
    client.endpoint = ENDPOINT;
    await model.refresh();
    expect(model.state).toEqual({ is: 'gone' });
    model.dispose();
  });

  it('is pending until the answer comes, and then complete', async () => {
    const { model, client } = open();
    let release = () => undefined as void;
    client.gate = new Promise(resolve => (release = resolve));
    model.edit({ text: '[[0, 1]]' });
    const sent = model.send();
    expect(model.current?.outcome).toEqual({ is: 'pending' });
    release();
    await sent;
    expect(client.invoked).toEqual([{ content_type: 'application/json', body: '[[0, 1]]' }]);
    expect(model.current?.outcome).toEqual({
      is: 'complete',
      result: client.answer,
      durationMs: 12
    });
    model.dispose();
  });

  it('keeps failed requests in the history, newest first', async () => {
    const { model, client } = open();
    model.edit({ text: '1' });
    await model.send();
    client.answer = new SmxError('The model failed.', 'model_failed', 424);
    model.edit({ text: '2' });
    await model.send();
    expect(model.history.map(({ summary, outcome }) => [summary, outcome.is])).toEqual([
      ['2', 'failed'],
      ['1', 'complete']
    ]);
    model.choose(model.history[1].id);
    expect(model.current?.summary).toBe('1');
    model.dispose();
  });

  it('stops waiting when asked to', async () => {
    const { model, client } = open();
    client.gate = new Promise(() => undefined);
    model.edit({ text: '1' });
    const sent = model.send();
    await new Promise(resolve => setTimeout(resolve, 0));
    model.stop();
    await sent;
    const outcome = model.current?.outcome;
    expect(outcome?.is === 'failed' && outcome.error.code).toBe('cancelled');
    model.dispose();
  });

  it('keeps part and body over a reload, but no body that is too long', () => {
    const { model } = open({ tab: 'logs', body: '[[0, 1]]' });
    expect(model.snapshot()).toEqual({
      connectionId: 'local',
      endpointName: 'digits',
      tab: 'logs',
      contentType: 'application/json',
      body: '[[0, 1]]'
    });
    model.edit({ text: '0'.repeat(20_001) });
    expect(model.snapshot().body).toBeUndefined();
    model.dispose();
  });
});
