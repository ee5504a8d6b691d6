/** The keyboard of the grid, which moves the active cell. Actions on rows are commands. */
import type { IShownColumn } from '../view/columns';
import { type IFormat, cellText } from '../view/format';
import type { GridFocus } from './focus';
import { groupKey } from './groupkeys';
import type { TableModel } from '../model';
import { cycleSort } from '../view/view';
import type { Viewport } from './viewport';

/** Letters typed faster than this, in milliseconds, make one word to jump to. Our choice. */
const TYPING_MS = 800;

/** The parts of the grid that the keyboard uses. */
interface IKeyTarget {
  readonly model: TableModel;
  readonly viewport: Viewport;
  readonly focus: GridFocus;
  /** How cells are written now. */
  format: () => IFormat;
}

export class GridKeys {
  constructor(private readonly _grid: IKeyTarget) {}

  /** Handle a key. JupyterLab handles the keys that have no meaning here. */
  handle(event: KeyboardEvent): void {
    if (event.altKey || event.defaultPrevented) {
      return;
    }
    const { model, viewport } = this._grid;
    const inHeader = model.selection.active.row < 0;
    const isPlain = !event.shiftKey && !event.ctrlKey && !event.metaKey;
    if (isPlain && groupKey(model, event.key, viewport.isMirrored)) {
      this._grid.focus.reveal();
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    if (this._sideways(event) || (inHeader ? this._inHeader(event) : this._inRows(event))) {
      event.preventDefault();
      event.stopPropagation();
    }
  }

  private _sideways(event: KeyboardEvent): boolean {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined || event.shiftKey) {
      return false;
    }
    const { model, focus, viewport } = this._grid;
    const at = focus.column + (viewport.isMirrored ? -step : step);
    this._goToColumn(Math.max(0, Math.min(at, model.shown.length - 1)));
    return true;
  }

  private _inHeader(event: KeyboardEvent): boolean {
    const { model, focus, viewport } = this._grid;
    const column: IShownColumn | undefined = model.shown[focus.column];
    switch (event.key) {
      case 'ArrowDown':
        if (viewport.rowCount > 0) {
          model.selection.moveTo(0, { add: event.ctrlKey || event.metaKey });
          focus.reveal();
        }
        return true;
      case ' ':
        if (column) {
          model.update(view => cycleSort(view, column, event.shiftKey));
        }
        return true;
      case 'Home':
      case 'End':
        this._goToColumn(event.key === 'Home' ? 0 : model.shown.length - 1);
        return true;
      default:
        return this._onLetters(event);
    }
  }

  private _inRows(event: KeyboardEvent): boolean {
    const { model, viewport } = this._grid;
    const { rowCount, pageRows } = viewport;
    const { row } = model.selection.active;
    const isCommand = event.ctrlKey || event.metaKey;
    const targets: Record<string, number> = {
      ArrowDown: row + 1,
      ArrowUp: row - 1,
      PageDown: row + pageRows,
      PageUp: row - pageRows,
      Home: 0,
      End: rowCount - 1
    };
    if (event.key === 'ArrowUp' && row === 0 && !event.shiftKey) {
      model.selection.activate(-1);
      this._grid.focus.reveal();
    } else if (event.key in targets) {
      if (isCommand && (event.key === 'Home' || event.key === 'End')) {
        const place = event.key === 'Home' ? 0 : model.shown.length - 1;
        model.selection.activate(row, model.shown[place]?.id ?? null);
      }
      this._goToRow(targets[event.key], event);
    } else if (event.key === ' ') {
      model.selection.toggle();
    } else if (isCommand && event.key.toLowerCase() === 'a') {
      model.selection.selectAll();
    } else {
      return this._onLetters(event);
    }
    return true;
  }

  private _goToRow(row: number, event: KeyboardEvent): void {
    const { model, viewport } = this._grid;
    const { rowCount } = viewport;
    if (rowCount > 0) {
      const target = Math.max(0, Math.min(row, rowCount - 1));
      model.selection.moveTo(target, {
        range: event.shiftKey,
        add: event.ctrlKey || event.metaKey
      });
      this._grid.focus.reveal();
    }
  }

  private _goToColumn(place: number): void {
    const { selection, shown } = this._grid.model;
    selection.activate(selection.active.row, shown[place]?.id ?? null);
    this._grid.focus.reveal();
  }

  /** Move to the next row whose cell in the active column starts with the typed letters. */
  private _onLetters(event: KeyboardEvent): boolean {
    if (
      event.key.length !== 1 ||
      event.ctrlKey ||
      event.metaKey ||
      event.key === '/' ||
      event.key === ' '
    ) {
      return false;
    }
    const isNew = event.timeStamp - this._typedTime > TYPING_MS;
    this._typed = (isNew ? '' : this._typed) + event.key.toLocaleLowerCase();
    this._typedTime = event.timeStamp;
    const row = this._rowStartingWith(this._typed);
    if (row !== null) {
      this._grid.model.selection.moveTo(row);
      this._grid.focus.reveal();
    }
    return true;
  }

  /** One letter goes to the next such row; a longer word may stay on the same row. */
  private _rowStartingWith(word: string): number | null {
    const { model, focus } = this._grid;
    const format = this._grid.format();
    const column = model.shown[focus.column];
    if (!column) {
      return null;
    }
    const from = model.selection.active.row + (word.length === 1 ? 1 : 0);
    const found: number[] = [];
    for (const [index, row] of model.rows.loaded()) {
      const cell = model.rows.cell(index, column.key);
      if (cell !== undefined) {
        const { text } = cellText(column, cell, row, model.rows.decimals(column.key), format);
        if (text.toLocaleLowerCase().startsWith(word)) {
          found.push(index);
        }
      }
    }
    return found.find(index => index >= from) ?? found[0] ?? null;
  }

  private _typed = '';
  private _typedTime = 0;
}
