/** The keyboard and the pointer on groups: unfold, fold, from a row to its group. */
import { GROUP, toggleGroup } from '../view/comparing';
import type { TableModel } from '../model';

/** Unfold the active row if it is a group, or fold it again; false if it is none. */
export function toggleActiveGroup(model: TableModel): boolean {
  const row = model.rows.row(model.selection.active.row);
  if (!row?.group) {
    return false;
  }
  model.update(view => toggleGroup(view, row.id));
  return true;
}

/**
 * Do what a key means on a group, or on a row of one; false if it means nothing special.
 *
 * #### Notes
 * As in ARIA's treegrid the arrows unfold and fold in the column of the groups only: elsewhere
 * they go from cell to cell.
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

/** The place of the group that a row is in; null if that is not loaded. */
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
