import { describe, expect, it } from 'vitest';

import type { IShownColumn } from '../../view/columns';
import type { TableModel } from '../../model';
import { Viewport } from '../viewport';

const ROW = 24;

/** A grid of 400 × 240 pixels below its header, in front of so many rows. */
function viewport(total: number, hasBaseline = false): Viewport {
  const node = document.createElement('div');
  Object.defineProperties(node, { clientWidth: { value: 400 }, clientHeight: { value: 284 } });
  const rows = { total, baseline: hasBaseline ? 'row-0' : null };
  const model = { isWaiting: false, state: { is: 'ready' }, rows };
  const made = new Viewport(node, model as unknown as TableModel);
  made.measure(44);
  return made;
}

const columns = (count: number, pinned = 0): IShownColumn[] =>
  Array.from(
    { length: count },
    (_, at) => ({ id: `c${at}`, width: 100, isPinned: at < pinned }) as IShownColumn
  );

describe('what of a grid is on the screen', () => {
  it('draws few columns whole, and of many those that can be seen and some around', () => {
    const view = viewport(10);
    view.layOut(columns(20));
    expect(view.drawnColumns()).toEqual({ firstColumn: 0, lastColumn: 19 });
    view.layOut(columns(1000));
    expect(view.drawnColumns()).toEqual({ firstColumn: 0, lastColumn: 6 });
    expect(view.drawnHeaders(view.drawnColumns())).toEqual({ firstColumn: 0, lastColumn: 6 });
  });

  it('lets pinned columns stay as long as they leave room for others', () => {
    const view = viewport(10);
    view.layOut(columns(30, 5));
    expect(view.pinned).toBe(2);
  });

  it('draws as many rows wherever it is', () => {
    const view = viewport(1000);
    view.layOut(columns(3));
    expect(view.drawnRows()).toEqual({ first: 0, last: 27 });
    view.scrollTop = 500 * ROW;
    expect(view.drawnRows()).toEqual({ first: 492, last: 519 });
  });

  it('scrolls as little as shows a row, and not below the baseline', () => {
    const view = viewport(1000);
    view.layOut(columns(3));
    view.revealRow(10);
    expect(view.scrollTop).toBe(ROW);
    view.revealRow(5);
    expect(view.scrollTop).toBe(ROW);

    const compared = viewport(1000, true);
    compared.layOut(columns(3));
    compared.scrollTop = 20 * ROW;
    compared.revealRow(0);
    expect(compared.scrollTop).toBe(20 * ROW);
    compared.revealRow(12);
    expect(compared.scrollTop).toBe(11 * ROW);
  });
});
