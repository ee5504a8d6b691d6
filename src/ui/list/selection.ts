/** The selected rows of a list and its focused cell. Rows are known by their keys. */
import { ISignal, Signal } from '@lumino/signaling';

/** The keys held down while a row is clicked or moved to. */
interface IReach {
  /** `Shift`: all rows from the anchor to this one. */
  range?: boolean;
  /** `Ctrl/Cmd`: a click adds or removes the row; a key moves without selecting. */
  add?: boolean;
}

/** A selection that is kept while rows are added, removed and moved. */
export class ListSelection {
  /** Selection or focus has changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get selected(): ReadonlySet<string> {
    return this._selected;
  }

  /** The selected keys in the order on the screen. */
  get selectedInOrder(): string[] {
    return this._keys.filter(key => this._selected.has(key));
  }

  /** The row that has the focus, or would get it; null in an empty list. */
  get focusKey(): string | null {
    return this._focusKey ?? this._keys[0] ?? null;
  }

  /** The index of the cell that has the focus in its row. */
  get focusColumn(): number {
    return this._focusColumn;
  }

  /** Whether the focus is in the row of column headers. */
  get inHeader(): boolean {
    return this._inHeader || this._keys.length === 0;
  }

  indexOf(key: string | null): number {
    return key === null ? -1 : (this._index.get(key) ?? -1);
  }

  /** Set the keys of the rows. Keys that are gone are no longer selected. */
  setKeys(keys: readonly string[]): void {
    const before = this.indexOf(this._focusKey);
    this._keys = keys;
    this._index = new Map(keys.map((key, index) => [key, index]));
    const selected = [...this._selected].filter(key => this._index.has(key));
    const lostFocus = this._focusKey !== null && !this._index.has(this._focusKey);
    if (this._anchor !== null && !this._index.has(this._anchor)) {
      this._anchor = null;
    }
    if (lostFocus) {
      this._focusKey = keys[Math.min(before, keys.length - 1)] ?? null;
    }
    if (lostFocus || selected.length !== this._selected.size) {
      this._selected = new Set(selected);
      this._changed.emit();
    }
  }

  /** Start with another list. */
  reset(): void {
    this._focusColumn = 0;
    this._inHeader = false;
    this.restart();
  }

  /** Start with another order: nothing is selected, and the focus stays in the header. */
  restart(): void {
    this._selected = new Set();
    this._anchor = this._focusKey = null;
    this.setKeys([]);
    this._changed.emit();
  }

  /**
   * Select the clicked row; with `add`, add or remove it; with `range`, select all rows up to it.
   */
  click(key: string, reach: IReach = {}, column = this._focusColumn): void {
    this._focus(key, column);
    if (reach.range) {
      this._selectRange(key, reach.add ?? false);
    } else if (reach.add) {
      this._flip(key);
    } else {
      this._selectOnly(key);
    }
    this._changed.emit();
  }

  /** A right-click inside the selection keeps it; elsewhere it selects the row. */
  pick(key: string, column = this._focusColumn): void {
    this._focus(key, column);
    if (!this._selected.has(key)) {
      this._selectOnly(key);
    }
    this._changed.emit();
  }

  /** Move the focus to a row by a key: select it, extend the selection to it, or only move. */
  moveTo(index: number, reach: IReach = {}): void {
    const key = this._keys[Math.max(0, Math.min(index, this._keys.length - 1))];
    if (key === undefined) {
      return;
    }
    if (reach.range && this._anchor === null) {
      this._anchor = this.focusKey;
    }
    this._focus(key, this._focusColumn);
    if (reach.range) {
      this._selectRange(key, false);
    } else if (!reach.add) {
      this._selectOnly(key);
    }
    this._changed.emit();
  }

  /** Move the focus to a cell of the focused row, or of the header. */
  moveToColumn(column: number): void {
    this._focusColumn = Math.max(0, column);
    this._changed.emit();
  }

  /** Move the focus into the row of column headers, or back to the rows. */
  setInHeader(inHeader: boolean): void {
    this._inHeader = inHeader;
    this._changed.emit();
  }

  /** Select the focused row, or deselect it. */
  toggle(): void {
    const key = this.focusKey;
    if (key !== null) {
      this._focus(key, this._focusColumn);
      this._flip(key);
      this._changed.emit();
    }
  }

  selectAll(): void {
    this._selected = new Set(this._keys);
    this._changed.emit();
  }

  private _focus(key: string, column: number): void {
    this._focusKey = key;
    this._focusColumn = column;
    this._inHeader = false;
  }

  private _selectOnly(key: string): void {
    this._selected = new Set([key]);
    this._anchor = key;
  }

  private _flip(key: string): void {
    const selected = new Set(this._selected);
    if (!selected.delete(key)) {
      selected.add(key);
    }
    this._selected = selected;
    this._anchor = key;
  }

  private _selectRange(key: string, add: boolean): void {
    const from = this.indexOf(this._anchor ?? key);
    const to = this.indexOf(key);
    const range = this._keys.slice(Math.min(from, to), Math.max(from, to) + 1);
    this._selected = new Set(add ? [...this._selected, ...range] : range);
    this._anchor = this._anchor ?? key;
  }

  private _anchor: string | null = null;
  private _changed = new Signal<this, void>(this);
  private _focusColumn = 0;
  private _focusKey: string | null = null;
  private _inHeader = false;
  private _index = new Map<string, number>();
  private _keys: readonly string[] = [];
  private _selected: ReadonlySet<string> = new Set();
}
