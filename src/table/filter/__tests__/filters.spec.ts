import { nullTranslator } from '@jupyterlab/translation';
import { describe, expect, it } from 'vitest';

import type { IColumn } from '../../../api/types';
import type { IColumnFilter } from '../../../ui/filters/filters';
import {
  clearFilters,
  isWider,
  kindOf,
  queryFilters,
  removeFilter,
  setFilter
} from '../../view/filters';
import { chipText, questionOf, searchable } from '../words';
import { DEFAULT_VIEW, fromJSON, reset, setStatistic, toJSON } from '../../view/view';

const trans = nullTranslator.load('smx_lab');
const column = (id: string, type: IColumn['type'] = 'text'): IColumn => {
  const [kind] = id.split(':');
  const name = id.slice(kind.length + 1);
  return { id, kind: kind as IColumn['kind'], name, label: name, type };
};
const COLUMNS = [
  column('summary:Status'),
  column('metric:test:accuracy', 'number'),
  column('parameter:epochs', 'number'),
  column('tag:owner')
];
const words = {
  columns: COLUMNS,
  view: DEFAULT_VIEW,
  defaultStatistic: 'Last' as const,
  locale: 'en-US',
  trans
};
const accuracy: IColumnFilter = {
  column: 'metric:test:accuracy',
  operator: 'ge',
  values: ['0.9']
};
const owner: IColumnFilter = { column: 'tag:owner', operator: 'is', values: ['ada'] };

describe('the filters of a view', () => {
  it('are set, changed, removed and cleared, and are among the defaults of nobody', () => {
    const both = setFilter(setFilter(DEFAULT_VIEW, null, accuracy), null, owner);
    expect(both.filters).toEqual([accuracy, owner]);
    const changed = setFilter(both, 0, { ...accuracy, operator: 'gt' });
    expect(changed.filters[0].operator).toBe('gt');
    expect(removeFilter(both, 0).filters).toEqual([owner]);
    expect(clearFilters(both).filters).toEqual([]);
    expect(clearFilters(DEFAULT_VIEW)).toBe(DEFAULT_VIEW);
    expect(reset(both).filters).toEqual([]);
  });

  it('survive a reload, and views without any can be read still', () => {
    const view = setFilter(DEFAULT_VIEW, null, accuracy);
    expect(fromJSON(JSON.parse(JSON.stringify(toJSON(view))))).toEqual(view);
    const { filters: _, ...old } = toJSON(view);
    expect(fromJSON(old).filters).toEqual([]);
  });

  it('mean the aggregation that the column of a metric shows', () => {
    const view = setFilter(DEFAULT_VIEW, null, accuracy);
    expect(queryFilters(view, 'Last')[0].statistic).toBe('Last');
    expect(queryFilters(setStatistic(view, accuracy.column, 'Max'), 'Last')[0].statistic).toBe(
      'Max'
    );
    expect(queryFilters(setFilter(DEFAULT_VIEW, null, owner), 'Max')[0].statistic).toBeNull();
  });

  it('count a duration in seconds', () => {
    const filter: IColumnFilter = { column: 'summary:Duration', operator: 'gt', values: ['90'] };
    const [asked] = queryFilters(setFilter(DEFAULT_VIEW, null, filter), 'Last');
    expect(asked.values).toEqual([90_000]);
    expect(chipText(filter, words)).toBe('Duration > 90 s');
  });

  it('let more rows through only if none is new and no type is missing', () => {
    const query = (filters: IColumnFilter[], types: string[] | null = null): never =>
      ({ filters, types }) as never;
    expect(isWider(query([accuracy]), query([accuracy, owner]))).toBe(true);
    expect(isWider(query([owner]), query([accuracy]))).toBe(false);
    expect(isWider(query([]), query([accuracy], ['Training job']))).toBe(true);
    expect(isWider(query([], ['Undefined']), query([]))).toBe(false);
    expect(isWider(query([], ['Undefined', 'Training job']), query([], ['Undefined']))).toBe(true);
  });
});

describe('a column', () => {
  it.each([
    ['summary:Trial', 'text'],
    ['summary:Type', 'choices'],
    ['summary:Last modified', 'dates'],
    ['summary:Created by', 'creator'],
    ['summary:Duration', 'condition'],
    ['metric:a:b', 'condition'],
    ['parameter:epochs', 'condition'],
    ['input_artifact:dataset', 'text'],
    ['tag:owner', 'tag']
  ])('%s has the dialog of its kind: %s', (id, kind) => {
    expect(kindOf(id)).toBe(kind);
  });

  it('is found by its label, tags first by their key', () => {
    expect(searchable(COLUMNS, trans).map(({ label }) => label)).toEqual([
      'Status',
      'Tags',
      'test:accuracy',
      'epochs',
      'owner'
    ]);
  });

  it('is asked about in the words of its header', () => {
    const question = questionOf('metric:test:accuracy', {
      ...words,
      view: setStatistic(DEFAULT_VIEW, 'metric:test:accuracy', 'Max')
    });
    expect([question.label, question.detail, question.first]).toEqual([
      'test:accuracy',
      'Maximum',
      'ge'
    ]);
    expect(questionOf('parameter:epochs', words).operators).toEqual([
      'is',
      'is_not',
      'gt',
      'ge',
      'lt',
      'le',
      'contains',
      'in',
      'exists',
      'empty'
    ]);
  });

  it('has a chip that names its aggregation, its tag, or itself when it is gone', () => {
    const view = setStatistic(DEFAULT_VIEW, accuracy.column, 'Max');
    expect(chipText(accuracy, { ...words, view })).toBe('test:accuracy (Maximum) ≥ 0.9');
    expect(chipText(owner, words)).toBe('Tag owner is ada');
    expect(chipText({ ...accuracy, column: 'metric:gone:loss' }, words)).toBe('gone:loss ≥ 0.9');
    const status: IColumnFilter = {
      column: 'summary:Status',
      operator: 'in',
      values: ['InProgress']
    };
    expect(chipText(status, words)).toBe('Status is In progress');
  });
});
