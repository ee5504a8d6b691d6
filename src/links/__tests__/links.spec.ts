import { describe, expect, it } from 'vitest';

import { linkFrom, linkTo } from '../../ui/words/links';

const link = {
  command: 'smx-lab:open-table',
  args: { connectionId: 'local', trials: ['cnn #1 & 50 %', '"ä"'] }
};

describe('a link to a document', () => {
  it('comes back as it was, whatever stands in a name', () => {
    const address = linkTo(link, 'http://localhost:8888/user/ada/');
    expect(address.startsWith('http://localhost:8888/user/ada/lab#smx=')).toBe(true);
    expect(linkFrom(new URL(address).hash)).toEqual(link);
  });

  it('is none if the hash says something else', () => {
    expect(linkFrom('')).toBeNull();
    expect(linkFrom('#Results')).toBeNull();
    expect(linkFrom('#smx=%5B%22smx-lab')).toBeNull();
    expect(linkFrom('#smx=%E0%A4%A')).toBeNull();
    expect(linkFrom('#smx=5')).toBeNull();
  });
});
