/** The first lines of Python of every **Copy code**. Pure. */
import type { IConnection } from '../../api/types';

/** A text as a Python literal. */
export function pythonText(value: string): string {
  return JSON.stringify(value);
}

/** Return lines that create `variable`, a boto3 client of `service` for a connection. */
export function clientCode(
  connection: IConnection | undefined,
  variable = 'sm',
  service = 'sagemaker'
): string[] {
  if (!connection || connection.kind === 'local') {
    return [
      '%load_ext smx_lab',
      '%smx connect local',
      'import boto3',
      '',
      `${variable} = boto3.client("${service}")`
    ];
  }
  const options = [
    connection.profile && `profile_name=${pythonText(connection.profile)}`,
    connection.region && `region_name=${pythonText(connection.region)}`
  ].filter(option => option);
  const maker = options.length ? `boto3.Session(${options.join(', ')})` : 'boto3';
  return ['import boto3', '', `${variable} = ${maker}.client("${service}")`];
}
