/** The focus of the grid: one stop for the Tab key, which goes with the active cell. */
import type { GridHeader } from './header';
import type { TableModel } from '../model';
import type { RowPool } from './rowpool';
import type { Viewport } from './viewport';

/** How far inside a cell its menu opens, in CSS pixels. */
const MENU_INSET = 24;

/** What the focus needs of the grid. */
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

  /** The place of the active column among the shown ones. */
  get column(): number {
    const { selection, shown } = this._grid.model;
    const { column } = selection.active;
    return Math.max(
      0,
      shown.findIndex(({ id }) => id === column)
    );
  }

  /** The element of the active cell; undefined while it is scrolled away. */
  get element(): HTMLElement | undefined {
    const { header, model, rows } = this._grid;
    const { row } = model.selection.active;
    return row < 0 ? header.cell(this.column) : rows.cell(row, this.column);
  }

  /** Give the focus to the active cell, wherever it was. */
  take(): void {
    (this.element ?? this._grid.node).focus({ preventScroll: true });
  }

  /** Bring the active cell into view, and the focus to it. */
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

  /** Open the menu of the active cell, as a right-click on it would. */
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

  /** Cells were drawn: the stop is the active one, or the grid itself while that is away. */
  sync(): void {
    const { node } = this._grid;
    const active = this.element;
    if (active !== this._stop) {
      this._stop?.setAttribute('tabindex', '-1');
      this._stop = active;
    }
    // Also what is the same costs a layout when it is written.
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

  /** Tab may have come to the grid while its active cell is scrolled away. */
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
