import { describe, expect, it } from 'vitest';

import { inRegion, withoutRegion } from '../ids';

describe('the id of a connection', () => {
  it.each([
    ['aws', 'aws'],
    ['aws@eu-west-1', 'aws'],
    ['aws:prod@us-gov-west-1', 'aws:prod'],
    ['aws:team@home', 'aws:team@home'],
    ['aws:team@home@eu-west-1', 'aws:team@home'],
    ['local', 'local']
  ])('%s is %s without its region', (id, base) => {
    expect(withoutRegion(id)).toBe(base);
  });

  it('has one region at a time', () => {
    expect(inRegion('aws:prod@eu-west-1', 'us-east-1')).toBe('aws:prod@us-east-1');
    expect(inRegion('aws', 'us-east-1')).toBe('aws@us-east-1');
  });
});
