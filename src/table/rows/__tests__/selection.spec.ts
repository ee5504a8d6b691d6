import { beforeEach, describe, expect, it } from 'vitest';

import { TableSelection } from '../selection';
import type { IRowFacts } from '../../view/options';
import { rowOf, settled } from '../../__tests__/server';

/** Rows in an order that a test may change; those beyond `loaded` have not come yet. */
class Rows {
  ids: string[] = ['row-0', 'row-1', 'row-2', 'row-3', 'row-4'];
  loadedCount = 5;

  get total(): number {
    return this.ids.length;
  }
  row(index: number): IRowFacts | undefined {
    return index < this.loadedCount && this.ids[index] ? rowOf(this.ids[index]) : undefined;
  }
  indexOf(id: string): number | undefined {
    const index = this.ids.indexOf(id);
    return index < 0 || index >= this.loadedCount ? undefined : index;
  }
  *loaded(): Iterable<[number, IRowFacts]> {
    for (const [index, id] of this.ids.slice(0, this.loadedCount).entries()) {
      yield [index, rowOf(id)];
    }
  }
}

let rows: Rows;
let selection: TableSelection;
const selected = (): string[] => selection.rows.map(({ id }) => id);

beforeEach(() => {
  rows = new Rows();
  selection = new TableSelection(rows, (first, last) =>
    Promise.resolve(rows.ids.slice(first, last + 1).map(id => rowOf(id)))
  );
});

describe('the pointer', () => {
  it('selects one row', () => {
    selection.click(1, 'a');
    selection.click(3, 'a');
    expect(selected()).toEqual(['row-3']);
    expect(selection.active).toEqual({ row: 3, rowId: 'row-3', column: 'a' });
  });

  it('with Ctrl adds a row, and takes it away again', () => {
    selection.click(1, 'a');
    selection.click(3, 'a', { add: true });
    expect(selected()).toEqual(['row-1', 'row-3']);
    selection.click(1, 'a', { add: true });
    expect(selected()).toEqual(['row-3']);
  });

  it('with Shift takes all from the first click on', () => {
    selection.click(3, 'a');
    selection.click(1, 'a', { range: true });
    expect(selected()).toEqual(['row-1', 'row-2', 'row-3']);
    selection.click(4, 'a', { range: true });
    expect(selected()).toEqual(['row-3', 'row-4']);
  });

  it('with the right button keeps the selection it falls into, and replaces it elsewhere', () => {
    selection.click(1, 'a');
    selection.click(2, 'a', { range: true });
    selection.pick(2, 'a');
    expect(selected()).toEqual(['row-1', 'row-2']);
    selection.pick(4, 'a');
    expect(selected()).toEqual(['row-4']);
  });
});

describe('the keyboard', () => {
  it('selects the row it moves to', () => {
    selection.click(1, 'a');
    selection.moveTo(2);
    expect(selected()).toEqual(['row-2']);
  });

  it('with Shift extends, with Ctrl only passes by', () => {
    selection.click(1, 'a');
    selection.moveTo(2, { range: true });
    selection.moveTo(3, { range: true });
    expect(selected()).toEqual(['row-1', 'row-2', 'row-3']);
    selection.moveTo(4, { add: true });
    expect(selected()).toEqual(['row-1', 'row-2', 'row-3']);
    selection.toggle();
    expect(selected()).toEqual(['row-1', 'row-2', 'row-3', 'row-4']);
  });

  it('selects a row that has not come yet once it has', async () => {
    rows.loadedCount = 2;
    selection.moveTo(4);
    expect(selection.size).toBe(0);
    await settled();
    expect(selected()).toEqual(['row-4']);
  });

  it('selects all, also what is not loaded', async () => {
    rows.loadedCount = 2;
    selection.selectAll();
    expect(selection.size).toBe(2);
    await settled();
    expect(selection.size).toBe(5);
  });

  it('goes on from an unfinished selection of all as if it had not been', async () => {
    rows.loadedCount = 2;
    selection.selectAll();
    selection.click(1, 'a');
    await settled();
    expect(selected()).toEqual(['row-1']);
  });
});

describe('other rows', () => {
  it('leave selection and active cell with their rows', () => {
    selection.click(1, 'a');
    rows.ids = ['row-9', 'row-4', 'row-3', 'row-2', 'row-1', 'row-0'];
    rows.loadedCount = 6;
    selection.sync(rows.loaded(), true);
    expect(selected()).toEqual(['row-1']);
    expect(selection.active).toEqual({ row: 4, rowId: 'row-1', column: 'a' });
  });

  it('extend from where the first row stands now', () => {
    selection.click(1, 'a');
    rows.ids.unshift('row-9');
    rows.loadedCount = 6;
    selection.sync(rows.loaded(), true);
    selection.click(3, 'a', { range: true });
    expect(selected()).toEqual(['row-1', 'row-2']);
  });

  it('take a row that is gone out of the selection, and the next one becomes active', () => {
    selection.click(1, 'a');
    rows.ids.splice(1, 1);
    selection.sync(rows.loaded(), true);
    expect(selection.size).toBe(0);
    expect(selection.active).toEqual({ row: 1, rowId: 'row-2', column: 'a' });
  });

  it('keep a row selected that may only not be loaded', () => {
    selection.click(4, 'a');
    rows.loadedCount = 2;
    selection.sync(rows.loaded(), false);
    expect(selection.size).toBe(1);
    expect(selection.active).toEqual({ row: 4, rowId: 'row-4', column: 'a' });
  });
});
