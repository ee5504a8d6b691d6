/** The order of the browser's lists. Pure. */
import type { IListQuery } from '../../api/types';

export type SortBy = NonNullable<IListQuery['sort_by']>;

export interface ISort {
  by: SortBy;
  order: NonNullable<IListQuery['sort_order']>;
}

/** Newest change first. */
export const DEFAULT_SORT: ISort = { by: 'LastModifiedTime', order: 'Descending' };

/** First click: names increasing, times decreasing; second the other way; third as before. */
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

/** The order that was kept; what cannot be understood is the default. */
export function sortFrom(saved: unknown): ISort {
  const { by, order } = (saved ?? {}) as Partial<ISort>;
  const known = by === 'Name' || by === 'CreationTime' || by === 'LastModifiedTime';
  return known && (order === 'Ascending' || order === 'Descending') ? { by, order } : DEFAULT_SORT;
}
