/**
 * The selected rows of a table, and the active cell of the keyboard.
 *
 * Rows are known by id, so both are kept over refresh, sort and filter. An index is only where a
 * row was last seen.
 */
import { ISignal, Signal } from '@lumino/signaling';

import type { IRowFacts } from '../view/options';

/** The source in which rows are looked up. */
interface IRowSource {
  readonly total: number | null;
  row(index: number): IRowFacts | undefined;
  indexOf(id: string): number | undefined;
}

/** The cell that has the focus, or would get it. `row` is -1 in the header. */
interface IActiveCell {
  readonly row: number;
  readonly rowId: string | null;
  readonly column: string | null;
}

/** The keys held down while a row is clicked or moved to. */
interface IReach {
  /** `Shift`: all rows from the anchor to this one. */
  range?: boolean;
  /** `Ctrl/Cmd`: a click adds or removes the row; a key moves without selecting. */
  add?: boolean;
}

interface IPlace {
  readonly id: string | null;
  readonly index: number;
}

export class TableSelection {
  /**
   * `listFacts` reads rows that are not loaded, both ends included; it returns null after a
   * failure, which it has reported.
   */
  constructor(
    private readonly _rows: IRowSource,
    private readonly _listFacts: (
      first: number,
      last: number
    ) => Promise<readonly IRowFacts[] | null>
  ) {}

  /** The selection or the active cell has changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get active(): IActiveCell {
    return this._active;
  }

  get size(): number {
    return this._selected.size;
  }

  has(id: string): boolean {
    return this._selected.has(id);
  }

  /** The selected rows as last seen, in the order on the screen as far as it is known. */
  get rows(): readonly IRowFacts[] {
    const place = (row: IRowFacts): number => this._rows.indexOf(row.id) ?? Infinity;
    return [...this._selected.values()].sort((a, b) => place(a) - place(b) || 0);
  }

  /** Move to a cell without selecting. Row -1 is the header; column null keeps the column. */
  activate(row: number, column: string | null = this._active.column): void {
    this._activate(row, column);
    this._changed.emit();
  }

  /**
   * Select the clicked row; with `add`, add or remove it; with `range`, select all rows from the
   * anchor.
   */
  click(row: number, column: string | null, reach: IReach = {}): void {
    const facts = this._rows.row(row);
    this._activate(row, column);
    if (reach.range) {
      this._selectRange(row, reach.add ?? false);
    } else if (!reach.add) {
      this._selectOnly(facts, row);
    } else if (facts) {
      this._flip(facts, row);
    }
    this._changed.emit();
  }

  /** A right-click inside the selection keeps it; elsewhere it selects the row. */
  pick(row: number, column: string | null): void {
    const facts = this._rows.row(row);
    this._activate(row, column);
    if (!facts || !this._selected.has(facts.id)) {
      this._selectOnly(facts, row);
    }
    this._changed.emit();
  }

  /** Move to a row by a key: select it, extend the selection to it, or only move. */
  moveTo(row: number, reach: IReach = {}): void {
    const from = this._active;
    const facts = this._rows.row(row);
    if (reach.range && this._anchor === null && from.row >= 0) {
      this._anchor = { id: from.rowId, index: from.row };
    }
    this._activate(row, from.column);
    if (reach.range) {
      this._selectRange(row, false);
    } else if (!reach.add) {
      this._selectOnly(facts, row);
    }
    this._changed.emit();
  }

  /** Select the active row, or deselect it. */
  toggle(): void {
    const facts = this._rows.row(this._active.row);
    if (facts) {
      this._flip(facts, this._active.row);
      this._changed.emit();
    }
  }

  /** Select all rows, as far as the limit goes. */
  selectAll(): void {
    this._anchor = { id: this._rows.row(0)?.id ?? null, index: 0 };
    this._selectRange((this._rows.total ?? 0) - 1, false);
    this._changed.emit();
  }

  /** Update what is known of the selected rows after rows were added, removed or moved. */
  sync(loaded: Iterable<[number, IRowFacts]>, isComplete: boolean): void {
    if (this._selected.size) {
      this._syncSelected(loaded, isComplete);
    }
    const { row, rowId, column } = this._active;
    const last = (this._rows.total ?? 0) - 1;
    if (row >= 0 && last >= 0) {
      const known = rowId === null ? undefined : this._rows.indexOf(rowId);
      // A row that is not found is not loaded, or gone. Its index is kept.
      const at = known ?? Math.min(row, last);
      const isGone = rowId !== null && known === undefined && isComplete;
      const isFound = rowId === null && this._isActivated;
      const id = isGone || isFound ? (this._rows.row(at)?.id ?? null) : rowId;
      this._active = { row: at, rowId: id, column };
    }
    this._changed.emit();
  }

  private _syncSelected(loaded: Iterable<[number, IRowFacts]>, isComplete: boolean): void {
    const seen = new Set<string>();
    for (const [, facts] of loaded) {
      seen.add(facts.id);
      if (this._selected.has(facts.id)) {
        this._selected.set(facts.id, facts);
      }
    }
    if (isComplete) {
      for (const id of [...this._selected.keys()].filter(key => !seen.has(key))) {
        this._selected.delete(id);
      }
    }
  }

  private _activate(row: number, column: string | null): void {
    this._isActivated = true;
    this._active = {
      row,
      rowId: row < 0 ? null : (this._rows.row(row)?.id ?? null),
      column
    };
  }

  private _selectOnly(facts: IRowFacts | undefined, row: number): void {
    if (facts === undefined) {
      // The row is not loaded yet: read it as a range of one row.
      this._anchor = { id: null, index: row };
      this._selectRange(row, false);
      return;
    }
    this._turn++;
    this._selected = new Map([[facts.id, facts]]);
    this._anchor = { id: facts.id, index: row };
  }

  private _flip(facts: IRowFacts, row: number): void {
    this._turn++;
    if (!this._selected.delete(facts.id)) {
      this._selected.set(facts.id, facts);
    }
    this._anchor = { id: facts.id, index: row };
  }

  private _selectRange(row: number, add: boolean): void {
    const turn = ++this._turn;
    const anchor = this._anchorIndex(row);
    const first = Math.max(0, Math.min(anchor, row));
    const last = Math.min(Math.max(anchor, row), first + MAX_SELECTED - 1);
    const before = add ? this._selected : new Map<string, IRowFacts>();
    const known: IRowFacts[] = [];
    for (let index = first; index <= last; index++) {
      const facts = this._rows.row(index);
      if (facts) {
        known.push(facts);
      }
    }
    this._selected = withRows(before, known);
    if (known.length < last - first + 1) {
      void this._selectUnloaded(turn, first, last, before);
    }
  }

  private async _selectUnloaded(
    turn: number,
    first: number,
    last: number,
    before: ReadonlyMap<string, IRowFacts>
  ): Promise<void> {
    const rows = await this._listFacts(first, last);
    // The user may have selected something else in the meantime.
    if (rows && turn === this._turn) {
      this._selected = withRows(before, rows);
      this._changed.emit();
    }
  }

  private _anchorIndex(row: number): number {
    if (this._anchor === null) {
      this._anchor = { id: this._rows.row(row)?.id ?? null, index: row };
    }
    const { id, index } = this._anchor;
    return (id === null ? undefined : this._rows.indexOf(id)) ?? index;
  }

  private _active: IActiveCell = { row: 0, rowId: null, column: null };
  private _anchor: IPlace | null = null;
  private _changed = new Signal<this, void>(this);
  /** Whether the user has activated a cell. Until then, the first row is always the active one. */
  private _isActivated = false;
  private _selected = new Map<string, IRowFacts>();
  private _turn = 0;
}

/** The maximum number of selected rows, which are all kept in the browser. Our choice. */
const MAX_SELECTED = 10_000;

function withRows(
  before: ReadonlyMap<string, IRowFacts>,
  rows: readonly IRowFacts[]
): Map<string, IRowFacts> {
  const selected = new Map(before);
  rows.forEach(row => selected.set(row.id, row));
  return selected;
}
