import { beforeEach, describe, expect, it } from 'vitest';

import { ColumnAxis } from '../axis';
import type { IShownColumn } from '../../view/columns';
import { IRowsDrawing, RowPool } from '../rowpool';

const COLUMNS = Array.from({ length: 40 }, (_, at) => ({
  key: `|parameter:p${at}`,
  id: `parameter:p${at}`,
  kind: 'parameter',
  name: `p${at}`,
  label: `p${at}`,
  type: 'text',
  statistic: null,
  width: 100
})) as unknown as IShownColumn[];

/** Rows whose cells tell where they stand, and how often they were asked for. */
class Rows {
  asked = 0;
  /** The row whose values are still on their way. */
  late = -1;
  row = (index: number): object => ({ id: `row-${index}`, status: 'Completed' });
  cell = (index: number, key: string): string | undefined => {
    this.asked++;
    return index === this.late ? undefined : `${index} ${key.slice('|parameter:'.length)}`;
  };
  decimals = (): null => null;
}

describe('rows that are scrolled sideways', () => {
  let body: HTMLElement;
  let pool: RowPool;
  let rows: Rows;
  let revision: number;

  beforeEach(() => {
    body = document.createElement('div');
    pool = new RowPool(body);
    rows = new Rows();
    revision = 0;
  });

  const draw = (firstColumn: number, lastColumn: number, change: Partial<IRowsDrawing> = {}) =>
    pool.draw({
      first: 0,
      last: 2,
      firstColumn,
      lastColumn,
      pinned: 0,
      columns: COLUMNS,
      axis: new ColumnAxis(COLUMNS.map(column => column.width)),
      rows: rows as unknown as IRowsDrawing['rows'],
      format: { locale: 'en', now: 0, status: () => '' },
      fitter: {} as IRowsDrawing['fitter'],
      top: row => row * 24,
      isSelected: () => false,
      moved: new Set<string>(),
      hovered: null,
      marks: null,
      hasBaseline: false,
      revision: ++revision,
      content: 1,
      ...change
    });
  const cellsOf = (row: number): HTMLElement[] => [
    ...body.children[row].querySelectorAll<HTMLElement>('[role=gridcell]')
  ];
  const places = (row: number): number[] =>
    cellsOf(row).map(cell => Number(cell.getAttribute('aria-colindex')) - 1);

  it('are drawn once more where they were grey, and only there, when their values come', () => {
    rows.late = 1;
    draw(3, 8, { revision: 1 });
    expect(cellsOf(1).map(cell => cell.textContent)).toEqual(Array(6).fill(''));
    rows.late = -1;
    rows.asked = 0;
    draw(3, 8, { revision: 1 });
    expect(cellsOf(1)[0].textContent).toBe('1 p3');
    expect(rows.asked).toBe(6);
    draw(3, 8, { revision: 1 });
    expect(rows.asked).toBe(6);
  });

  it('keep the cells that stay, in the order of the screen, and draw only what comes in', () => {
    draw(3, 8);
    const before = cellsOf(1);
    rows.asked = 0;
    draw(5, 10);
    expect(places(1)).toEqual([5, 6, 7, 8, 9, 10]);
    expect(cellsOf(1).slice(0, 4)).toEqual(before.slice(2));
    expect(cellsOf(1).map(cell => cell.textContent)).toEqual(
      [5, 6, 7, 8, 9, 10].map(place => `1 p${place}`)
    );
    expect(rows.asked).toBe(3 * 2);
    expect(pool.cell(1, 9)).toBe(cellsOf(1)[4]);
  });

  it('do so in the other direction, by more than a screen, and with another number of columns', () => {
    draw(10, 15);
    for (const [first, last] of [
      [8, 13],
      [30, 35],
      [31, 34],
      [29, 36]
    ]) {
      draw(first, last);
      const expected = Array.from({ length: last - first + 1 }, (_, at) => first + at);
      expect(places(2)).toEqual(expected);
      expect(cellsOf(2).map(cell => cell.textContent)).toEqual(
        expected.map(place => `2 p${place}`)
      );
    }
  });

  it('are drawn anew once their content may have changed', () => {
    draw(3, 8);
    rows.asked = 0;
    draw(3, 8, { content: 2 });
    expect(rows.asked).toBe(3 * 6);
  });
});
