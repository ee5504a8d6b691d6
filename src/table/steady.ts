/** Keeps the rows still that somebody looks at, and marks those that moved, when rows change. */
import { movedRows } from './format';
import type { TableModel } from './model';
import type { RowPool } from './rowpool';

/** A pointer that rests longer than this, in milliseconds, points at nothing. Our choice. */
const POINTING_MS = 5000;
/** How long rows that moved by themselves are marked, in milliseconds. */
const MARK_MS = 4000;

export class SteadyRows {
  constructor(
    private readonly _model: TableModel,
    private readonly _rows: RowPool,
    private readonly _onUnmarked: () => void
  ) {}

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

  /**
   * The row that must not move, as it is drawn: the one pointed at, else the first on the screen.
   *
   * `firstVisible` is -1 at the top, where new rows come in under the eyes of whoever looks.
   */
  anchor(firstVisible: number): { id: string; row: number } | null {
    for (const row of [this._pointedRow(), firstVisible]) {
      const id = row >= 0 ? this._rows.idOf(row) : null;
      if (id !== null) {
        return { id, row };
      }
    }
    return null;
  }

  /** Mark, for a while, the rows from `first` to `last` that changed their place. */
  mark(first: number, last: number): void {
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

  private _moved: ReadonlySet<string> = new Set();
  private _pointer: { x: number; y: number; time: number } | null = null;
  private _timer = 0;
}
