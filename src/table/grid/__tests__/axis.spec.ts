import { describe, expect, it } from 'vitest';

import { ColumnAxis, MAX_HEIGHT, RowAxis } from '../axis';

describe('rows of one height', () => {
  const axis = new RowAxis(1000, 24, 240);

  it('are visible in part at both ends', () => {
    expect(axis.visible(0)).toEqual({ first: 0, last: 9 });
    expect(axis.visible(12)).toEqual({ first: 0, last: 10 });
  });

  it('lie where they are drawn', () => {
    expect(axis.height).toBe(24_000);
    expect(axis.top(10, 500)).toBe(240);
  });

  it('are revealed by the shortest way', () => {
    expect(axis.reveal(5, 0)).toBe(0);
    expect(axis.reveal(10, 0)).toBe(24);
    expect(axis.reveal(3, 480)).toBe(72);
  });

  it('are none without rows', () => {
    expect(new RowAxis(0, 24, 240).visible(0).last).toBe(-1);
  });
});

describe('more rows than an element can be tall', () => {
  const count = 2_000_000;
  const axis = new RowAxis(count, 24, 480);
  const bottom = axis.height - 480;

  it('make an element of the greatest height', () => {
    expect(axis.height).toBe(MAX_HEIGHT);
  });

  it('are all reached: the first at the top, the last at the bottom', () => {
    expect(axis.visible(0).first).toBe(0);
    expect(axis.visible(bottom).last).toBe(count - 1);
  });

  it('are drawn one under the other on the screen', () => {
    const scrollTop = 7_654_321;
    const { first } = axis.visible(scrollTop);
    expect(axis.top(first + 1, scrollTop) - axis.top(first, scrollTop)).toBe(24);
    expect(axis.top(first, scrollTop)).toBeGreaterThan(scrollTop - 25);
    expect(axis.top(first, scrollTop)).toBeLessThanOrEqual(scrollTop);
  });

  it('can be seen after they were revealed', () => {
    for (const row of [0, 1, 999_999, count - 1]) {
      const { first, last } = axis.visible(axis.reveal(row, 1_000_000));
      expect(first).toBeLessThanOrEqual(row);
      expect(last).toBeGreaterThanOrEqual(row);
    }
  });
});

describe('columns side by side', () => {
  const axis = new ColumnAxis([100, 50, 200, 80]);

  it('are found by their offset', () => {
    expect([0, 99, 100, 149, 150, 9999].map(offset => axis.at(offset))).toEqual([0, 0, 1, 1, 2, 3]);
    expect(axis.length).toBe(430);
  });

  it('are visible in part at both ends', () => {
    expect(axis.visible(120, 40)).toEqual({ first: 1, last: 2 });
    expect(new ColumnAxis([]).visible(0, 100)).toEqual({ first: 0, last: -1 });
  });

  it('are revealed by the shortest way', () => {
    expect(axis.reveal(0, 120, 200)).toBe(0);
    expect(axis.reveal(3, 0, 200)).toBe(230);
    expect(axis.reveal(1, 60, 200)).toBe(60);
  });

  it('wider than the screen begin at its edge', () => {
    expect(axis.reveal(2, 0, 100)).toBe(150);
  });
});
