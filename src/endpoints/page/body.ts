/** The body of a request to a model: as typed or from a file, and as the REST API takes it. */
import type { IInvocationRequest, IInvocationResult } from '../../api/types';
import { SmxError } from '../../api/errors';

/** A file chosen as the body. */
export interface IFileBody {
  readonly name: string;
  readonly size: number;
  read(): Promise<Uint8Array>;
}

/** The form as it stands; a file, if there is one, is sent in place of the text. */
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

/** @throws SmxError if it is larger than SageMaker takes, or cannot be read. */
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

/** Text that is UTF-8 travels as it is, all else as base64. */
export function invocationOf(contentType: string, body: string | Uint8Array): IInvocationRequest {
  const text = typeof body === 'string' ? body : utf8(body);
  return text !== null
    ? { content_type: contentType, body: text }
    : { content_type: contentType, body_base64: toBase64(body as Uint8Array) };
}

function utf8(bytes: Uint8Array): string | null {
  try {
    // ignoreBOM keeps a byte order mark as it is: the model gets what the file holds.
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
  // In parts, since a call takes only so many arguments.
  for (let at = 0; at < bytes.length; at += 0x8000) {
    chunks.push(String.fromCharCode(...bytes.subarray(at, at + 0x8000)));
  }
  return btoa(chunks.join(''));
}

/** The answer as text to read: JSON with indents, other text as it is; null if it is binary. */
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
      return result.body; // called JSON, but none
    }
  }
  return result.body;
}
