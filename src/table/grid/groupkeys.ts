/** Keys and clicks on groups: unfold, fold, move from a row to its group. */
import { GROUP, toggleGroup } from '../view/comparing';
import type { TableModel } from '../model';

/** Unfold or fold the active row if it is a group; return false if it is not. */
export function toggleActiveGroup(model: TableModel): boolean {
  const row = model.rows.row(model.selection.active.row);
  if (!row?.group) {
    return false;
  }
  model.update(view => toggleGroup(view, row.id));
  return true;
}

/**
 * Handle a key on a group or on a row of one; return false if it has no special meaning.
 *
 * #### Notes
 * As in ARIA's treegrid, the arrows unfold and fold only in the column of the groups. Elsewhere
 * they move from cell to cell.
 */
export function groupKey(model: TableModel, key: string, isMirrored: boolean): boolean {
  const { row: index, column } = model.selection.active;
  const row = model.rows.row(index);
  if (!row || (!row.group && row.level < 2)) {
    return false;
  }
  if (key === ' ' && row.group) {
    return toggleActiveGroup(model);
  }
  const inGroupColumn = (column ?? model.shown[0]?.id) === GROUP;
  const [inwards, outwards] = isMirrored
    ? ['ArrowLeft', 'ArrowRight']
    : ['ArrowRight', 'ArrowLeft'];
  if (!inGroupColumn || (key !== inwards && key !== outwards)) {
    return false;
  }
  if (row.group) {
    return row.group.is_expanded === (key === outwards) && toggleActiveGroup(model);
  }
  const group = key === outwards ? groupAbove(model, index) : null;
  if (group !== null) {
    model.selection.moveTo(group);
  }
  return group !== null;
}

/** Return the index of the group of a row; null if it is not loaded. */
function groupAbove(model: TableModel, index: number): number | null {
  for (let at = index - 1; at >= 0; at--) {
    const row = model.rows.row(at);
    if (!row) {
      return null;
    }
    if (row.group) {
      return at;
    }
  }
  return null;
}
