/** The focus of the grid. The grid has one tab stop, which is the active cell. */
import type { GridHeader } from './header';
import type { TableModel } from '../model';
import type { RowPool } from './rowpool';
import type { Viewport } from './viewport';

/** The menu of a cell opens this far inside it, in CSS pixels. */
const MENU_INSET = 24;

/** The parts of the grid that the focus uses. */
interface IFocusTarget {
  node: HTMLElement;
  model: TableModel;
  header: GridHeader;
  rows: RowPool;
  viewport: Viewport;
  draw: () => void;
}

export class GridFocus {
  constructor(private readonly _grid: IFocusTarget) {}

  /** The index of the active column among the shown ones. */
  get column(): number {
    const { selection, shown } = this._grid.model;
    const { column } = selection.active;
    return Math.max(
      0,
      shown.findIndex(({ id }) => id === column)
    );
  }

  /** The element of the active cell; undefined while it is not drawn. */
  get element(): HTMLElement | undefined {
    const { header, model, rows } = this._grid;
    const { row } = model.selection.active;
    return row < 0 ? header.cell(this.column) : rows.cell(row, this.column);
  }

  /** Move the focus to the active cell. */
  take(): void {
    (this.element ?? this._grid.node).focus({ preventScroll: true });
  }

  /** Scroll to the active cell, and move the focus to it. */
  reveal(): void {
    const { model, viewport, draw } = this._grid;
    const { row } = model.selection.active;
    if (row >= 0) {
      viewport.revealRow(row);
    }
    viewport.revealColumn(this.column);
    draw();
    this.take();
  }

  /** Open the menu of the active cell, as a right-click does. */
  openMenu(): void {
    this.reveal();
    const cell = this.element;
    if (cell) {
      const box = cell.getBoundingClientRect();
      const { isMirrored } = this._grid.viewport;
      const x = isMirrored ? box.right - MENU_INSET : box.left + MENU_INSET;
      cell.dispatchEvent(
        new MouseEvent('contextmenu', {
          bubbles: true,
          cancelable: true,
          clientX: Math.round(x),
          clientY: Math.round(box.bottom - 4)
        })
      );
    }
  }

  /**
   * After drawing: make the active cell the tab stop, or the grid itself while the cell is not
   * drawn.
   */
  sync(): void {
    const { node } = this._grid;
    const active = this.element;
    if (active !== this._stop) {
      this._stop?.setAttribute('tabindex', '-1');
      this._stop = active;
    }
    // Writing the same value would also cost a layout.
    if (active && active.tabIndex !== 0) {
      active.tabIndex = 0;
    }
    const own = active ? -1 : 0;
    if (node.tabIndex !== own) {
      node.tabIndex = own;
    }
    const focused = document.activeElement;
    if (node.contains(focused) && focused !== (active ?? node)) {
      this.take();
    }
  }

  /** Handle the focus that Tab gives to the grid while the active cell is not drawn. */
  handle(event: FocusEvent): void {
    const { node } = this._grid;
    const from = event.relatedTarget as Node | null;
    const isFromOutside = event.target === node && !(from && node.contains(from));
    if (isFromOutside && node.matches(':focus-visible')) {
      this.reveal();
    }
  }

  private _stop: HTMLElement | undefined;
}
