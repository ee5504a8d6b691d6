import { describe, expect, it } from 'vitest';

import type { IColumn } from '../../../api/types';
import { STATUS, TRIAL_COMPONENT } from '../columns';
import { IFormat, cellText, exactText, movedRows, tsv } from '../format';
import { numberText } from '../numberformat';
import type { IRowFacts } from '../options';

const FORMAT: IFormat = {
  locale: 'en-US',
  now: Date.UTC(2026, 0, 2, 12),
  status: status => (status === 'InProgress' ? 'In progress' : status)
};
const ROW: IRowFacts = {
  id: 'trial-1/training-1',
  experiment_name: 'mnist',
  trial_name: 'trial-1',
  trial_component_name: 'training-1-aws-training-job',
  trial_component_arn: 'arn:aws:sagemaker:::training-1',
  display_name: 'Training',
  type: 'Training job',
  status: 'InProgress',
  training_job_name: 'training-1',
  model_data: null,
  level: 1,
  group: null
};
const of = (type: IColumn['type'], id = 'parameter:x'): { id: string; type: IColumn['type'] } => ({
  id,
  type
});

describe('a cell', () => {
  it('shows the display name, and the real name as tooltip', () => {
    expect(cellText(of('text', TRIAL_COMPONENT), 'Training', ROW, null, FORMAT)).toEqual({
      text: 'Training',
      title: 'training-1-aws-training-job'
    });
  });

  it('says the status in words', () => {
    expect(cellText(of('text', STATUS), 'InProgress', ROW, null, FORMAT).text).toBe('In progress');
  });

  it('shows a number with the decimals of its column, and the exact one as tooltip', () => {
    expect(cellText(of('number'), 0.130666047, ROW, 4, FORMAT)).toEqual({
      text: '0.1307',
      title: '0.130666047'
    });
  });

  it('shows a time as relative, and the absolute one as tooltip', () => {
    const { text, title } = cellText(of('time'), Date.UTC(2026, 0, 2, 6), ROW, null, FORMAT);
    expect(text).toBe('6 hours ago');
    expect(title).toMatch(/2026/);
  });

  it('is empty without a value', () => {
    expect(cellText(of('number'), null, ROW, 2, FORMAT)).toEqual({
      text: '',
      title: ''
    });
  });

  it('shows a logged NaN, which comes as text', () => {
    expect(cellText(of('number'), 'NaN', ROW, 2, FORMAT).text).toBe('NaN');
  });
});

describe('a number', () => {
  it('has as many decimals as its column, and no grouping', () => {
    expect(numberText(97.5, 2, 'en-US')).toBe('97.50');
    expect(numberText(1234567, 0, 'en-US')).toBe('1234567');
  });

  it('has four significant digits in scientific notation', () => {
    expect(numberText(0.0000123456, null, 'en-US')).toBe('1.235E-5');
  });

  it('is written as in the language of the screen', () => {
    expect(numberText(97.5, 2, 'de')).toBe('97,50');
  });
});

describe('a copy', () => {
  it('has exact numbers, instants in ISO 8601 and durations in seconds', () => {
    expect(exactText(of('number'), 0.1 + 0.2, ROW)).toBe('0.30000000000000004');
    expect(exactText(of('time'), Date.UTC(2026, 0, 2, 6), ROW)).toBe('2026-01-02T06:00:00.000Z');
    expect(exactText(of('duration'), 83_400, ROW)).toBe('83.4');
    expect(exactText(of('text'), null, ROW)).toBe('');
  });

  it('keeps one row on one line, and one value in one field', () => {
    expect(
      tsv([
        ['a', 'b\tc'],
        ['d\ne', 'f']
      ])
    ).toBe('a\tb c\nd e\tf');
  });
});

describe('rows that moved', () => {
  it('are none when new ones came above', () => {
    expect(movedRows(['a', 'b', 'c'], ['new', 'a', 'b', 'c'])).toEqual(new Set(['new']));
  });

  it('are those that changed their place among the others', () => {
    expect(movedRows(['a', 'b', 'c', 'd'], ['a', 'd', 'b', 'c'])).toEqual(new Set(['d']));
  });

  it('are none when rows have gone, and others came in below', () => {
    expect(movedRows(['a', 'b', 'c'], ['b', 'c', 'x'])).toEqual(new Set());
  });
});
