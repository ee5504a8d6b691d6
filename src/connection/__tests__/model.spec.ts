import { ServerConnection } from '@jupyterlab/services';
import { StateDB } from '@jupyterlab/statedb';
import { nullTranslator } from '@jupyterlab/translation';
import { beforeEach, describe, expect, it } from 'vitest';

import { SmxClient } from '../../api/client';
import { ConnectionsModel } from '../model';

const local = { id: 'local', kind: 'local', label: 'Local', is_default: true };
const prod = { id: 'aws:prod', kind: 'aws', label: 'prod', is_default: false };

let answer: { status: number; body: unknown };
let stateDB: StateDB;

function open(): ConnectionsModel {
  const fetch = async (): Promise<Response> =>
    new Response(JSON.stringify(answer.body), { status: answer.status });
  const client = new SmxClient(ServerConnection.makeSettings({ fetch }));
  return new ConnectionsModel({ client, trans: nullTranslator.load('smx_lab'), stateDB });
}

beforeEach(() => {
  stateDB = new StateDB();
  answer = {
    status: 200,
    body: { connections: [local, prod], read_only: false, disabled_actions: ['stop'] }
  };
});

describe('ConnectionsModel', () => {
  it('looks at the default connection first', async () => {
    const model = open();
    await model.refresh();
    await model.ready;
    expect(model.current?.id).toBe('local');
    expect(model.find('aws:prod')?.label).toBe('prod');
  });

  it('takes up the connection that was chosen the last time', async () => {
    const before = open();
    await before.refresh();
    before.select('aws:prod');
    const after = open();
    await after.refresh();
    expect(after.current?.id).toBe('aws:prod');
  });

  it('falls back to the default if the chosen one is allowed no longer', async () => {
    const before = open();
    await before.refresh();
    before.select('aws:prod');
    answer.body = { connections: [local], read_only: false, disabled_actions: [] };
    const after = open();
    await after.refresh();
    expect(after.current?.id).toBe('local');
  });

  it('ignores a connection that is not allowed', async () => {
    const model = open();
    await model.refresh();
    model.select('aws:other');
    expect(model.current?.id).toBe('local');
  });

  it('keeps what it knows when the server cannot be asked, and tells why', async () => {
    const model = open();
    await model.refresh();
    answer = { status: 503, body: { code: 'service_unavailable', message: 'It is down.' } };
    await model.refresh();
    expect(model.current?.id).toBe('local');
    expect(model.error?.message).toBe('It is down.');
  });

  it('rejects who waits for it, and is ready once the server answers', async () => {
    answer = { status: 403, body: { code: 'access_denied', message: 'Not you.' } };
    const model = open();
    const waiting = model.ready;
    await model.refresh();
    await expect(waiting).rejects.toThrow('Not you.');
    answer = {
      status: 200,
      body: { connections: [local], read_only: false, disabled_actions: [] }
    };
    await model.refresh();
    await expect(model.ready).resolves.toBeUndefined();
    expect(model.error).toBeNull();
  });

  it('says why an action is not allowed', async () => {
    const model = open();
    await model.refresh();
    expect(model.whyNot('stop')).toBe('Disabled by your administrator');
    expect(model.whyNot('deploy')).toBeNull();
    answer.body = { connections: [local], read_only: true, disabled_actions: [] };
    await model.refresh();
    expect(model.whyNot('deploy')).toBe('Disabled by your administrator');
  });
});
