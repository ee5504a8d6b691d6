/** The pointer on the grid, which finds the row and column at a position. */
import type { Menu } from '@lumino/widgets';

import { CARET_CLASS } from './cells';
import { toggleActiveGroup } from './groupkeys';
import type { GridHeader } from './header';
import type { TableModel } from '../model';
import type { HoveredRow } from './hover';
import type { RowPool } from './rowpool';
import type { ScrollAnchor } from './scrollanchor';

/** The parts of the grid that the pointer uses. */
interface IPointerTarget {
  model: TableModel;
  header: GridHeader;
  rows: RowPool;
  anchor: ScrollAnchor;
  hovered: HoveredRow;
  contextMenu: Menu;
  /** Draw, and move the focus to the active cell. */
  focusActive: () => void;
  /** Called on a double-click on the active row. */
  onOpen: () => void;
}

export class GridPointer {
  constructor(private readonly _grid: IPointerTarget) {}

  handle(event: MouseEvent): void {
    switch (event.type) {
      case 'click':
        this._onClick(event);
        break;
      case 'dblclick':
        this._onDoubleClick(event);
        break;
      case 'contextmenu':
        this._onContextMenu(event);
        break;
      case 'pointermove':
        this._grid.anchor.pointAt({ x: event.clientX, y: event.clientY });
        this._grid.hovered.id = this._idAt(event.target as Element);
        break;
      case 'pointerleave':
        this._grid.anchor.pointAt(null);
        this._grid.hovered.id = null;
        break;
    }
  }

  private _onClick(event: MouseEvent): void {
    const { header, rows, model } = this._grid;
    const target = event.target as Element;
    const column = header.columnOf(target);
    if (column) {
      model.selection.activate(-1, column.id);
      return;
    }
    const place = rows.placeOf(target);
    if (place) {
      const column = this._columnAt(place.column);
      if (target.closest(`.${CARET_CLASS}`) && model.rows.row(place.row)?.group) {
        model.selection.activate(place.row, column);
        toggleActiveGroup(model);
        return;
      }
      const reach = { range: event.shiftKey, add: event.ctrlKey || event.metaKey };
      model.selection.click(place.row, column, reach);
    }
  }

  private _onDoubleClick(event: MouseEvent): void {
    const { rows, model, onOpen } = this._grid;
    const place = rows.placeOf(event.target as Element);
    // A double-click on a caret is two clicks, and both have been handled.
    const isCaret = (event.target as Element).closest(`.${CARET_CLASS}`) !== null;
    if (place && model.rows.row(place.row) && !isCaret) {
      onOpen();
    }
  }

  /** Make the cell under the pointer active, so that the menu acts on it. */
  private _onContextMenu(event: MouseEvent): void {
    const { header, rows, model, contextMenu, focusActive } = this._grid;
    const target = event.target as Element;
    const column = header.columnOf(target);
    const place = rows.placeOf(target);
    if (column) {
      model.selection.activate(-1, column.id);
    } else if (place) {
      model.selection.pick(place.row, this._columnAt(place.column));
    }
    focusActive();
    // The menu takes the focus and does not give it back.
    const returnFocus = (): void => {
      contextMenu.aboutToClose.disconnect(returnFocus);
      // A submenu is closed before its menu; then nothing has the focus.
      const focused = document.activeElement;
      if (!focused || focused === document.body || focused.closest('.lm-Menu')) {
        focusActive();
      }
    };
    contextMenu.aboutToClose.connect(returnFocus);
  }

  /** Return the id of the row at an element; null while no chart could show it. */
  private _idAt(target: Element): string | null {
    const { model, rows } = this._grid;
    const place = model.view.charts.length ? rows.placeOf(target) : null;
    return place && (model.rows.row(place.row)?.id ?? null);
  }

  private _columnAt(place: number): string | null {
    const { model } = this._grid;
    return model.shown[place]?.id ?? model.selection.active.column;
  }
}
