import { describe, expect, it } from 'vitest';

import type { IConnection } from '../../../api/types';
import { describingCode, invokingCode } from '../code';

const connection = (change: Partial<IConnection>): IConnection => ({
  id: 'aws:research',
  kind: 'aws',
  label: 'research',
  profile: 'research',
  region: 'eu-west-1',
  account: null,
  tint: null,
  is_default: false,
  poll_interval_ms: 10_000,
  ...change
});

describe('invokingCode', () => {
  it('opens the session of the connection and sends the body', () => {
    const request = {
      contentType: 'application/json',
      text: '[[0, 1]]',
      file: null
    };
    expect(invokingCode(connection({}), 'digits', request)).toBe(
      `import boto3

runtime = boto3.Session(profile_name="research", region_name="eu-west-1").client("sagemaker-runtime")
body = "[[0, 1]]"
response = runtime.invoke_endpoint(
    EndpointName="digits",
    ContentType="application/json",
    Body=body,
)
print(response["Body"].read())
`
    );
  });

  it('keeps the lines of a longer body apart', () => {
    const request = {
      contentType: 'text/csv',
      text: '1,2\n3,"4"\n',
      file: null
    };
    expect(invokingCode(connection({}), 'digits', request)).toContain(
      'body = (\n    "1,2\\n"\n    "3,\\"4\\"\\n"\n)'
    );
  });

  it('reads the body from the file that was chosen', () => {
    const file = {
      name: 'seven.npy',
      size: 3,
      read: async () => new Uint8Array(3)
    };
    const request = { contentType: 'application/x-npy', text: '', file };
    expect(invokingCode(connection({}), 'digits', request)).toContain(
      'body = Path("seven.npy").read_bytes()'
    );
  });
});

describe('describingCode', () => {
  it('connects the notebook to the local service first', () => {
    expect(describingCode(connection({ kind: 'local' }), 'digits')).toBe(
      `%load_ext smx_lab
%smx connect local
import boto3

sm = boto3.client("sagemaker")
endpoint = sm.describe_endpoint(EndpointName="digits")
`
    );
  });
});
