/** Keeps visible rows in place when rows change, and marks the rows that have moved. */
import { type ISignal, Signal } from '@lumino/signaling';

import { movedRows } from '../view/format';
import type { TableModel } from '../model';
import type { RowPool } from './rowpool';
import type { Viewport } from './viewport';

/** A pointer at rest for longer than this, in milliseconds, is ignored. Our choice. */
const POINTING_MS = 5000;
/** Rows that have moved are marked this long, in milliseconds. */
const MARK_MS = 4000;

export class ScrollAnchor {
  constructor(
    private readonly _model: TableModel,
    private readonly _rows: RowPool,
    private readonly _viewport: Viewport,
    private readonly _onUnmarked: () => void
  ) {}

  /** Emits how many new rows are above the screen and not seen yet. */
  get aboveChanged(): ISignal<this, number> {
    return this._aboveChanged;
  }

  /** The ids of the rows that have just moved. */
  get moved(): ReadonlySet<string> {
    return this._moved;
  }

  dispose(): void {
    window.clearTimeout(this._timer);
  }

  /** Report the position of the pointer; null when it has left the grid. */
  pointAt(place: { x: number; y: number } | null): void {
    this._pointer = place && { ...place, time: Date.now() };
  }

  /** Lay out rows that have changed on the server: scroll with them, and mark those that moved. */
  keep(layOut: () => void): void {
    const anchor = this._anchor();
    layOut();
    const at = anchor === null ? undefined : this._model.rows.indexOf(anchor.id);
    if (anchor && at !== undefined && at !== anchor.row) {
      this._shift(at - anchor.row);
    }
    this._mark();
  }

  /** After scrolling: at the top, no new rows are unseen. */
  scrolled(): void {
    if (this._viewport.scrollTop < this._viewport.rowHeight) {
      this._setAbove(0);
    }
  }

  /**
   * Return the row to keep in place, as it is drawn: the one under the pointer, else the first
   * visible one.
   */
  private _anchor(): { id: string; row: number } | null {
    const { rowAxis, scrollTop } = this._viewport;
    // At the top, new rows appear at once.
    const firstVisible = scrollTop > 0 ? rowAxis.visible(scrollTop).first : -1;
    for (const row of [this._pointedRow(), firstVisible]) {
      const id = row >= 0 ? this._rows.idOf(row) : null;
      if (id !== null) {
        return { id, row };
      }
    }
    return null;
  }

  /** Scroll by the number of rows that were added or removed above the anchor. */
  private _shift(by: number): void {
    const { rowAxis, rowHeight, scrollTop } = this._viewport;
    const offset = rowAxis.offset(scrollTop);
    this._viewport.scrollTop = rowAxis.scrollTop(offset + by * rowHeight);
    if (by > 0 && (offset < rowHeight || this._above > 0)) {
      this._setAbove(this._above + by);
    }
  }

  /** Set the number of rows that were added above the screen. */
  private _setAbove(count: number): void {
    if (count !== this._above) {
      this._above = count;
      this._aboveChanged.emit(count);
    }
  }

  /** Mark the visible rows that have moved, for a while. */
  private _mark(): void {
    const { first, last } = this._viewport.rowAxis.visible(this._viewport.scrollTop);
    const before = this._rows.ids;
    const after: string[] = [];
    for (let row = first; row <= last; row++) {
      const id = this._model.rows.row(row)?.id;
      if (id !== undefined) {
        after.push(id);
      }
    }
    this._moved = movedRows(before, after);
    window.clearTimeout(this._timer);
    if (this._moved.size) {
      this._timer = window.setTimeout(() => {
        this._moved = new Set();
        this._onUnmarked();
      }, MARK_MS);
    }
  }

  private _pointedRow(): number {
    if (!this._pointer || Date.now() - this._pointer.time > POINTING_MS) {
      return -1;
    }
    const target = document.elementFromPoint(this._pointer.x, this._pointer.y);
    return (target && this._rows.placeOf(target)?.row) ?? -1;
  }

  private _above = 0;
  private _aboveChanged = new Signal<this, number>(this);
  private _moved: ReadonlySet<string> = new Set();
  private _pointer: { x: number; y: number; time: number } | null = null;
  private _timer = 0;
}
