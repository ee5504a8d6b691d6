import { Signal } from '@lumino/signaling';
import { describe, expect, it } from 'vitest';

import { SmxError } from '../../api/errors';
import type { IConnection, IEndpointSummary, IOperation } from '../../api/types';
import type { IOperations } from '../../tokens';
import { arrange, DEFAULT_VIEW, EndpointsModel } from '../model';

function endpoint(name: string, status = 'InService', minute = 0): IEndpointSummary {
  const time = `2026-11-23T10:0${minute}:00Z`;
  return {
    endpoint_name: name,
    endpoint_arn: `arn:aws:sagemaker:eu-west-1:111122223333:endpoint/${name}`,
    endpoint_status: status,
    creation_time: time,
    last_modified_time: time
  };
}

/** Endpoints in pages of two, each with an etag of its content. */
class Client {
  endpoints: IEndpointSummary[] = [];
  error: SmxError | null = null;
  asked: { connectionId: string; unchanged: boolean }[] = [];
  /** What the next answer, made at once, waits for before it arrives. */
  delay: Promise<void> | null = null;
  async listEndpoints(connectionId: string, query: { next_token?: string }, etag?: string) {
    if (this.error) {
      throw this.error;
    }
    const from = Number(query.next_token ?? 0);
    const endpoints = this.endpoints.slice(from, from + 2);
    const next_token = from + 2 < this.endpoints.length ? String(from + 2) : null;
    const now = JSON.stringify([endpoints, next_token]);
    this.asked.push({ connectionId, unchanged: now === etag });
    const { delay } = this;
    this.delay = null;
    await delay;
    return now === etag ? { data: null, etag } : { data: { endpoints, next_token }, etag: now };
  }
}

class Connections {
  readonly regions = [];
  listRegions = async (): Promise<readonly string[]> => [];
  current: IConnection | null = {
    id: 'local',
    poll_interval_ms: 1000
  } as IConnection;
  connections: IConnection[] = [];
  error: SmxError | null = null;
  changed = new Signal<any, void>(this);
  ready = Promise.resolve();
  find = () => this.current ?? undefined;
  select = () => undefined;
  refresh = async () => undefined;
  whyNoFormat = () => null;
  whyNot = () => null;
}

async function open(endpoints: IEndpointSummary[]) {
  const client = new Client();
  client.endpoints = endpoints;
  const connections = new Connections();
  const operations = { changed: new Signal<any, IOperation>({}) };
  const model = new EndpointsModel({
    client,
    connections: connections,
    operations: operations as unknown as IOperations
  });
  model.start();
  await until(model, () => model.state.is !== 'loading');
  return { model, client, connections, operations };
}

function until(model: EndpointsModel, condition: () => boolean): Promise<void> {
  return new Promise(resolve => {
    const look = () => condition() && resolve();
    model.changed.connect(look);
    look();
  });
}

const names = (endpoints: readonly IEndpointSummary[]) => endpoints.map(each => each.endpoint_name);

describe('EndpointsModel', () => {
  it('reads every page and counts what runs', async () => {
    const { model } = await open([
      endpoint('a'),
      endpoint('b', 'Creating'),
      endpoint('c', 'Updating'),
      endpoint('d', 'Failed')
    ]);
    expect([names(model.shown), model.runningCount]).toEqual([['a', 'b', 'c', 'd'], 2]);
    model.dispose();
  });

  it('keeps the very rows while nothing has changed', async () => {
    const { model, client } = await open([endpoint('a'), endpoint('b'), endpoint('c')]);
    const before = model.shown;
    await model.refresh();
    expect(model.shown).toBe(before);
    expect(client.asked.map(({ unchanged }) => unchanged)).toEqual([false, false, true, true]);
    model.dispose();
  });

  it('drops an endpoint that has gone from a later page', async () => {
    const { model, client } = await open([endpoint('a'), endpoint('b'), endpoint('c')]);
    client.endpoints = client.endpoints.slice(0, 2);
    await model.refresh();
    expect(names(model.shown)).toEqual(['a', 'b']);
    model.dispose();
  });

  it('believes no etag of an answer that was overtaken', async () => {
    const { model, client } = await open([endpoint('a')]);
    let arrive = (): void => undefined;
    client.delay = new Promise(resolve => (arrive = resolve));
    client.endpoints = [];
    const overtaken = model.refresh();
    client.endpoints = [endpoint('a')];
    await model.refresh();
    arrive();
    await overtaken;
    client.endpoints = [];
    await model.refresh();
    expect(names(model.shown)).toEqual([]);
    model.dispose();
  });

  it('keeps the rows when a refresh fails, and says why', async () => {
    const { model, client } = await open([endpoint('a')]);
    client.error = new SmxError('SageMaker cannot be reached.', 'service_unavailable', 503);
    await model.refresh();
    expect([names(model.shown), model.staleError?.code]).toEqual([['a'], 'service_unavailable']);
    client.error = null;
    await model.refresh();
    expect(model.staleError).toBeNull();
    model.dispose();
  });

  it('shows nothing of the connection before', async () => {
    const { model, connections, client } = await open([endpoint('a')]);
    connections.current = { id: 'aws', poll_interval_ms: 1000 } as IConnection;
    connections.changed.emit();
    expect(model.state).toEqual({ is: 'loading' });
    await until(model, () => model.state.is === 'ready');
    expect(client.asked.map(({ connectionId }) => connectionId)).toEqual(['local', 'aws']);
    model.dispose();
  });

  it('asks at once when an operation of its connection goes on', async () => {
    const { model, client, operations } = await open([]);
    client.endpoints = [endpoint('a', 'Creating')];
    operations.changed.emit({ connection_id: 'local' } as IOperation);
    await until(model, () => model.shown.length > 0);
    expect(names(model.shown)).toEqual(['a']);
    model.dispose();
  });

  it('asks at the end of a clean-up, not at its every step', async () => {
    const { model, client, operations } = await open([]);
    const cleanUp = { connection_id: 'local', kind: 'clean_up' } as IOperation;
    const before = client.asked.length;
    operations.changed.emit({ ...cleanUp, state: 'running' });
    expect(client.asked.length).toBe(before);
    operations.changed.emit({ ...cleanUp, state: 'succeeded' });
    expect(client.asked.length).toBe(before + 1);
    model.dispose();
  });
});

describe('arrange', () => {
  const endpoints = [endpoint('Digits', 'InService', 1), endpoint('cats', 'Failed', 2)];

  it('puts the newest change first', () => {
    expect(names(arrange(endpoints, DEFAULT_VIEW))).toEqual(['cats', 'Digits']);
  });

  it('finds a part of a name, whatever its case', () => {
    expect(names(arrange(endpoints, { ...DEFAULT_VIEW, name: ' dig' }))).toEqual(['Digits']);
  });

  it('shows one status only', () => {
    expect(names(arrange(endpoints, { ...DEFAULT_VIEW, status: 'Failed' }))).toEqual(['cats']);
  });

  it('sorts by name without minding case', () => {
    const view = {
      ...DEFAULT_VIEW,
      sortBy: 'name',
      descending: false
    } as const;
    expect(names(arrange(endpoints, view))).toEqual(['cats', 'Digits']);
  });
});
