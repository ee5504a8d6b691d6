import { describe, expect, it } from 'vitest';

import type { IColumn } from '../../../api/types';
import { arrange } from '../columns';
import {
  DEFAULT_VIEW,
  clearSort,
  cycleSort,
  fromJSON,
  groupState,
  isShown,
  reset,
  rowQuery,
  setStatistic,
  setWidth,
  showColumn,
  showGroup,
  showType,
  shownColumns,
  sortBy,
  toJSON
} from '../view';
import type { ITableView } from '../options';
import { moveBefore, moveBy } from '../moves';

const column = (id: string, kind: IColumn['kind'], type: IColumn['type'] = 'text'): IColumn => {
  const name = id.slice(id.indexOf(':') + 1);
  return { id, kind, name, label: name, type };
};
const status = column('summary:Status', 'summary');
const created = column('summary:Created on', 'summary', 'time');
const accuracy = column('metric:test:accuracy', 'metric', 'number');
const loss = column('metric:test:loss', 'metric', 'number');
const optimizer = column('parameter:optimizer', 'parameter');
const epochs = column('parameter:epochs', 'parameter', 'number');
const COLUMNS = [status, created, accuracy, loss, optimizer, epochs];

const ids = (view: ITableView, columns = COLUMNS): string[] =>
  shownColumns(view, columns, 'Last').map(({ id }) => id);

describe('the columns of a view', () => {
  it('are all shown at first, group by group, in the order the server names them', () => {
    const mixed = [optimizer, accuracy, created, status];
    expect(ids(DEFAULT_VIEW, mixed)).toEqual([
      'summary:Created on',
      'summary:Status',
      'metric:test:accuracy',
      'parameter:optimizer'
    ]);
  });

  it('can be hidden and shown again one by one', () => {
    const hidden = showColumn(DEFAULT_VIEW, created, false);
    expect(ids(hidden)).not.toContain('summary:Created on');
    expect(ids(showColumn(hidden, created, true))).toEqual(ids(DEFAULT_VIEW));
  });

  it('make their group mixed while some of them are hidden', () => {
    const one = showColumn(DEFAULT_VIEW, accuracy, false);
    const both = showColumn(one, loss, false);
    expect(groupState(DEFAULT_VIEW, COLUMNS, 'metric')).toBe('all');
    expect(groupState(one, COLUMNS, 'metric')).toBe('mixed');
    expect(groupState(both, COLUMNS, 'metric')).toBe('none');
  });

  it('follow their group when they come later, unless they were named', () => {
    const f1 = column('metric:test:f1', 'metric', 'number');
    const hidden = showColumn(showGroup(DEFAULT_VIEW, 'metric', false), loss, true);
    expect(isShown(hidden, f1)).toBe(false);
    expect(isShown(hidden, loss)).toBe(true);
    expect(isShown(showColumn(DEFAULT_VIEW, loss, false), f1)).toBe(true);
  });

  it('show the statistic chosen for them, and otherwise the default', () => {
    const view = setStatistic(DEFAULT_VIEW, accuracy.id, 'Max');
    const shown = shownColumns(view, COLUMNS, 'Min');
    expect(shown.map(({ statistic }) => statistic)).toEqual([null, null, 'Max', 'Min', null, null]);
  });

  it('have no width below the least', () => {
    expect(setWidth(DEFAULT_VIEW, status.id, 3).widths).toEqual({
      'summary:Status': 48
    });
  });
});

describe('moving columns', () => {
  it('puts one in front of another and leaves the rest as it was', () => {
    const view = moveBefore(DEFAULT_VIEW, COLUMNS, accuracy.id, status.id);
    expect(ids(view)).toEqual([
      'metric:test:accuracy',
      'summary:Status',
      'summary:Created on',
      'metric:test:loss',
      'parameter:optimizer',
      'parameter:epochs'
    ]);
    expect(view.order).toEqual(
      ['metric:test:accuracy', 'summary:Status', 'summary:Created on'].slice(0, 3)
    );
  });

  it('back to its place leaves nothing to remember', () => {
    const moved = moveBefore(DEFAULT_VIEW, COLUMNS, accuracy.id, status.id);
    expect(moveBefore(moved, COLUMNS, accuracy.id, loss.id).order).toEqual([]);
  });

  it('by one place passes over hidden columns', () => {
    const hidden = showColumn(DEFAULT_VIEW, created, false);
    expect(ids(moveBy(hidden, COLUMNS, accuracy.id, -1)).slice(0, 2)).toEqual([
      'metric:test:accuracy',
      'summary:Status'
    ]);
  });

  it('ends at the ends', () => {
    expect(moveBy(DEFAULT_VIEW, COLUMNS, status.id, -1)).toBe(DEFAULT_VIEW);
    expect(moveBy(DEFAULT_VIEW, COLUMNS, epochs.id, 1)).toBe(DEFAULT_VIEW);
  });

  it('keeps an order whose columns have gone', () => {
    const view = moveBefore(DEFAULT_VIEW, COLUMNS, loss.id, accuracy.id);
    const left = COLUMNS.filter(other => other !== accuracy);
    expect(arrange(left, view.order)).toHaveLength(5);
    expect(ids(view)).toEqual([
      'summary:Status',
      'summary:Created on',
      'metric:test:loss',
      'metric:test:accuracy',
      'parameter:optimizer',
      'parameter:epochs'
    ]);
  });
});

describe('clicks on a header', () => {
  const clicks = (of: IColumn, count: number): ITableView['sort'] => {
    let view = DEFAULT_VIEW;
    for (let click = 0; click < count; click++) {
      view = cycleSort(view, of, false);
    }
    return view.sort;
  };

  it('sort a metric decreasing, then increasing, then not at all', () => {
    expect(clicks(accuracy, 1)).toEqual([{ column: accuracy.id, descending: true }]);
    expect(clicks(accuracy, 2)).toEqual([{ column: accuracy.id, descending: false }]);
    expect(clicks(accuracy, 3)).toEqual([]);
  });

  it('start a text with increasing, and a time with decreasing', () => {
    expect(clicks(optimizer, 1)).toEqual([{ column: optimizer.id, descending: false }]);
    expect(clicks(created, 1)).toEqual([{ column: created.id, descending: true }]);
  });

  it('with Shift add a key, and turn or take away only this one', () => {
    let view = cycleSort(DEFAULT_VIEW, accuracy, false);
    view = cycleSort(view, optimizer, true);
    expect(view.sort).toEqual([
      { column: accuracy.id, descending: true },
      { column: optimizer.id, descending: false }
    ]);
    view = cycleSort(view, accuracy, true);
    expect(view.sort[0]).toEqual({ column: accuracy.id, descending: false });
    view = cycleSort(view, accuracy, true);
    expect(view.sort).toEqual([{ column: optimizer.id, descending: false }]);
  });

  it('without Shift make this column the only key', () => {
    const two = cycleSort(cycleSort(DEFAULT_VIEW, accuracy, false), optimizer, true);
    expect(cycleSort(two, loss, false).sort).toEqual([{ column: loss.id, descending: true }]);
  });
});

describe('what the server is asked', () => {
  it('sorts by the statistic that the column shows', () => {
    const view = setStatistic(sortBy(DEFAULT_VIEW, accuracy.id, true), accuracy.id, 'Max');
    expect(rowQuery(view, COLUMNS, 'Last').sort).toEqual([
      { column: 'metric:test:accuracy', statistic: 'Max', at: null, descending: true }
    ]);
  });

  it('leaves out a column that the table does not have', () => {
    const view = sortBy(DEFAULT_VIEW, 'metric:gone', true);
    expect(rowQuery(view, COLUMNS, 'Last').sort).toEqual([]);
  });

  it('lets all types through until one is taken away', () => {
    expect(rowQuery(DEFAULT_VIEW, COLUMNS, 'Last').types).toBeNull();
    const view = showType(DEFAULT_VIEW, 'Undefined', false);
    expect(rowQuery(view, COLUMNS, 'Last').types).toEqual([
      'Training job',
      'Transform job',
      'Processing job'
    ]);
    expect(showType(view, 'Undefined', true).types).toBeNull();
  });
});

describe('a kept view', () => {
  it('comes back as it was', () => {
    let view = showColumn(DEFAULT_VIEW, created, false);
    view = setStatistic(sortBy(view, accuracy.id, true), accuracy.id, 'Max');
    view = setWidth(moveBefore(view, COLUMNS, loss.id, status.id), loss.id, 321);
    view = {
      ...showType(view, 'Undefined', false),
      autoRefresh: false,
      propertiesOpen: true
    };
    expect(fromJSON(JSON.parse(JSON.stringify(toJSON(view))))).toEqual(view);
  });

  it('is the default where nothing was kept, or it cannot be understood', () => {
    expect(fromJSON(undefined)).toEqual(DEFAULT_VIEW);
    expect(fromJSON('nonsense')).toEqual(DEFAULT_VIEW);
    expect(fromJSON({ format: 99, sort: [{ column: 'a' }] })).toEqual(DEFAULT_VIEW);
  });

  it('takes the default for what is broken in it', () => {
    const view = fromJSON({
      format: 1,
      groups: { metric: { on: false, except: [1, loss.id] }, nonsense: {} },
      widths: { a: 'wide', b: 100 },
      statistics: { a: 'Median', b: 'Max' },
      sort: [null, { column: 'a' }],
      order: 'no list',
      types: ['Training job', 'Other']
    });
    expect(view).toEqual({
      ...DEFAULT_VIEW,
      groups: { metric: { on: false, except: [loss.id] } },
      widths: { b: 100 },
      statistics: { b: 'Max' },
      sort: [{ column: 'a', descending: false }],
      types: ['Training job']
    });
  });

  it('goes back to the defaults with Reset, and the pane stays open', () => {
    const view = {
      ...sortBy(DEFAULT_VIEW, accuracy.id, true),
      propertiesOpen: true
    };
    expect(reset(view)).toEqual({ ...DEFAULT_VIEW, propertiesOpen: true });
  });

  it('loses a key with Clear sort', () => {
    const view = sortBy(sortBy(DEFAULT_VIEW, accuracy.id, true), status.id, false, true);
    expect(clearSort(view, accuracy.id).sort).toEqual([{ column: status.id, descending: false }]);
  });
});
