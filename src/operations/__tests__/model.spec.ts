import { describe, expect, it } from 'vitest';

import { SmxError } from '../../api/errors';
import type { IOperation } from '../../api/types';
import { Operations } from '../model';

function deployment(state: IOperation['state'], id = 'op-1'): IOperation {
  return {
    id,
    kind: 'deployment',
    connection_id: 'local',
    title: 'Deploy digits',
    state,
    steps: [],
    start_time: '2026-11-23T10:00:00Z',
    end_time: null,
    error: null,
    result: { endpoint_name: 'digits' },
    created: [],
    log_tail: [],
    can_retry: false,
    can_roll_back: false,
    outcome: null
  };
}

/** A server that goes through the given answers, one a question, and stays at the last. */
class Server {
  constructor(readonly answers: (IOperation | SmxError)[]) {}
  asked: string[] = [];
  async describeOperation(_id: string, etag?: string) {
    this.asked.push(etag ?? 'none');
    const at = Math.min(this.asked.length, this.answers.length) - 1;
    const answer = this.answers[at];
    if (answer instanceof SmxError) {
      throw answer;
    }
    return etag === `"${at}"` ? { data: null, etag } : { data: answer, etag: `"${at}"` };
  }
  cancelOperation = async (): Promise<IOperation> => deployment('cancelled');
  retryOperation = async (): Promise<IOperation> => deployment('running');
  rollBackOperation = async (): Promise<IOperation> => deployment('running', 'op-2');
}

class Store {
  constructor(public ids: readonly string[] = []) {}
  load = async () => this.ids;
  save = async (ids: readonly string[]) => {
    this.ids = [...ids];
  };
}

function follow(server: Server, store = new Store()): Operations {
  return new Operations({
    client: server,
    store,
    intervalMs: 5,
    standby: 'never'
  });
}

function next<T>(signal: { connect(slot: (sender: any, value: T) => void): unknown }): Promise<T> {
  return new Promise(resolve => signal.connect((_, value) => resolve(value)));
}

describe('Operations', () => {
  it('asks until the operation ends, and tells the end once', async () => {
    const server = new Server([deployment('running'), deployment('succeeded')]);
    const operations = follow(server);
    let ends = 0;
    operations.ended.connect(() => ends++);
    const ended = next<IOperation>(operations.ended);
    operations.follow(deployment('running'));
    expect((await ended).state).toBe('succeeded');
    const asked = server.asked.length;
    await new Promise(resolve => setTimeout(resolve, 30));
    expect([ends, server.asked.length]).toEqual([1, asked]);
    operations.dispose();
  });

  it('sends the etag of the answer it has', async () => {
    const server = new Server([deployment('running'), deployment('succeeded')]);
    const operations = follow(server);
    const ended = next(operations.ended);
    await operations.read('op-1');
    await ended;
    expect(server.asked.slice(0, 2)).toEqual(['none', '"0"']);
    operations.dispose();
  });

  it('remembers what runs, and forgets it at the end', async () => {
    const store = new Store();
    const operations = follow(new Server([deployment('succeeded')]), store);
    await operations.restored;
    const ended = next(operations.ended);
    operations.follow(deployment('running'));
    expect(store.ids).toEqual(['op-1']);
    await ended;
    expect(store.ids).toEqual([]);
    operations.dispose();
  });

  it('tells after a reload that an operation ended in the meantime', async () => {
    const operations = follow(new Server([deployment('failed')]), new Store(['op-1']));
    expect((await next<IOperation>(operations.ended)).state).toBe('failed');
    operations.dispose();
  });

  it('does not go back to a slow answer of before an action', async () => {
    const server = new Server([deployment('running')]);
    const operations = follow(server);
    const answer = server.describeOperation;
    let arrive = (): void => undefined;
    const held = new Promise<void>(resolve => (arrive = resolve));
    const asked = new Promise<void>(resolve => {
      server.describeOperation = async (id, etag) => {
        const made = await answer.call(server, id, etag);
        resolve();
        await held;
        return made;
      };
    });
    operations.follow(deployment('running'));
    await asked;
    await operations.cancel('op-1');
    arrive();
    await new Promise(resolve => setTimeout(resolve, 20));
    expect(operations.find('op-1')?.state).toBe('cancelled');
    operations.dispose();
  });

  it('goes on asking after a failure', async () => {
    const server = new Server([
      new SmxError('The Jupyter server cannot be reached.', 'unreachable', 0),
      deployment('succeeded')
    ]);
    const operations = follow(server);
    const ended = next<IOperation>(operations.ended);
    operations.follow(deployment('running'));
    expect((await ended).state).toBe('succeeded');
    operations.dispose();
  });

  it('stops asking for an operation that the server does not know', async () => {
    const server = new Server([new SmxError('No such operation.', 'not_found', 404)]);
    const operations = follow(server, new Store(['op-1']));
    expect((await next<{ id: string }>(operations.lost)).id).toBe('op-1');
    operations.dispose();
  });
});
