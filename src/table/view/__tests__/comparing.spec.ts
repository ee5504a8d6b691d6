import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import { describe, expect, it } from 'vitest';

import type { IColumn, IRow } from '../../../api/types';
import { addColumn, serverId } from '../choices';
import { cellKey } from '../columns';
import {
  GROUP,
  NOTHING_COMPARED,
  compare,
  comparedColumns,
  comparingFrom,
  goalOf,
  groupRows,
  isSameOrder,
  toggleGroup
} from '../comparing';
import {
  comparedFields,
  comparedSections,
  comparisonTsv,
  withNameLike,
  onlyDifferent
} from '../../compare/comparison';
import type { IFormat } from '../format';
import { savedForm } from '../../views/saved';
import { DEFAULT_VIEW, fromJSON, rowQuery, showColumn, shownColumns, toJSON } from '../view';
import type { ITableView } from '../options';
import { ACCURACY, EPOCHS, STATUS_COLUMN, rowOf } from '../../__tests__/server';

const OPTIMIZER: IColumn = {
  id: 'parameter:optimizer',
  kind: 'parameter',
  name: 'optimizer',
  label: 'optimizer',
  type: 'text'
};
const COLUMNS = [STATUS_COLUMN, ACCURACY, EPOCHS, OPTIMIZER];
const FORMAT: IFormat = { locale: 'en', now: 0, status: status => status };
const BY_OPTIMIZER = groupRows(DEFAULT_VIEW, [OPTIMIZER.id]);

describe('grouping rows', () => {
  it('asks for groups, and for the rows of those that are unfolded', () => {
    const view = toggleGroup(BY_OPTIMIZER, 'group:["sgd"]');
    const query = rowQuery(view, COLUMNS, 'Last');
    expect(query.group_by).toEqual(['parameter:optimizer']);
    expect(query.expanded).toEqual(['group:["sgd"]']);
    expect(toggleGroup(view, 'group:["sgd"]')).toEqual(BY_OPTIMIZER);
  });

  it('by a column that the table lacks groups nothing, until the column is there', () => {
    const query = rowQuery(BY_OPTIMIZER, [STATUS_COLUMN], 'Last');
    expect(query.group_by).toEqual([]);
  });

  it('folds all groups and lets go of a group as baseline when the columns change', () => {
    const baseline = { id: 'group:["sgd"]', label: 'sgd' };
    const view = compare(toggleGroup(BY_OPTIMIZER, baseline.id), { baseline });
    const { comparing } = groupRows(view, [EPOCHS.id, EPOCHS.id]);
    expect(comparing.groupBy).toEqual(['parameter:epochs']);
    expect([comparing.expanded, comparing.baseline]).toEqual([[], null]);
  });

  it('shows the group first, with room beside numbers', () => {
    const shown = shownColumns(BY_OPTIMIZER, COLUMNS, 'Last');
    const query = rowQuery(BY_OPTIMIZER, COLUMNS, 'Last');
    const columns = comparedColumns(shown, BY_OPTIMIZER, query, null);
    expect(columns[0].id).toBe(GROUP);
    expect(columns[2].width).toBeGreaterThan(shown[1].width);
    expect(columns[1].width).toBe(shown[0].width);
  });

  it('can be sorted by its groups, which are no column otherwise', () => {
    const sort = [{ column: GROUP, descending: true }];
    expect(rowQuery({ ...BY_OPTIMIZER, sort }, COLUMNS, 'Last').sort).toHaveLength(1);
    expect(rowQuery({ ...DEFAULT_VIEW, sort }, COLUMNS, 'Last').sort).toEqual([]);
  });

  it('keeps the order of rows when a group unfolds or a baseline is set', () => {
    const query = rowQuery(BY_OPTIMIZER, COLUMNS, 'Last');
    expect(isSameOrder(query, { ...query, expanded: ['group:["sgd"]'], baseline: 'a/b' })).toBe(
      true
    );
    expect(isSameOrder(query, { ...query, sort: [{ column: ACCURACY.id }] })).toBe(false);
  });
});

describe('only columns that differ', () => {
  const view = compare(DEFAULT_VIEW, { onlyDifferences: true });
  const shown = shownColumns(view, COLUMNS, 'Last');
  const ids = (differing: string[] | null): string[] =>
    comparedColumns(
      shown,
      view,
      rowQuery(view, COLUMNS, 'Last'),
      differing && new Set(differing)
    ).map(({ id }) => id);

  it('leaves the others out, once that is known', () => {
    expect(ids(null)).toHaveLength(4);
    expect(ids([EPOCHS.id, STATUS_COLUMN.id])).toEqual([STATUS_COLUMN.id, EPOCHS.id]);
  });

  it('shows all where nothing differs', () => {
    expect(ids([])).toHaveLength(4);
  });
});

describe('the best value', () => {
  const goal = (name: string): string => goalOf(NOTHING_COMPARED, { id: `metric:${name}`, name });

  it('is the lowest of what is lost, wrong or slow, the highest of all else', () => {
    const lowest = ['test:loss', 'validation_rmse', 'trainError', 'MAE', 'latency ms', 'val/ppl'];
    expect(lowest.map(goal)).toEqual(lowest.map(() => 'Min'));
    const highest = ['test:accuracy', 'f1', 'glossary', 'maestro', 'timestep_reward'];
    expect(highest.map(goal)).toEqual(highest.map(() => 'Max'));
  });

  it('is what the user says', () => {
    const comparing = { ...NOTHING_COMPARED, goals: { 'metric:test:loss': 'Max' as const } };
    expect(goalOf(comparing, { id: 'metric:test:loss', name: 'test:loss' })).toBe('Max');
  });
});

describe('what is compared', () => {
  it('is kept with the view', () => {
    const view = compare(toggleGroup(BY_OPTIMIZER, 'group:["a"]'), {
      markBest: true,
      onlyDifferences: true,
      goals: { 'metric:x': 'None' },
      baseline: { id: 'trial/component', label: 'Training' }
    });
    expect(fromJSON(JSON.parse(JSON.stringify(toJSON(view))))).toEqual(view);
  });

  it('is nothing where that was never said, and takes its default where it is broken', () => {
    expect(comparingFrom(undefined)).toEqual(NOTHING_COMPARED);
    const broken = {
      groupBy: 'no list',
      goals: { 'metric:a': 'Median', 'metric:b': 'Min' },
      baseline: { id: 3 },
      markBest: 'yes'
    };
    expect(comparingFrom(broken)).toEqual({ ...NOTHING_COMPARED, goals: { 'metric:b': 'Min' } });
  });
});

describe('rows side by side', () => {
  const kept = (view: ITableView) => savedForm(view) as ReadonlyPartialJSONObject;
  const fields = comparedFields(COLUMNS, { statistic: 'Max' });
  const ids = fields.map(({ id }) => id);
  const rows: IRow[] = ['row-1', 'row-4', 'row-3'].map(id => rowOf(id, ids));
  const window = { rows, decimals: [null, 1, 0, null] };
  const sections = comparedSections(fields, window, {}, FORMAT);

  it('are fields by kind, without those that none of the rows has', () => {
    expect(sections.map(({ kind, fields }) => [kind, fields.map(f => f.column.id)])).toEqual([
      ['summary', ['summary:Status']],
      ['metric', ['metric:test:accuracy']],
      ['parameter', ['parameter:epochs']]
    ]);
    expect(fields[1].key).toBe(cellKey(ACCURACY.id, 'Max'));
  });

  it('tell the best value, and how far each is from the first', () => {
    const [accuracy] = sections[1].fields;
    expect(accuracy.cells.map(({ text }) => text)).toEqual(['1.0', '4.0', '3.0']);
    expect(accuracy.cells.map(({ difference }) => difference)).toEqual(['', '+3.0', '+2.0']);
    expect(accuracy.cells.map(({ isBest }) => isBest)).toEqual([false, true, false]);
    const lowest = comparedSections(fields, window, { [ACCURACY.id]: 'Min' }, FORMAT);
    expect(lowest[1].fields[0].cells.map(({ isBest }) => isBest)).toEqual([true, false, false]);
  });

  it('can be only what differs, or what has a name', () => {
    const same = comparedSections(fields, { ...window, rows: rows.slice(0, 2) }, {}, FORMAT);
    expect(onlyDifferent(same).map(({ kind }) => kind)).toEqual(['metric']);
    expect(withNameLike(sections, ' EPO').map(({ kind }) => kind)).toEqual(['parameter']);
  });

  it('are the columns of the table: those added, at the best step, in its formats and order', () => {
    const best = { metric: ACCURACY.id, goal: 'Max' } as const;
    const added = addColumn(DEFAULT_VIEW, ACCURACY.id, 'Min');
    const view = showColumn(
      { ...added, bestSteps: { [ACCURACY.id]: best }, formats: { [added.added[0]]: 'percent' } },
      EPOCHS,
      false
    );
    const shown = comparedFields(COLUMNS, { view: kept(view) });
    expect(shown.map(({ id, statistic, at, format }) => [id, statistic, at, format])).toEqual([
      [STATUS_COLUMN.id, null, null, 'automatic'],
      [ACCURACY.id, null, best, 'automatic'],
      [added.added[0], 'Min', null, 'percent'],
      [OPTIMIZER.id, null, null, 'automatic']
    ]);
    const all = comparedFields(COLUMNS, { view: kept(view), hiddenColumns: true });
    expect(all.map(({ id }) => id)).toContain(EPOCHS.id);
    const asked = ['row-1', 'row-4'].map(id =>
      rowOf(
        id,
        shown.map(column => serverId(column.id))
      )
    );
    const two = { rows: asked, decimals: [null, 1, 2, null] };
    const cells = comparedSections(shown, two, {}, FORMAT)[1].fields[1].cells;
    expect(cells.map(({ text, difference }) => [text, difference])).toEqual([
      ['100.00%', ''],
      ['400.00%', '+300.00%']
    ]);
  });

  it('are copied as exact values below the names of the components', () => {
    const text = comparisonTsv(
      withNameLike(sections, 'accuracy'),
      fields,
      rows,
      'Field',
      column => `${column.label} (${column.statistic})`
    );
    expect(text).toBe('Field\trow-1\trow-4\trow-3\ntest:accuracy (Max)\t1\t4\t3');
  });
});
