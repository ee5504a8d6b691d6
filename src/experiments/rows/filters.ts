/** The filters of the browser's lists, and their names. Pure. */
import type { TranslationBundle } from '@jupyterlab/translation';

import type { ComponentType } from '../../api/types';
import type { IFilterQuestion } from '../../ui/filters/bodies';
import {
  FilterKind,
  IColumnFilter,
  filterText,
  filtersFrom,
  serverFilter,
  TAG_PREFIX
} from '../../ui/filters/filters';
import type { IOption } from '../../ui/forms/options';
import { typeWord } from '../../ui/words/type';
import type { Level } from './rows';

/**
 * The columns that lists are filtered by, under the server's names. A tag first asks for its key.
 */
const COLUMNS = ['Name', 'Type', 'CreationTime', 'LastModifiedTime', 'CreatedBy', TAG_PREFIX];

const KINDS: Readonly<Record<string, FilterKind>> = {
  Name: 'text',
  Type: 'choices',
  CreationTime: 'dates',
  LastModifiedTime: 'dates',
  CreatedBy: 'creator'
};

const TYPES: readonly ComponentType[] = [
  'Training job',
  'Transform job',
  'Processing job',
  'Undefined'
];

/** The filters of this many lists are kept. Our choice. */
const MAX_KEPT = 50;

function kindOf(column: string): FilterKind {
  return KINDS[column] ?? 'tag';
}

/** Whether a column can have only one filter, because a second one adds nothing. */
export function isOnceOnly(column: string): boolean {
  return ['choices', 'dates', 'creator'].includes(kindOf(column));
}

function labelOf(column: string, trans: TranslationBundle): string {
  switch (column) {
    case 'Name':
      return trans.__('Name');
    case 'Type':
      return trans.__('Type');
    case 'CreationTime':
      return trans.__('Created on');
    case 'LastModifiedTime':
      return trans.__('Last modified');
    case 'CreatedBy':
      return trans.__('Created by');
    case TAG_PREFIX:
      return trans.__('Tags');
    default:
      return trans.__('Tag %1', column.slice(TAG_PREFIX.length));
  }
}

/**
 * Return the columns by which the list of a level can be filtered. Only trial components have a
 * type.
 */
export function searchable(level: Level, trans: TranslationBundle): readonly IOption[] {
  return COLUMNS.filter(column => column !== 'Type' || level === 'components').map(column => ({
    id: column,
    label: labelOf(column, trans)
  }));
}

export function chipText(filter: IColumnFilter, locale: string, trans: TranslationBundle): string {
  const label = labelOf(filter.column, trans);
  const value = (text: string | number): string => typeWord(String(text), trans);
  return filterText(filter, { label, value, locale, trans });
}

/** Return the question that the filter dialog of a column asks. */
export function questionOf(
  column: string,
  trans: TranslationBundle,
  listTagKeys: (prefix: string) => Promise<readonly string[]>
): IFilterQuestion {
  const kind = kindOf(column);
  return {
    kind,
    column,
    label: kind === 'tag' ? trans.__('Tags') : labelOf(column, trans),
    valueText: value => typeWord(String(value), trans),
    listValues:
      kind === 'choices'
        ? async () => ({
            values: TYPES.map(value => ({ value })),
            distinct: TYPES.length,
            empty: 0
          })
        : undefined,
    listTagKeys
  };
}

/** Return the filters in the form that the server takes; undefined if there are none. */
export function queryFilters(filters: readonly IColumnFilter[]): string | undefined {
  return filters.length ? JSON.stringify(filters.map(serverFilter)) : undefined;
}

/**
 * The filters of each list that was open, so that they are there again when the list is opened
 * again.
 */
export class KeptFilters {
  get(list: string): readonly IColumnFilter[] {
    return this._byList.get(list) ?? [];
  }

  set(list: string, filters: readonly IColumnFilter[]): void {
    this._byList.delete(list);
    if (filters.length) {
      this._byList.set(list, filters);
    }
    const oldest = [...this._byList.keys()].slice(0, -MAX_KEPT);
    oldest.forEach(key => this._byList.delete(key));
  }

  toJSON(): Record<string, readonly IColumnFilter[]> {
    return Object.fromEntries(this._byList);
  }

  /** Restore what {@link toJSON} returned, without anything that is not valid. */
  restore(saved: unknown): void {
    const entries = typeof saved === 'object' && saved !== null ? Object.entries(saved) : [];
    entries.forEach(([list, filters]) => this.set(list, filtersFrom(filters)));
  }

  private readonly _byList = new Map<string, readonly IColumnFilter[]>();
}
