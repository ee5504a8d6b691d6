import { describe, expect, it } from 'vitest';

import type { IColumn } from '../../../api/types';
import type { IColumnFilter } from '../../../ui/filters/filters';
import {
  addColumn,
  choicesFrom,
  pinColumn,
  removeAdded,
  serverId,
  setBestStep,
  setFormat
} from '../choices';
import { moveBefore, moveBy } from '../moves';
import {
  DEFAULT_VIEW,
  fromJSON,
  rowQuery,
  setStatistic,
  showColumn,
  shownColumns,
  sortBy,
  toJSON,
  viewColumn
} from '../view';
import type { ITableView } from '../options';

const column = (id: string, kind: IColumn['kind']): IColumn => {
  const name = id.slice(id.indexOf(':') + 1);
  return { id, kind, name, label: name, type: kind === 'metric' ? 'number' : 'text' };
};
const status = column('summary:Status', 'summary');
const trial = column('summary:Trial', 'summary');
const accuracy = column('metric:test:accuracy', 'metric');
const loss = column('metric:test:loss', 'metric');
const COLUMNS = [status, trial, accuracy, loss];

const shown = (view: ITableView): ReturnType<typeof shownColumns> =>
  shownColumns(view, COLUMNS, 'Last');
const asked = (view: ITableView): unknown => shown(view).map(viewColumn);
const ids = (view: ITableView): string[] => shown(view).map(({ id }) => id);

const BEST = { metric: loss.id, goal: 'Min' } as const;

describe('a metric that is shown once more', () => {
  const twice = addColumn(DEFAULT_VIEW, accuracy.id, 'Max');

  it('stands behind the first one, with a statistic of its own', () => {
    expect(shown(twice).map(({ label, statistic }) => [label, statistic])).toEqual([
      ['Status', null],
      ['Trial', null],
      ['test:accuracy', 'Last'],
      ['test:accuracy', 'Max'],
      ['test:loss', 'Last']
    ]);
    expect(new Set(ids(twice)).size).toBe(5);
  });

  it('is the same column to the server', () => {
    expect(asked(twice)).toContainEqual({
      column: accuracy.id,
      statistic: 'Max',
      at: null
    });
  });

  it('sorts by its own statistic', () => {
    const added = ids(twice)[3];
    expect(rowQuery(sortBy(twice, added, true), COLUMNS, 'Last').sort).toEqual([
      { column: accuracy.id, statistic: 'Max', at: null, descending: true }
    ]);
  });

  it('may come more than twice, and each is told apart', () => {
    const thrice = addColumn(twice, accuracy.id, 'Min');
    expect(shown(thrice).map(({ statistic }) => statistic)).toEqual([
      null,
      null,
      'Last',
      'Min',
      'Max',
      'Last'
    ]);
    expect(new Set(ids(thrice)).size).toBe(6);
  });

  it('stays when the first one is hidden, and leaves nothing when it is taken away', () => {
    const added = ids(twice)[3];
    expect(ids(showColumn(twice, accuracy, false))).toContain(added);
    const chosen = setFormat(sortBy(pinColumn(twice, added, true), added, true), added, 'full');
    expect(removeAdded(chosen, added)).toEqual(DEFAULT_VIEW);
  });

  it('follows a column that was moved', () => {
    const moved = moveBefore(DEFAULT_VIEW, COLUMNS, accuracy.id, status.id);
    const added = addColumn(moved, accuracy.id, 'Max');
    expect(ids(added).map(serverId).slice(0, 2)).toEqual([accuracy.id, accuracy.id]);
  });

  it('has a name that the server could give to no column', () => {
    const odd = column('metric:added:1:loss', 'metric');
    expect(serverId(odd.id)).toBe(odd.id);
  });
});

describe('a metric at the best step of another', () => {
  const view = setBestStep(DEFAULT_VIEW, accuracy.id, BEST);

  it('is asked for with the step and without a statistic', () => {
    expect(asked(view)).toContainEqual({ column: accuracy.id, statistic: null, at: BEST });
    expect(rowQuery(sortBy(view, accuracy.id, true), COLUMNS, 'Last').sort).toEqual([
      { column: accuracy.id, statistic: null, at: BEST, descending: true }
    ]);
  });

  it('has cells of its own', () => {
    expect(shown(view)[2].key).not.toBe(shown(DEFAULT_VIEW)[2].key);
  });

  it('gives its statistic back when one is chosen', () => {
    expect(setStatistic(view, accuracy.id, 'Max').bestSteps).toEqual({});
  });
});

describe('a filter on a metric', () => {
  it('means what its own column shows', () => {
    const twice = addColumn(setBestStep(DEFAULT_VIEW, accuracy.id, BEST), accuracy.id, 'Max');
    const above = (id: string): IColumnFilter => ({ column: id, operator: 'gt', values: [1] });
    const filtered = { ...twice, filters: ids(twice).slice(2, 4).map(above) };
    expect(rowQuery(filtered, COLUMNS, 'Last').filters).toEqual([
      { column: accuracy.id, operator: 'gt', values: [1], statistic: null, at: BEST },
      { column: accuracy.id, operator: 'gt', values: [1], statistic: 'Max', at: null }
    ]);
  });
});

describe('pinned columns', () => {
  const pinned = pinColumn(pinColumn(DEFAULT_VIEW, loss.id, true), trial.id, true);

  it('stand first, in the order in which they were pinned', () => {
    expect(ids(pinned)).toEqual([loss.id, trial.id, status.id, accuracy.id]);
    expect(shown(pinned).map(({ isPinned }) => isPinned)).toEqual([true, true, false, false]);
    expect(ids(pinColumn(pinned, loss.id, false))).toEqual([
      trial.id,
      status.id,
      accuracy.id,
      loss.id
    ]);
  });

  it('are moved among themselves by menu, and never past the others', () => {
    expect(ids(moveBy(pinned, COLUMNS, trial.id, -1)).slice(0, 2)).toEqual([trial.id, loss.id]);
    expect(moveBy(pinned, COLUMNS, trial.id, 1)).toBe(pinned);
    expect(moveBy(pinned, COLUMNS, status.id, -1)).toBe(pinned);
  });

  it('take in what is dropped among them, and let go what is dropped elsewhere', () => {
    expect(moveBefore(pinned, COLUMNS, status.id, trial.id).pinned).toEqual([
      loss.id,
      status.id,
      trial.id
    ]);
    const out = moveBefore(pinned, COLUMNS, loss.id, accuracy.id);
    expect(out.pinned).toEqual([trial.id]);
    expect(ids(out)).toEqual([trial.id, status.id, loss.id, accuracy.id]);
  });

  it('keep what is dropped at their border', () => {
    expect(moveBefore(pinned, COLUMNS, loss.id, status.id).pinned).toEqual([trial.id, loss.id]);
    expect(moveBefore(pinned, COLUMNS, accuracy.id, status.id).pinned).toEqual(pinned.pinned);
  });
});

describe('what is kept of columns', () => {
  it('is read again', () => {
    const view = setBestStep(
      setFormat(
        pinColumn(addColumn(DEFAULT_VIEW, loss.id, 'Min'), trial.id, true),
        loss.id,
        'full'
      ),
      accuracy.id,
      BEST
    );
    expect(fromJSON(JSON.parse(JSON.stringify(toJSON(view))))).toEqual(view);
  });

  it('takes its default where it cannot be understood', () => {
    expect(
      choicesFrom({
        added: ['metric:loss', 7],
        bestSteps: { a: { metric: 'metric:b', goal: 'Best' }, b: null },
        formats: { a: 'roman' },
        pinned: 'all'
      })
    ).toEqual({ added: [], bestSteps: {}, formats: {}, pinned: [] });
  });
});
