/** The one place that speaks HTTP. */
import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

import { SmxError } from './errors';
import type { IErrorBody } from './types';

/** What a request carries besides its path. */
export interface IRequestOptions {
  method?: 'GET' | 'POST' | 'DELETE';
  body?: unknown;
  /** Members that are undefined are left out; a list is given member by member. */
  query?: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;
  /** The `etag` of an earlier answer: the answer may then be "not modified". */
  etag?: string;
  /** Ends the request; it then rejects with an SmxError of code `cancelled`. */
  signal?: AbortSignal;
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
 * Ask `/smx-lab/api/…segments`; each segment is percent-encoded.
 *
 * @throws SmxError for everything that is neither success nor 304.
 */
export async function requestIfChanged<T>(
  settings: ServerConnection.ISettings,
  segments: readonly string[],
  options: IRequestOptions = {}
): Promise<IAnswer<T>> {
  const response = await send(settings, segments, options);
  const etag = response.headers.get('ETag') ?? undefined;
  const updatedTime = response.headers.get(UPDATED_TIME) ?? undefined;
  if (response.status === 304) {
    return { data: null, etag, updatedTime };
  }
  const text = await response.text();
  if (!response.ok) {
    throw errorFrom(response, text);
  }
  return { data: (text ? JSON.parse(text) : null) as T, etag, updatedTime };
}

/** As {@link requestIfChanged}, for requests whose answer always has a body. */
export async function request<T>(
  settings: ServerConnection.ISettings,
  segments: readonly string[],
  options: Omit<IRequestOptions, 'etag'> = {}
): Promise<T> {
  return (await requestIfChanged<T>(settings, segments, options)).data as T;
}

/** As {@link request}, for an answer that is a file. */
export async function requestFile(
  settings: ServerConnection.ISettings,
  segments: readonly string[],
  options: Omit<IRequestOptions, 'etag'> = {}
): Promise<Blob> {
  const response = await send(settings, segments, options);
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

async function send(
  settings: ServerConnection.ISettings,
  segments: readonly string[],
  options: IRequestOptions
): Promise<Response> {
  const path = segments.map(encodeURIComponent).join('/');
  const query = Object.entries(options.query ?? {})
    .filter(([, value]) => value !== undefined)
    .flatMap(([name, value]) =>
      (Array.isArray(value) ? value : [value]).map(each => [name, String(each)])
    );
  const url =
    URLExt.join(settings.baseUrl, 'smx-lab', 'api', path) +
    (query.length ? `?${new URLSearchParams(query)}` : '');
  const init: RequestInit = {
    method: options.method ?? 'GET',
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
