/**
 * The body of a request to a model: typed or from a file, and in the form that the REST API takes.
 */
import type { IInvocationRequest, IInvocationResult } from '../../api/types';
import { SmxError } from '../../api/errors';

/** A file chosen as the body. */
export interface IFileBody {
  readonly name: string;
  readonly size: number;
  read(): Promise<Uint8Array>;
}

/** The values of the form. A file, if there is one, is sent instead of the text. */
export interface IDraftRequest {
  readonly contentType: string;
  readonly text: string;
  readonly file: IFileBody | null;
}

/** SageMaker Runtime API Reference, InvokeEndpoint: Body, in bytes. */
export const LARGEST_BODY = 6_291_456;

/** Content types offered; any other can be typed. */
export const CONTENT_TYPES = [
  'application/json',
  'application/jsonlines',
  'text/csv',
  'text/plain',
  'application/x-npy',
  'application/octet-stream',
  'image/png',
  'image/jpeg'
];

/**
 * Return the body.
 *
 * @throws SmxError if it is larger than SageMaker accepts, or cannot be read.
 */
export async function bodyOf(request: IDraftRequest): Promise<string | Uint8Array> {
  if (!request.file) {
    return checked(request.text, new TextEncoder().encode(request.text).length);
  }
  checked(null, request.file.size);
  return request.file.read();
}

function checked<T>(body: T, size: number): T {
  if (size > LARGEST_BODY) {
    throw new SmxError(
      `SageMaker takes bodies of at most ${LARGEST_BODY} bytes; this one has ${size}.`,
      'invalid_request',
      400,
      { field: 'body' }
    );
  }
  return body;
}

/** Return the request. UTF-8 text is sent as it is, everything else as base64. */
export function invocationOf(contentType: string, body: string | Uint8Array): IInvocationRequest {
  const text = typeof body === 'string' ? body : utf8(body);
  return text !== null
    ? { content_type: contentType, body: text }
    : { content_type: contentType, body_base64: toBase64(body as Uint8Array) };
}

function utf8(bytes: Uint8Array): string | null {
  try {
    // ignoreBOM keeps a byte order mark, so that the model gets the whole file.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) {
      return null; // not UTF-8
    }
    throw error;
  }
}

function toBase64(bytes: Uint8Array): string {
  const chunks: string[] = [];
  // In parts, because a function call takes a limited number of arguments.
  for (let at = 0; at < bytes.length; at += 0x8000) {
    chunks.push(String.fromCharCode(...bytes.subarray(at, at + 0x8000)));
  }
  return btoa(chunks.join(''));
}

/** The answer as readable text: JSON with indents, other text unchanged; null if it is binary. */
export function readable(result: IInvocationResult): string | null {
  if (result.body === null) {
    return null;
  }
  if (/\bjson\b/.test(result.content_type)) {
    try {
      return JSON.stringify(JSON.parse(result.body), null, 2);
    } catch (error) {
      if (!(error instanceof SyntaxError)) {
        throw error;
      }
      return result.body; // not JSON, although its content type says so
    }
  }
  return result.body;
}
