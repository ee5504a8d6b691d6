/** The one place that speaks HTTP. */
import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

import { SmxError } from './errors';
import type { Answer, FileRoute, Route, Sent } from './routes';
import type { IErrorBody } from './types';

/** What a request may have whatever its route. */
interface IRequestOptions {
  /** Ends the request; it then rejects with an SmxError of code `cancelled`. */
  signal?: AbortSignal;
}

/** What a request that may be answered by "not modified" has besides. */
interface IConditionalOptions extends IRequestOptions {
  /** The `etag` of an earlier answer. */
  etag?: string;
}

/** An answer: `data` is null for 304, when the caller's copy is still right. */
export interface IAnswer<T> {
  data: T | null;
  etag: string | undefined;
  /** When SageMaker was last asked, in ISO 8601, where the answer says so. */
  updatedTime?: string;
}

const UPDATED_TIME = 'Smx-Updated-Time';

const UNREACHABLE = 'The Jupyter server cannot be reached.';

/**
 * Ask a route below `/smx-lab/api`.
 *
 * @throws SmxError for everything that is neither success nor 304.
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

/** As {@link requestIfChanged}, for requests whose answer always has a body. */
export async function request<R extends Route>(
  settings: ServerConnection.ISettings,
  route: R,
  options: Sent<R> & IRequestOptions
): Promise<Answer<R>> {
  return (await requestIfChanged(settings, route, options)).data as Answer<R>;
}

/** As {@link request}, for an answer that is a file. */
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
    // Cut off on its way: half a file is none.
    throw options.signal?.aborted
      ? new SmxError('The request was cancelled.', 'cancelled', 0)
      : new SmxError(UNREACHABLE, 'unreachable', 0, { reason: String(reason) });
  }
}

/** What {@link send} needs to know of any request. */
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
    URLExt.join(settings.baseUrl, 'smx-lab', 'api', filled(path, options.path ?? {})) +
    (query && `?${query}`);
  const init: RequestInit = {
    method,
    // Conditional requests are ours: the browser's cache would turn a 304 into a 200.
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

/** A path with its names in place, each percent-encoded. */
function filled(path: string, names: Readonly<Record<string, string>>): string {
  return path.replace(/{(\w+)}/g, (_, name: string) => encodeURIComponent(names[name]));
}

/** Members that are undefined are left out; a list is given member by member. */
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
    // Not our JSON: a proxy or a login page answered in the server's place.
  }
  return new SmxError(
    `The Jupyter server answered ${response.status} ${response.statusText}.`,
    String(response.status),
    response.status
  );
}
