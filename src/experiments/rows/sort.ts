/** The order of the browser's lists. Pure. */
import type { IListQuery } from '../../api/types';

export type SortBy = NonNullable<IListQuery['sort_by']>;

export interface ISort {
  by: SortBy;
  order: NonNullable<IListQuery['sort_order']>;
}

/** The most recent change first. */
export const DEFAULT_SORT: ISort = { by: 'LastModifiedTime', order: 'Descending' };

/**
 * Return the sort after a click: first names ascending or times descending, then the other way,
 * then the default.
 */
export function nextSort(sort: ISort, by: SortBy): ISort {
  const first = by === 'Name' ? 'Ascending' : 'Descending';
  const second = by === 'Name' ? 'Descending' : 'Ascending';
  if (sort.by !== by) {
    return { by, order: first };
  }
  if (sort.order === first) {
    return { by, order: second };
  }
  return by === DEFAULT_SORT.by ? { by, order: first } : DEFAULT_SORT;
}

/** Return the saved order, or the default if it is not valid. */
export function sortFrom(saved: unknown): ISort {
  const { by, order } = (saved ?? {}) as Partial<ISort>;
  const known = by === 'Name' || by === 'CreationTime' || by === 'LastModifiedTime';
  return known && (order === 'Ascending' || order === 'Descending') ? { by, order } : DEFAULT_SORT;
}
