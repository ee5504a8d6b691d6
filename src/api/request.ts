/** HTTP requests to the server extension; no other file makes any. */
import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

import { SmxError } from './errors';
import type { Answer, FileRoute, Route, Sent } from './routes';
import type { IErrorBody } from './types';

/** Options of every request. */
interface IRequestOptions {
  /** Ends the request, which then rejects with an SmxError of code `cancelled`. */
  signal?: AbortSignal;
}

/** Options of a request that may be answered with 304 Not Modified. */
interface IConditionalOptions extends IRequestOptions {
  /** The `etag` of an earlier answer. */
  etag?: string;
}

/** An answer; `data` is null for 304, when the caller's copy is still valid. */
export interface IAnswer<T> {
  data: T | null;
  etag: string | undefined;
  /** When SageMaker was last asked, in ISO 8601, if the answer contains it. */
  updatedTime?: string;
}

const UPDATED_TIME = 'Smx-Updated-Time';

const UNREACHABLE = 'The Jupyter server cannot be reached.';

/**
 * Send a request to a route below `/smx-lab/api`.
 *
 * @throws SmxError for every answer except success and 304.
 */
export async function requestIfChanged<R extends Route>(
  settings: ServerConnection.ISettings,
  route: R,
  options: Sent<R> & IConditionalOptions
): Promise<IAnswer<Answer<R>>> {
  const response = await send(settings, route, options);
  const etag = response.headers.get('ETag') ?? undefined;
  const updatedTime = response.headers.get(UPDATED_TIME) ?? undefined;
  if (response.status === 304) {
    return { data: null, etag, updatedTime };
  }
  const text = await response.text();
  if (!response.ok) {
    throw errorFrom(response, text);
  }
  return { data: (text ? JSON.parse(text) : null) as Answer<R>, etag, updatedTime };
}

/** As {@link requestIfChanged}, for requests that are always answered with a body. */
export async function request<R extends Route>(
  settings: ServerConnection.ISettings,
  route: R,
  options: Sent<R> & IRequestOptions
): Promise<Answer<R>> {
  return (await requestIfChanged(settings, route, options)).data as Answer<R>;
}

/** As {@link request}, for routes that answer with a file. */
export async function requestFile<R extends FileRoute>(
  settings: ServerConnection.ISettings,
  route: R,
  options: Sent<R> & IRequestOptions
): Promise<Blob> {
  const response = await send(settings, route, options);
  if (!response.ok) {
    throw errorFrom(response, await response.text());
  }
  try {
    return await response.blob();
  } catch (reason) {
    // The connection was closed before the whole file had arrived.
    throw options.signal?.aborted
      ? new SmxError('The request was cancelled.', 'cancelled', 0)
      : new SmxError(UNREACHABLE, 'unreachable', 0, { reason: String(reason) });
  }
}

/** The parts of any request that {@link send} uses. */
interface ISent extends IConditionalOptions {
  path?: Readonly<Record<string, string>>;
  query?: Readonly<Record<string, unknown>>;
  body?: unknown;
}

async function send(
  settings: ServerConnection.ISettings,
  route: string,
  options: ISent
): Promise<Response> {
  const [method, path] = route.split(' ');
  const query = queryText(options.query ?? {});
  const url =
    URLExt.join(settings.baseUrl, 'smx-lab', 'api', fillPath(path, options.path ?? {})) +
    (query && `?${query}`);
  const init: RequestInit = {
    method,
    // We send conditional requests ourselves. The browser's cache would turn a 304 into a 200.
    cache: 'no-store',
    signal: options.signal,
    headers: options.etag ? { 'If-None-Match': options.etag } : {}
  };
  if (options.body !== undefined) {
    init.body = JSON.stringify(options.body);
  }
  try {
    return await ServerConnection.makeRequest(url, init, settings);
  } catch (reason) {
    if (options.signal?.aborted) {
      throw new SmxError('The request was cancelled.', 'cancelled', 0);
    }
    throw new SmxError(UNREACHABLE, 'unreachable', 0, { reason: String(reason) });
  }
}

/** Fill the names into a path, each percent-encoded. */
function fillPath(path: string, names: Readonly<Record<string, string>>): string {
  return path.replace(/{(\w+)}/g, (_, name: string) => encodeURIComponent(names[name]));
}

/**
 * Return a query string. Undefined members are left out; a list becomes one member for each item.
 */
function queryText(query: Readonly<Record<string, unknown>>): string {
  const members = Object.entries(query)
    .filter(([, value]) => value !== undefined)
    .flatMap(([name, value]) => [value].flat().map(each => [name, String(each)]));
  return new URLSearchParams(members).toString();
}

function errorFrom(response: Response, text: string): SmxError {
  try {
    const { code, message, details } = JSON.parse(text) as Partial<IErrorBody>;
    if (typeof message === 'string') {
      return new SmxError(message, String(code ?? response.status), response.status, details ?? {});
    }
  } catch {
    // The answer is not our JSON: it comes from a proxy or a login page.
  }
  return new SmxError(
    `The Jupyter server answered ${response.status} ${response.statusText}.`,
    String(response.status),
    response.status
  );
}
