import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { IRow } from '../../../api/types';
import { GROUP, compare, groupRows } from '../../view/comparing';
import { groupKey } from '../groupkeys';
import { CellMarks } from '../marks';
import { TableModel } from '../../model';
import { ACCURACY, EPOCHS, MemoryTable, rowOf, settled } from '../../__tests__/server';

function groupOf(id: string, mean: number, isExpanded: boolean): IRow {
  return {
    ...rowOf('row-0'),
    id,
    trial_name: null,
    trial_component_name: '',
    display_name: id,
    cells: [id, mean],
    group: {
      values: [id],
      row_count: 3,
      is_expanded: isExpanded,
      summaries: [
        { n: 0, std_dev: null, distinct: null },
        { n: 3, std_dev: 0.004, distinct: null }
      ]
    }
  };
}

const member = (id: string, value: number): IRow => ({
  ...rowOf(id),
  level: 2,
  cells: ['sgd', value]
});
/** The baseline, a group unfolded to two of its three rows, and one that is folded. */
const ROWS: readonly IRow[] = [
  { ...rowOf('row-9'), cells: [null, 1.5] },
  groupOf('group:["sgd"]', 2, true),
  member('row-1', 3),
  member('row-2', 1),
  groupOf('group:["adam"]', 4, false)
];

let model: TableModel;

beforeEach(async () => {
  const table = new MemoryTable(0);
  table.listRows = (_connection, _table, view) =>
    Promise.resolve({
      rows: ROWS.map(row => ({ ...row, cells: row.cells.slice(0, view.columns?.length) })),
      offset: 0,
      total: ROWS.length,
      hidden_by_type: 0,
      version: 1,
      complete: true,
      decimals: [null, 2],
      passed: 6,
      groups: 2,
      extents: [null, { lowest: 2, highest: 4 }],
      baseline: ROWS[0],
      pending: []
    });
  table.columns = [ACCURACY, EPOCHS];
  model = new TableModel({
    client: table,
    connectionId: 'local',
    origin: { experiments: ['mnist'], trials: [], unassigned: false },
    store: { load: () => Promise.resolve(undefined), save: () => Promise.resolve() },
    pollIntervalMs: () => 60_000,
    defaultStatistic: () => 'Last'
  });
  model.setVisible(true);
  model.want({ first: 0, last: 9, direction: 0, firstColumn: 0, lastColumn: 1, pinned: 0 });
  await model.ready;
  model.update(view => {
    const grouped = groupRows(view, [EPOCHS.id]);
    const hidden = { ...grouped, groups: { parameter: { on: false, except: [] } } };
    return compare(hidden, {
      markBest: true,
      baseline: { id: 'row-9', label: 'Training' },
      expanded: ['group:["sgd"]']
    });
  });
  await settled();
});
afterEach(() => model.dispose());

const at = (row: number, column = GROUP): void => model.selection.activate(row, column);
const expanded = (): readonly string[] => model.view.comparing.expanded;

describe('keys on a group', () => {
  it('unfold with the arrow inwards, and only what is folded', () => {
    at(4);
    expect(groupKey(model, 'ArrowLeft', false)).toBe(false);
    expect(groupKey(model, 'ArrowRight', false)).toBe(true);
    expect(expanded()).toEqual(['group:["sgd"]', 'group:["adam"]']);
  });

  it('fold with the arrow outwards, which is the other one from right to left', () => {
    at(1);
    expect(groupKey(model, 'ArrowLeft', true)).toBe(false);
    expect(groupKey(model, 'ArrowRight', true)).toBe(true);
    expect(expanded()).toEqual([]);
  });

  it('go from cell to cell in other columns, but Space unfolds anywhere', () => {
    at(1, ACCURACY.id);
    expect(groupKey(model, 'ArrowLeft', false)).toBe(false);
    expect(groupKey(model, ' ', false)).toBe(true);
    expect(expanded()).toEqual([]);
  });

  it('lead from a row out to its group', () => {
    at(3);
    expect(groupKey(model, 'ArrowLeft', false)).toBe(true);
    expect(model.selection.active.row).toBe(1);
    at(0);
    expect(groupKey(model, 'ArrowLeft', false)).toBe(false);
  });
});

describe('marks', () => {
  const marks = (): (string | undefined)[] => {
    const found = new CellMarks(model.rows, model.view.comparing, 'en', TRANS);
    const column = model.shown[1];
    return ROWS.map((row, index) => {
      const mark = found.of(index, row, column, row.cells[1]);
      return mark ? `${mark.note}${mark.isBest ? ' best' : ''}` : undefined;
    });
  };

  it('tell spread and number of a group, the difference to the baseline, the best group', () => {
    expect(marks()).toEqual([
      '\u00a0',
      '± 0.004  n=3  +0.50',
      '+1.50',
      '−0.50',
      '± 0.004  n=3  +2.50 best'
    ]);
  });
});

const TRANS = {
  __: (text: string, ...args: unknown[]) =>
    args.reduce<string>((a, b, i) => a.replace(`%${i + 1}`, String(b)), text),
  _n: (one: string, many: string, n: number) => (n === 1 ? one : many).replace('%1', String(n))
} as unknown as ConstructorParameters<typeof CellMarks>[3];
