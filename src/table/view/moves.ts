/** Moving columns, by dragging and by menu. Pure. */
import type { IColumn } from '../../api/types';
import { pinnedAfterMove, withAdded } from './choices';
import { reorder } from './columns';
import { shownColumns } from './view';
import type { ITableView } from './options';

/** Move a column in front of another; null: to the end. */
export function moveBefore(
  view: ITableView,
  columns: readonly IColumn[],
  columnId: string,
  before: string | null
): ITableView {
  const shown = shownColumns(view, columns, 'Last').map(column => column.id);
  const pinned = pinnedAfterMove(view.pinned, shown, columnId, before);
  const behindPinned = before !== null && pinned.includes(before);
  return {
    ...view,
    pinned,
    order:
      pinned.includes(columnId) || behindPinned
        ? view.order
        : reorder(withAdded(view, columns), view.order, columnId, before)
  };
}

/** Move a column by one place among the shown ones; at the end, the view stays the same. */
export function moveBy(
  view: ITableView,
  columns: readonly IColumn[],
  columnId: string,
  by: -1 | 1
): ITableView {
  const shown = shownColumns(view, columns, 'Last');
  const at = shown.findIndex(column => column.id === columnId);
  const to = at + by;
  if (at < 0 || shown[to]?.isPinned !== shown[at].isPinned) {
    return view;
  }
  const before = by < 0 ? shown[to].id : (shown[to + 1]?.id ?? null);
  return moveBefore(view, columns, columnId, before);
}
