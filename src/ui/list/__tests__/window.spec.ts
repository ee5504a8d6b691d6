import { describe, expect, it } from 'vitest';

import {
  anchorOf,
  drawnIndexes,
  fittingColumns,
  heldScrollTop,
  indexStartingWith,
  rowHeightOf
} from '../window';

const keys = (count: number): string[] => Array.from({ length: count }, (_, index) => `k${index}`);

describe('the window of a list', () => {
  it('draws a screen and some around it, however long the list is', () => {
    const drawn = drawnIndexes(100_000, 28_000, 560, 28, -1);
    expect([drawn[0], drawn[drawn.length - 1]]).toEqual([988, 1032]);
  });

  it('draws the focused row wherever it is, so that the focus is not lost', () => {
    expect(drawnIndexes(1000, 0, 280, 28, 900)).toContain(900);
    expect(drawnIndexes(1000, 20_000, 280, 28, 3)[0]).toBe(3);
  });

  it('draws all of a short list once', () => {
    expect(drawnIndexes(3, 0, 560, 28, 1)).toEqual([0, 1, 2]);
  });
});

describe('what stays in place while rows come in above', () => {
  it('is nothing at the top: new rows come in where one looks', () => {
    expect(anchorOf(keys(50), 0, 28, null)).toBeNull();
  });

  it('is the row under the pointer, even at the top', () => {
    const anchor = anchorOf(keys(50), 0, 28, 'k2');
    expect(heldScrollTop(anchor, ['new', ...keys(50)], 0, 28)).toBe(28);
  });

  it('is the first visible row once one has scrolled', () => {
    const anchor = anchorOf(keys(50), 280, 28, null);
    expect(anchor).toEqual({ key: 'k10', index: 10 });
    expect(heldScrollTop(anchor, ['new', 'newer', ...keys(50)], 280, 28)).toBe(336);
  });

  it('is the position itself if the row is gone', () => {
    expect(heldScrollTop({ key: 'gone', index: 4 }, keys(9), 84, 28)).toBe(84);
  });
});

describe('the columns that fit', () => {
  const columns = [{}, { width: 100 }, { width: 120 }];

  it('lose the right ones first, never the name', () => {
    expect(fittingColumns(columns, 400, 150)).toHaveLength(3);
    expect(fittingColumns(columns, 300, 150)).toHaveLength(2);
    expect(fittingColumns(columns, 90, 150)).toEqual([{}]);
  });

  it('are all there before anything has been measured', () => {
    expect(fittingColumns(columns, 0, 150)).toHaveLength(3);
  });

  it('give names a second line where little room is left for them', () => {
    expect(rowHeightOf(columns, 424)).toBe(40);
    expect(rowHeightOf(columns, 900)).toBe(28);
  });
});

describe('jumping by letters', () => {
  const names = ['churn', 'mnist-1', 'Mnist-2'];

  it('goes round to the next row that starts so, in either case', () => {
    expect(indexStartingWith(names, 'm', 1, 'en')).toBe(1);
    expect(indexStartingWith(names, 'M', 2, 'en')).toBe(2);
    expect(indexStartingWith(names, 'c', 2, 'en')).toBe(0);
  });

  it('stays where it is if none does', () => {
    expect(indexStartingWith(names, 'x', 0, 'en')).toBe(-1);
  });
});
