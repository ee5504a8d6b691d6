import { ServerConnection } from '@jupyterlab/services';
import { beforeEach, describe, expect, it } from 'vitest';

import { SmxError } from '../errors';
import { request, requestFile, requestIfChanged } from '../request';

let sent: Request;
let respond: () => Response | Promise<Response>;

/** Node's requests take no signal of jsdom's. */
class SignalLess extends Request {
  constructor(input: RequestInfo | URL, init?: RequestInit) {
    super(input, { ...init, signal: undefined });
  }
}

const settings = ServerConnection.makeSettings({
  baseUrl: 'http://localhost:8888/a/',
  token: 'secret',
  Request: SignalLess,
  fetch: async (input: RequestInfo | URL) => {
    sent = input as Request;
    return respond();
  }
});

const json = (body: unknown, init: ResponseInit = {}): Response =>
  new Response(JSON.stringify(body), init);

/** The address asked, without what JupyterLab adds against caches. */
const address = (): string => sent.url.replace(/[?&]\d+$/, '');

const path = { connection_id: 'aws:prod@eu-west-1' };

beforeEach(() => {
  respond = () => json({});
});

describe('request', () => {
  it('asks a route below the base URL, with names percent-encoded', async () => {
    await request(settings, 'GET /{connection_id}/trials/{trial_name}', {
      path: { ...path, trial_name: 'a/b c' }
    });
    expect([sent.method, address()]).toEqual([
      'GET',
      'http://localhost:8888/a/smx-lab/api/aws%3Aprod%40eu-west-1/trials/a%2Fb%20c'
    ]);
    expect(sent.headers.get('Authorization')).toBe('token secret');
    expect(sent.cache).toBe('no-store');
  });

  it('leaves out what is undefined, and gives a list member by member', async () => {
    await request(settings, 'GET /{connection_id}/trials', {
      path: { connection_id: 'local' },
      query: { max_results: 10, next_token: undefined, name_contains: 'a&b' }
    });
    expect(new URL(address()).search).toBe('?max_results=10&name_contains=a%26b');
    await request(settings, 'GET /{connection_id}/tags', {
      path: { connection_id: 'local' },
      query: { resource_arn: ['a', 'b'] }
    });
    expect(new URL(address()).search).toBe('?resource_arn=a&resource_arn=b');
  });

  it('sends a body as JSON', async () => {
    respond = () => json({ experiment_name: 'digits' });
    const body = { source: 'aws', experiment_name: 'digits' };
    const plan = await request(settings, 'POST /{connection_id}/copies/plan', { path, body });
    expect(sent.method).toBe('POST');
    expect(await sent.json()).toEqual(body);
    expect(plan).toEqual({ experiment_name: 'digits' });
  });

  it('rejects with the error of the server', async () => {
    const body = { code: 'not_found', message: 'No such trial.', details: { field: 'x' } };
    respond = () => json(body, { status: 404 });
    await expect(request(settings, 'GET /example', {})).rejects.toEqual(
      new SmxError('No such trial.', 'not_found', 404, { field: 'x' })
    );
  });

  it('names the status where the answer is not of our server', async () => {
    respond = () => new Response('<html>', { status: 502, statusText: 'Bad Gateway' });
    await expect(request(settings, 'GET /example', {})).rejects.toEqual(
      new SmxError('The Jupyter server answered 502 Bad Gateway.', '502', 502)
    );
  });

  it('tells a server that is not reached from a request that was cancelled', async () => {
    respond = () => Promise.reject(new TypeError('Failed to fetch'));
    await expect(request(settings, 'GET /example', {})).rejects.toMatchObject({
      code: 'unreachable',
      status: 0
    });
    const abort = new AbortController();
    respond = () => {
      abort.abort();
      throw new DOMException('Aborted', 'AbortError');
    };
    await expect(request(settings, 'GET /example', { signal: abort.signal })).rejects.toMatchObject(
      { code: 'cancelled', status: 0 }
    );
  });
});

describe('requestIfChanged', () => {
  it('gives data with its etag and the time of reading', async () => {
    const headers = { ETag: '"1"', 'Smx-Updated-Time': '2026-12-01T00:00:00Z' };
    respond = () => json({ operations: [] }, { headers });
    expect(await requestIfChanged(settings, 'GET /operations', {})).toEqual({
      data: { operations: [] },
      etag: '"1"',
      updatedTime: '2026-12-01T00:00:00Z'
    });
    expect(sent.headers.get('If-None-Match')).toBeNull();
  });

  it('gives no data for what has not changed', async () => {
    respond = () => new Response(null, { status: 304, headers: { ETag: '"1"' } });
    const answer = await requestIfChanged(settings, 'GET /operations', { etag: '"1"' });
    expect(sent.headers.get('If-None-Match')).toBe('"1"');
    expect(answer).toEqual({ data: null, etag: '"1"', updatedTime: undefined });
  });
});

describe('requestFile', () => {
  const asked = {
    path: { connection_id: 'local', table_id: 'x' },
    body: { view: {}, format: 'csv' as const }
  };
  const route = 'POST /{connection_id}/tables/{table_id}/export';

  it('gives the file', async () => {
    respond = () => new Response('Trial\n');
    const file = await requestFile(settings, route, asked);
    expect(file.size).toBe('Trial\n'.length);
  });

  it('gives no half of a file', async () => {
    respond = () => {
      const cut = new ReadableStream({ start: stream => stream.error(new TypeError('cut')) });
      return new Response(cut);
    };
    await expect(requestFile(settings, route, asked)).rejects.toMatchObject({
      code: 'unreachable'
    });
  });
});
