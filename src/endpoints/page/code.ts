/** Lines of Python that do the same as the page of an endpoint. Pure. */
import type { IConnection } from '../../api/types';
import { clientCode as clientLines, pythonText as literal } from '../../ui/words/code';
import type { IDraftRequest } from './body';

/** Longer bodies are read from a file, in characters. Our choice. */
const MAX_LINE_LENGTH = 80;

/** Code that describes an endpoint. */
export function describingCode(connection: IConnection | undefined, endpointName: string): string {
  return [
    ...clientLines(connection, 'sm', 'sagemaker'),
    `endpoint = sm.describe_endpoint(EndpointName=${literal(endpointName)})`,
    ''
  ].join('\n');
}

/** Code that sends the request in the form. */
export function invokingCode(
  connection: IConnection | undefined,
  endpointName: string,
  request: IDraftRequest
): string {
  return [
    ...clientLines(connection, 'runtime', 'sagemaker-runtime'),
    ...bodyLines(request),
    'response = runtime.invoke_endpoint(',
    `    EndpointName=${literal(endpointName)},`,
    `    ContentType=${literal(request.contentType)},`,
    '    Body=body,',
    ')',
    'print(response["Body"].read())',
    ''
  ].join('\n');
}

function bodyLines(request: IDraftRequest): string[] {
  if (request.file) {
    return [
      'from pathlib import Path',
      '',
      `body = Path(${literal(request.file.name)}).read_bytes()`
    ];
  }
  const lines = request.text.split('\n');
  if (lines.length === 1 && request.text.length <= MAX_LINE_LENGTH) {
    return [`body = ${literal(request.text)}`];
  }
  const parts = lines.map((line, at) => literal(at < lines.length - 1 ? `${line}\n` : line));
  return ['body = (', ...parts.filter(part => part !== '""').map(part => `    ${part}`), ')'];
}
