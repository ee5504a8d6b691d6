import { nullTranslator } from '@jupyterlab/translation';
import { describe, expect, it } from 'vitest';

import { EMPTY_DRAFT, problemsOf, requestOf } from '../draft';

const trans = nullTranslator.load('smx_lab');
const wrong = (change: Partial<typeof EMPTY_DRAFT>) =>
  problemsOf({ ...EMPTY_DRAFT, ...change }, trans).map(({ field }) => field);

describe('problemsOf', () => {
  it.each(['digits', 'd', 'digits-2', 'A--b', 'x'.repeat(63)])(
    'takes %s as a name',
    endpointName => {
      expect(wrong({ endpointName })).toEqual([]);
    }
  );

  it.each(['-digits', 'digits-', 'my digits', 'digits_2', 'ziffern-ä', 'x'.repeat(64)])(
    'refuses %s as a name',
    endpointName => {
      expect(wrong({ endpointName })).toEqual(['endpoint_name']);
    }
  );

  it.each(['0', '-1', '1.5', '', 'two'])('refuses %s instances', instanceCount => {
    expect(wrong({ instanceCount })).toEqual(['instance_count']);
  });

  it('refuses a value without a key, and a key twice', () => {
    expect(wrong({ tags: [{ id: 0, key: '', value: 'vision' }] })).toEqual(['tags']);
    const twice = [0, 1].map(id => ({ id, key: 'A', value: String(id) }));
    expect(wrong({ environment: twice })).toEqual(['environment']);
  });
});

describe('requestOf', () => {
  it('leaves out what was not touched, so that the plan decides', () => {
    expect(requestOf('job-1', { ...EMPTY_DRAFT, endpointName: 'digits' }, null)).toEqual({
      trial_component_name: 'job-1',
      endpoint_name: 'digits',
      instance_count: 1,
      model_name: null,
      role_arn: null,
      image: null,
      environment: {},
      tags: {}
    });
  });
});
