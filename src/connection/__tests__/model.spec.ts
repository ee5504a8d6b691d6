import { ServerConnection } from '@jupyterlab/services';
import { StateDB } from '@jupyterlab/statedb';
import { nullTranslator } from '@jupyterlab/translation';
import { beforeEach, describe, expect, it, vi } from 'vitest';

import { SmxClient } from '../../api/client';
import { ConnectionsModel } from '../model';

const local = { id: 'local', kind: 'local', label: 'Local', is_default: true };
const prod = { id: 'aws:prod', kind: 'aws', label: 'prod', is_default: false };
const regions = ['eu-west-1', 'us-east-1'];

let answer: { status: number; body: unknown };
let stateDB: StateDB;

function open(): ConnectionsModel {
  const fetch = async (input: RequestInfo): Promise<Response> => {
    const url = typeof input === 'string' ? input : input.url;
    const [, id] = /connections\/([^/?]+)/.exec(decodeURIComponent(url)) ?? [];
    const described = { connection: { ...prod, id, account: '111122223333' }, regions };
    return new Response(JSON.stringify(id ? described : answer.body), { status: answer.status });
  };
  const client = new SmxClient(ServerConnection.makeSettings({ fetch }));
  return new ConnectionsModel({ client, trans: nullTranslator.load('smx_lab'), stateDB });
}

beforeEach(() => {
  stateDB = new StateDB();
  answer = {
    status: 200,
    body: {
      connections: [local, prod],
      read_only: false,
      disabled_actions: ['stop'],
      unavailable_formats: {}
    }
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
    answer.body = {
      connections: [local],
      read_only: false,
      disabled_actions: [],
      unavailable_formats: {}
    };
    const after = open();
    await after.refresh();
    expect(after.current?.id).toBe('local');
  });

  it('keeps what is chosen while the server is asked again', async () => {
    const model = open();
    const [first, second] = [model.refresh(), model.refresh()];
    await Promise.race([first, second]);
    model.select('aws:prod');
    await Promise.all([first, second]);
    expect(model.current?.id).toBe('aws:prod');
  });

  it('shows the account and the regions once the server has asked AWS', async () => {
    const model = open();
    await model.refresh();
    expect(model.regions).toEqual([]);
    model.select('aws:prod');
    await vi.waitFor(() => expect(model.current?.account).toBe('111122223333'));
    expect(model.regions).toEqual(regions);
  });

  it('takes a profile in another region as a connection, and keeps it beyond a reload', async () => {
    const before = open();
    await before.refresh();
    before.select('aws:prod@us-east-1');
    expect(before.current).toMatchObject({ label: 'prod', region: 'us-east-1' });
    expect(before.connections.map(({ id }) => id)).toEqual([
      'local',
      'aws:prod',
      'aws:prod@us-east-1'
    ]);
    const after = open();
    await after.refresh();
    expect(after.current?.id).toBe('aws:prod@us-east-1');
    expect(await after.listRegions('aws:prod')).toEqual(regions);
  });

  it('knows no region of a profile that is not listed', async () => {
    const model = open();
    await model.refresh();
    expect(model.find('aws:other@us-east-1')).toBeUndefined();
    expect(model.find('local@us-east-1')).toBeUndefined();
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
      body: {
        connections: [local],
        read_only: false,
        disabled_actions: [],
        unavailable_formats: {}
      }
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
    answer.body = {
      connections: [local],
      read_only: true,
      disabled_actions: [],
      unavailable_formats: {}
    };
    await model.refresh();
    expect(model.whyNot('deploy')).toBe('Disabled by your administrator');
  });
});
