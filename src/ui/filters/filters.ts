/** Filters as values: their texts, their validation, and the queries made from them. Pure. */
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IFilter } from '../../api/types';

/** The server's operators, and `days` for whole days in the user's time zone. */
export type FilterOperator = IFilter['operator'] | 'days';

/** One condition, as a view keeps it. Days are `YYYY-MM-DD`; an empty text is an open end. */
export interface IColumnFilter {
  readonly column: string;
  readonly operator: FilterOperator;
  readonly values: readonly (string | number)[];
}

/** The kind of dialog that a column has. */
export type FilterKind = 'text' | 'choices' | 'dates' | 'creator' | 'tag' | 'condition';

/** The values of a dialog while it is open. `tagKey` is for tags. */
export interface IFilterDraft {
  readonly operator: FilterOperator;
  readonly values: readonly (string | number)[];
  readonly tagKey: string;
}

/** The limits of SageMaker Studio (SAGEMAKER_API.md, C.4). */
export const MAX_FILTERS = 20;
export const MIN_LETTERS = 3;

/** A value of `in` that stands for rows without a value. */
export const OTHERS = '';

export const TAG_PREFIX = 'tag:';

const OPERATORS: readonly FilterOperator[] = [
  'is',
  'is_not',
  'gt',
  'ge',
  'lt',
  'le',
  'contains',
  'in',
  'exists',
  'empty',
  'between',
  'mine',
  'not_mine',
  'days'
];

/** Whether an operator takes no value. */
export function takesNothing(operator: FilterOperator): boolean {
  return ['exists', 'empty', 'mine', 'not_mine'].includes(operator);
}

/** Whether an operator compares, so that a column of numbers needs a number. */
function compares(operator: FilterOperator): boolean {
  return ['gt', 'ge', 'lt', 'le'].includes(operator);
}

export function tooManyFilters(trans: TranslationBundle): string {
  return trans.__('At most %1 filters can be set at once. Remove one to add another.', MAX_FILTERS);
}

/** Return the values with which a dialog opens. */
export function draftOf(
  kind: FilterKind,
  column: string,
  filter: IColumnFilter | null,
  first: FilterOperator = 'is'
): IFilterDraft {
  const tagKey = kind === 'tag' ? (filter?.column ?? column).slice(TAG_PREFIX.length) : '';
  if (filter) {
    return { operator: filter.operator, values: filter.values, tagKey };
  }
  switch (kind) {
    case 'text':
      return { operator: 'contains', values: [''], tagKey };
    case 'choices':
      return { operator: 'in', values: [], tagKey };
    case 'dates':
      return { operator: 'days', values: ['', ''], tagKey };
    case 'creator':
      return { operator: 'mine', values: [], tagKey };
    case 'tag':
      return { operator: 'is', values: [''], tagKey };
    case 'condition':
      return { operator: first, values: [''], tagKey };
  }
}

/** Return the filter of a draft, or a sentence that says what is missing. */
export function finish(
  kind: FilterKind,
  column: string,
  draft: IFilterDraft,
  isNumber: boolean,
  trans: TranslationBundle
): { filter: IColumnFilter } | { problem: string } {
  const { operator } = draft;
  const text = String(draft.values[0] ?? '').trim();
  const made = (values: readonly (string | number)[], of = column): { filter: IColumnFilter } => ({
    filter: { column: of, operator, values }
  });
  if (kind === 'tag') {
    return finishTag(draft, trans);
  }
  if (operator === 'days') {
    return finishDays(column, draft, trans);
  }
  if (takesNothing(operator)) {
    return made([]);
  }
  if (operator === 'in') {
    return draft.values.length > 0
      ? made(draft.values)
      : { problem: trans.__('Choose at least one value.') };
  }
  if (kind === 'text' && Array.from(text).length < MIN_LETTERS) {
    return { problem: trans.__('Enter at least %1 letters.', MIN_LETTERS) };
  }
  if (text === '') {
    return { problem: trans.__('Enter a value.') };
  }
  if (isNumber && compares(operator) && !Number.isFinite(Number(text))) {
    return { problem: trans.__('Enter a number, such as 0.5.') };
  }
  return made([text]);
}

function finishTag(
  { tagKey, values }: IFilterDraft,
  trans: TranslationBundle
): { filter: IColumnFilter } | { problem: string } {
  if (tagKey === '') {
    return { problem: trans.__('Enter the key of a tag.') };
  }
  const column = TAG_PREFIX + tagKey;
  const value = String(values[0] ?? '');
  return value === ''
    ? { filter: { column, operator: 'exists', values: [] } }
    : { filter: { column, operator: 'is', values: [value] } };
}

function finishDays(
  column: string,
  { values }: IFilterDraft,
  trans: TranslationBundle
): { filter: IColumnFilter } | { problem: string } {
  const [from, to] = [String(values[0] ?? ''), String(values[1] ?? '')];
  if (from === '' && to === '') {
    return { problem: trans.__('Enter a date.') };
  }
  if (from !== '' && to !== '' && from > to) {
    return { problem: trans.__('From Date is after To Date.') };
  }
  return { filter: { column, operator: 'days', values: [from, to] } };
}

// Days

/** Return the first millisecond of a local day, or of a day `days` later. */
function startOf(day: string, days = 0): number {
  const [year, month, date] = day.split('-').map(Number);
  return new Date(year, month - 1, date + days).getTime();
}

/** Return the first and the last millisecond of local days, both included; null for an open end. */
export function instantsOf(values: readonly (string | number)[]): [number | null, number | null] {
  const [from, to] = [String(values[0] ?? ''), String(values[1] ?? '')];
  return [from ? startOf(from) : null, to ? startOf(to, 1) - 1 : null];
}

// What the server is asked

/** Return a filter with the server's operator and values. */
export function serverFilter(filter: IColumnFilter): IFilter {
  const { column, operator, values } = filter;
  if (operator !== 'days') {
    return { column, operator, values: [...values] };
  }
  const [first, last] = instantsOf(values);
  if (first !== null && last !== null) {
    return { column, operator: 'between', values: [first, last] };
  }
  return first !== null
    ? { column, operator: 'ge', values: [first] }
    : { column, operator: 'le', values: [last ?? 0] };
}

// A list of filters

/** Replace the filter at a place, or add one at the end. An equal filter is not added twice. */
export function withFilter(
  filters: readonly IColumnFilter[],
  place: number | null,
  filter: IColumnFilter
): readonly IColumnFilter[] {
  const others = filters.filter((_, at) => at !== place);
  if (others.some(other => isSame(other, filter))) {
    return others;
  }
  return place === null
    ? [...filters, filter]
    : filters.map((old, at) => (at === place ? filter : old));
}

function isSame(one: IColumnFilter, other: IColumnFilter): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Return saved filters, without those that are not valid. */
export function filtersFrom(value: unknown): IColumnFilter[] {
  return (Array.isArray(value) ? value : [])
    .flatMap((item: unknown): IColumnFilter[] => {
      const { column, operator, values } = (item ?? {}) as Record<string, unknown>;
      const isValue = (one: unknown): one is string | number =>
        typeof one === 'string' || (typeof one === 'number' && Number.isFinite(one));
      return typeof column === 'string' &&
        OPERATORS.includes(operator as FilterOperator) &&
        Array.isArray(values) &&
        values.every(isValue)
        ? [{ column, operator: operator as FilterOperator, values }]
        : [];
    })
    .slice(0, MAX_FILTERS);
}

// What a chip says

/** A chip lists this many values; the others are counted. Our choice. */
const MAX_NAMED = 3;

interface IFilterWords {
  readonly label: string;
  /** The text of a value. */
  readonly value: (value: string | number) => string;
  readonly locale: string;
  readonly trans: TranslationBundle;
}

export function filterText(filter: IColumnFilter, words: IFilterWords): string {
  const { label, trans } = words;
  const value = words.value(filter.values[0] ?? '');
  switch (filter.operator) {
    case 'is':
      return trans.__('%1 is %2', label, value);
    case 'is_not':
      return trans.__('%1 is not %2', label, value);
    case 'gt':
      return trans.__('%1 > %2', label, value);
    case 'ge':
      return trans.__('%1 ≥ %2', label, value);
    case 'lt':
      return trans.__('%1 < %2', label, value);
    case 'le':
      return trans.__('%1 ≤ %2', label, value);
    case 'between':
      return trans.__('%1 from %2 to %3', label, value, words.value(filter.values[1] ?? ''));
    case 'contains':
      return trans.__('%1 contains %2', label, value);
    case 'in':
      return trans.__('%1 is %2', label, alternatives(filter.values, words));
    case 'exists':
      return trans.__('%1 exists', label);
    case 'empty':
      return trans.__('%1 is empty', label);
    case 'mine':
      return trans.__('%1 is Me', label);
    case 'not_mine':
      return trans.__('%1 is Everyone else', label);
    case 'days':
      return daysText(filter.values, words);
  }
}

function alternatives(values: readonly (string | number)[], words: IFilterWords): string {
  const { locale, trans } = words;
  const texts = values.map(value => (value === OTHERS ? trans.__('Others') : words.value(value)));
  const named = texts.length > MAX_NAMED + 1 ? texts.slice(0, MAX_NAMED) : texts;
  const left = texts.length - named.length;
  const all = left ? [...named, trans._n('%1 more', '%1 more', left)] : named;
  return new Intl.ListFormat(locale, { type: 'disjunction' }).format(all);
}

function daysText(values: readonly (string | number)[], words: IFilterWords): string {
  const { label, locale, trans } = words;
  const format = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' });
  const [from, to] = values.map(day => (day ? format.format(startOf(String(day))) : ''));
  if (from && to) {
    return from === to
      ? trans.__('%1: %2', label, from)
      : trans.__('%1: %2 to %3', label, from, to);
  }
  return from ? trans.__('%1: from %2', label, from) : trans.__('%1: until %2', label, to);
}

/** The user's time zone, such as `Europe/Berlin, GMT+1`. */
export function timeZoneText(locale: string): string {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const parts = new Intl.DateTimeFormat(locale, { timeZoneName: 'short' }).formatToParts();
  const offset = parts.find(part => part.type === 'timeZoneName')?.value;
  return offset && offset !== timeZone ? `${timeZone}, ${offset}` : timeZone;
}

/** The name of an operator in the list of a condition. */
export function operatorWord(operator: FilterOperator, trans: TranslationBundle): string {
  switch (operator) {
    case 'is':
      return trans.__('is');
    case 'is_not':
      return trans.__('is not');
    case 'gt':
      return '>';
    case 'ge':
      return '≥';
    case 'lt':
      return '<';
    case 'le':
      return '≤';
    case 'contains':
      return trans.__('contains');
    case 'in':
      return trans.__('is one of');
    case 'exists':
      return trans.__('exists');
    case 'empty':
      return trans.__('is empty');
    default:
      return operator;
  }
}
