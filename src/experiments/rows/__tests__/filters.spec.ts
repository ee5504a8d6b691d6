import { nullTranslator } from '@jupyterlab/translation';
import { describe, expect, it } from 'vitest';

import type { IColumnFilter } from '../../../ui/filters/filters';
import { chipText, KeptFilters, queryFilters, questionOf, searchable } from '../filters';

const trans = nullTranslator.load('smx_lab');
const filter = (
  column: string,
  operator: IColumnFilter['operator'],
  ...values: string[]
): IColumnFilter => ({
  column,
  operator,
  values
});
const labels = (level: 'experiments' | 'components'): string[] =>
  searchable(level, trans).map(({ label }) => label);

describe('the lists of the browser', () => {
  it('are filtered by name, dates, creator and tags; trial components by type besides', () => {
    expect(labels('experiments')).toEqual([
      'Name',
      'Created on',
      'Last modified',
      'Created by',
      'Tags'
    ]);
    expect(labels('components')).toContain('Type');
  });

  it('have chips in the words of their columns', () => {
    const text = (one: IColumnFilter): string => chipText(one, 'en-US', trans);
    expect(text(filter('Type', 'in', 'Training job'))).toBe('Type is Training job');
    expect(text(filter('Name', 'contains', 'mnist'))).toBe('Name contains mnist');
    expect(text(filter('CreatedBy', 'not_mine'))).toBe('Created by is Everyone else');
    expect(text(filter('tag:team', 'exists'))).toBe('Tag team exists');
    expect(text(filter('CreationTime', 'days', '2026-05-01', ''))).toBe(
      'Created on: from May 1, 2026'
    );
  });

  it('offer all types, whether or not there are such trial components', async () => {
    const question = questionOf('Type', trans, () => Promise.resolve([]));
    const offered = await question.listValues!('Type', '');
    expect(offered.values.map(({ value }) => value)).toEqual([
      'Training job',
      'Transform job',
      'Processing job',
      'Undefined'
    ]);
    expect(questionOf('tag:team', trans, () => Promise.resolve([])).kind).toBe('tag');
  });

  it('ask nothing without filters, and for instants in place of days', () => {
    expect(queryFilters([])).toBeUndefined();
    const [asked] = JSON.parse(
      queryFilters([filter('CreationTime', 'days', '2026-05-01', '2026-05-01')])!
    ) as { operator: string; values: number[] }[];
    expect(asked.operator).toBe('between');
    expect(asked.values[1] - asked.values[0]).toBe(24 * 3600 * 1000 - 1);
  });

  it('keep the filters of the last 50 of them', () => {
    const kept = new KeptFilters();
    const one = [filter('Name', 'contains', 'abc')];
    for (let n = 0; n < 60; n++) {
      kept.set(`list-${n}`, one);
    }
    expect([kept.get('list-9'), kept.get('list-10')]).toEqual([[], one]);
    kept.set('list-59', []);
    const again = new KeptFilters();
    again.restore(JSON.parse(JSON.stringify(kept)));
    expect([again.get('list-59'), again.get('list-58')]).toEqual([[], one]);
    again.restore('broken');
    expect(again.get('list-58')).toEqual(one);
  });
});
