import { describe, expect, it } from 'vitest';

import { bodyOf, invocationOf, LARGEST_BODY, readable } from '../body';

const result = (body: string | null, content_type: string) => ({
  body,
  body_base64: null,
  content_type,
  variant_name: 'AllTraffic',
  duration_ms: 3
});

describe('invocationOf', () => {
  it('sends a text file as text, byte for byte', () => {
    const bytes = new TextEncoder().encode('\uFEFFä,1\n');
    expect(invocationOf('text/csv', bytes)).toEqual({
      content_type: 'text/csv',
      body: '\uFEFFä,1\n'
    });
  });

  it('sends what is not UTF-8 as base64', () => {
    expect(invocationOf('application/x-npy', new Uint8Array([0x93, 0x4e, 0xff]))).toEqual({
      content_type: 'application/x-npy',
      body_base64: 'k07/'
    });
  });
});

describe('bodyOf', () => {
  it('refuses a body that is larger than SageMaker takes', async () => {
    const file = {
      name: 'a',
      size: LARGEST_BODY + 1,
      read: async () => new Uint8Array()
    };
    const request = { contentType: 'text/csv', text: '', file };
    await expect(bodyOf(request)).rejects.toMatchObject({
      code: 'invalid_request'
    });
  });

  it('prefers the file to the text', async () => {
    const file = { name: 'a', size: 1, read: async () => new Uint8Array([7]) };
    expect(await bodyOf({ contentType: 'text/csv', text: 'x', file })).toEqual(new Uint8Array([7]));
  });
});

describe('readable', () => {
  it('indents JSON', () => {
    expect(readable(result('{"digit":7}', 'application/json'))).toBe('{\n  "digit": 7\n}');
  });

  it('shows as it is what only claims to be JSON', () => {
    expect(readable(result('seven', 'application/json'))).toBe('seven');
  });

  it('has no text for a binary answer', () => {
    expect(readable(result(null, 'application/x-npy'))).toBeNull();
  });
});
