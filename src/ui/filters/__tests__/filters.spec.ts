import { nullTranslator } from '@jupyterlab/translation';
import { describe, expect, it } from 'vitest';

import {
  IColumnFilter,
  IFilterDraft,
  draftOf,
  filterText,
  filtersFrom,
  finish,
  instantsOf,
  serverFilter,
  withFilter
} from '../filters';
import { IOption, matching } from '../../forms/options';

const trans = nullTranslator.load('smx_lab');
const words = { label: 'Type', value: String, locale: 'en-US', trans };
const text = (filter: Omit<IColumnFilter, 'column'>, label = 'Type'): string =>
  filterText({ column: 'x', ...filter }, { ...words, label });
const draft = (change: Partial<IFilterDraft>): IFilterDraft => ({
  operator: 'is',
  values: [],
  tagKey: '',
  ...change
});

describe('what a chip says', () => {
  it.each([
    [{ operator: 'in', values: ['Training job'] }, 'Type is Training job'],
    [{ operator: 'in', values: ['A', 'B'] }, 'Type is A or B'],
    [{ operator: 'in', values: ['A', ''] }, 'Type is A or Others'],
    [{ operator: 'in', values: ['A', 'B', 'C', 'D', 'E'] }, 'Type is A, B, C, or 2 more'],
    [{ operator: 'is_not', values: ['A'] }, 'Type is not A'],
    [{ operator: 'ge', values: ['0.5'] }, 'Type ≥ 0.5'],
    [{ operator: 'contains', values: ['abc'] }, 'Type contains abc'],
    [{ operator: 'exists', values: [] }, 'Type exists'],
    [{ operator: 'empty', values: [] }, 'Type is empty'],
    [{ operator: 'mine', values: [] }, 'Type is Me'],
    [{ operator: 'not_mine', values: [] }, 'Type is Everyone else'],
    [
      { operator: 'days', values: ['2026-05-01', '2026-05-03'] },
      'Type: May 1, 2026 to May 3, 2026'
    ],
    [{ operator: 'days', values: ['2026-05-01', '2026-05-01'] }, 'Type: May 1, 2026'],
    [{ operator: 'days', values: ['2026-05-01', ''] }, 'Type: from May 1, 2026'],
    [{ operator: 'days', values: ['', '2026-05-03'] }, 'Type: until May 3, 2026']
  ] as const)('%j: %s', (filter, expected) => {
    expect(text(filter)).toBe(expected);
  });
});

describe('days', () => {
  it('are whole days of the local time zone, both ends included', () => {
    const [first, last] = instantsOf(['2026-03-29', '2026-03-29']);
    expect(new Date(first!).toString()).toContain('Mar 29 2026 00:00:00');
    expect(new Date(last!).toString()).toContain('Mar 29 2026 23:59:59');
    expect(new Date(last! + 1).toString()).toContain('Mar 30 2026 00:00:00');
  });

  it('become a range, or a bound where one end is open', () => {
    const days = (from: string, to: string): unknown => {
      const { operator, values } = serverFilter({
        column: 'summary:Created on',
        operator: 'days',
        values: [from, to]
      });
      return [operator, values?.map(instant => new Date(instant).getDate())];
    };
    expect(days('2026-05-01', '2026-05-03')).toEqual(['between', [1, 3]]);
    expect(days('2026-05-01', '')).toEqual(['ge', [1]]);
    expect(days('', '2026-05-03')).toEqual(['le', [3]]);
  });
});

describe('a dialog', () => {
  it('asks for three letters of a name', () => {
    const done = (value: string): unknown =>
      finish(
        'text',
        'summary:Trial',
        draft({ operator: 'contains', values: [value] }),
        false,
        trans
      );
    expect(done(' ab ')).toEqual({ problem: 'Enter at least 3 letters.' });
    expect(done(' abc ')).toEqual({
      filter: { column: 'summary:Trial', operator: 'contains', values: ['abc'] }
    });
  });

  it('asks for a number only where numbers are compared', () => {
    const done = (change: Partial<IFilterDraft>, isNumber = true): unknown =>
      finish('condition', 'metric:loss', draft(change), isNumber, trans);
    const problem = 'Enter a number, such as 0.5.';
    expect(done({ operator: 'gt', values: ['a lot'] })).toEqual({ problem });
    expect(done({ operator: 'gt', values: ['a lot'] }, false)).toHaveProperty('filter');
    expect(done({ operator: 'is', values: ['NaN'] })).toHaveProperty('filter');
    expect(done({ operator: 'gt', values: ['1e-3'] })).toHaveProperty('filter');
    expect(done({ operator: 'is', values: ['  '] })).toEqual({ problem: 'Enter a value.' });
    expect(done({ operator: 'exists', values: ['left over'] })).toEqual({
      filter: { column: 'metric:loss', operator: 'exists', values: [] }
    });
    expect(done({ operator: 'in', values: [] })).toEqual({ problem: 'Choose at least one value.' });
  });

  it('takes a tag by its key alone, or with the whole value', () => {
    const done = (tagKey: string, value: string): unknown =>
      finish('tag', 'tag:', draft({ tagKey, values: [value] }), false, trans);
    expect(done('', 'ada')).toEqual({ problem: 'Enter the key of a tag.' });
    expect(done('Owner', '')).toEqual({
      filter: { column: 'tag:Owner', operator: 'exists', values: [] }
    });
    expect(done('Owner', ' ada')).toEqual({
      filter: { column: 'tag:Owner', operator: 'is', values: [' ada'] }
    });
  });

  it('begins with the filter that is to be changed', () => {
    const filter: IColumnFilter = { column: 'tag:Owner', operator: 'is', values: ['ada'] };
    expect(draftOf('tag', 'tag:Owner', filter)).toEqual({
      operator: 'is',
      values: ['ada'],
      tagKey: 'Owner'
    });
    expect(draftOf('dates', 'x', null).values).toEqual(['', '']);
    expect(draftOf('condition', 'x', null, 'ge').operator).toBe('ge');
  });

  it('refuses days in the wrong order', () => {
    const done = (from: string, to: string): unknown =>
      finish('dates', 'x', draft({ operator: 'days', values: [from, to] }), false, trans);
    expect(done('', '')).toEqual({ problem: 'Enter a date.' });
    expect(done('2026-05-02', '2026-05-01')).toEqual({
      problem: 'From Date is after To Date.'
    });
  });
});

describe('a list of filters', () => {
  const one: IColumnFilter = { column: 'a', operator: 'is', values: ['1'] };
  const two: IColumnFilter = { column: 'a', operator: 'is', values: ['2'] };

  it('holds each filter once', () => {
    expect(withFilter([one], null, two)).toEqual([one, two]);
    expect(withFilter([one, two], 0, two)).toEqual([two]);
    expect(withFilter([one, two], null, one)).toEqual([one, two]);
    expect(withFilter([one, two], 1, { ...two, values: ['3'] })[1].values).toEqual(['3']);
  });

  it('is read without what cannot be understood, and holds 20', () => {
    const broken = [
      null,
      'x',
      { column: 'a' },
      { ...one, operator: 'like' },
      { ...one, values: [{}] }
    ];
    expect(filtersFrom([...broken, one])).toEqual([one]);
    expect(filtersFrom('none')).toEqual([]);
    expect(filtersFrom(Array(25).fill(one))).toHaveLength(20);
  });
});

describe('the list of a box', () => {
  const options = (...labels: string[]): IOption[] => labels.map(label => ({ id: label, label }));

  it('has what starts with the text before what contains it', () => {
    const found = matching(options('test:loss', 'Loss', 'epochs', 'loss_weight'), ' LOSS ');
    expect(found.map(({ label }) => label)).toEqual(['Loss', 'loss_weight', 'test:loss']);
  });
});
