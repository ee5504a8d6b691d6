/** Keeps the rows still that somebody looks at, and marks those that moved, when rows change. */
import { type ISignal, Signal } from '@lumino/signaling';

import { movedRows } from '../view/format';
import type { TableModel } from '../model';
import type { RowPool } from './rowpool';
import type { Viewport } from './viewport';

/** A pointer that rests longer than this, in milliseconds, points at nothing. Our choice. */
const POINTING_MS = 5000;
/** How long rows that moved by themselves are marked, in milliseconds. */
const MARK_MS = 4000;

export class ScrollAnchor {
  constructor(
    private readonly _model: TableModel,
    private readonly _rows: RowPool,
    private readonly _viewport: Viewport,
    private readonly _onUnmarked: () => void
  ) {}

  /** How many new rows are above the screen, unseen. */
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

  /** The pointer is here; null: it has left the grid. */
  pointAt(place: { x: number; y: number } | null): void {
    this._pointer = place && { ...place, time: Date.now() };
  }

  /** Have rows laid out anew that have changed by themselves: scroll along with them, and mark. */
  keep(layOut: () => void): void {
    const anchor = this._anchor();
    layOut();
    const at = anchor === null ? undefined : this._model.rows.indexOf(anchor.id);
    if (anchor && at !== undefined && at !== anchor.row) {
      this._shift(at - anchor.row);
    }
    this._mark();
  }

  /** The grid was scrolled: at its top nothing is unseen. */
  scrolled(): void {
    if (this._viewport.scrollTop < this._viewport.rowHeight) {
      this._setAbove(0);
    }
  }

  /** The row that must not move, as it is drawn: the one pointed at, else the first visible. */
  private _anchor(): { id: string; row: number } | null {
    const { rowAxis, scrollTop } = this._viewport;
    // At the top new rows come in under the eyes of whoever looks.
    const firstVisible = scrollTop > 0 ? rowAxis.visible(scrollTop).first : -1;
    for (const row of [this._pointedRow(), firstVisible]) {
      const id = row >= 0 ? this._rows.idOf(row) : null;
      if (id !== null) {
        return { id, row };
      }
    }
    return null;
  }

  /** So many rows have come, or gone, above what is looked at. */
  private _shift(by: number): void {
    const { rowAxis, rowHeight, scrollTop } = this._viewport;
    const offset = rowAxis.offset(scrollTop);
    this._viewport.scrollTop = rowAxis.scrollTop(offset + by * rowHeight);
    if (by > 0 && (offset < rowHeight || this._above > 0)) {
      this._setAbove(this._above + by);
    }
  }

  /** Rows that came in above the screen while its top was held. */
  private _setAbove(count: number): void {
    if (count !== this._above) {
      this._above = count;
      this._aboveChanged.emit(count);
    }
  }

  /** Mark, for a while, the rows on the screen that changed their place. */
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
