/** Measures text: how wide a column has to be, and how much of a text fits into a cell. */
import { IShownColumn, STATUS, clampWidth } from '../view/columns';
import { IFormat, cellText } from '../view/format';
import type { RowCache } from '../rows/rowcache';

/** Padding at both sides of a cell, in CSS pixels. */
export const CELL_PADDING = 20;
/** The width of a status icon with the gap after it, in CSS pixels. */
const ICON_WIDTH = 20;
/** Padding of a header, with space for the sort arrow and its number, in CSS pixels. */
const HEADER_EXTRAS = 48;
/** Texts are measured up to this number of characters, because longer ones are cut anyway. */
const LONGEST = 200;

/** Measures text in one font, and cuts it in the middle to a width. */
export class TextFitter {
  /** Use the font of an element from now on. */
  setFont(node: Element): void {
    const { fontSize, fontFamily } = getComputedStyle(node);
    const font = `${fontSize} ${fontFamily}`;
    if (this._context && font !== this._font) {
      this._font = font;
      this._context.font = font;
      this._cuts.clear();
    }
  }

  width(text: string, isBold = false): number {
    if (!this._context) {
      return 0;
    }
    this._context.font = isBold ? `600 ${this._font}` : this._font;
    return this._context.measureText(text).width;
  }

  /** Return as much of a text's beginning and end as fits; the whole text if it fits. */
  cut(text: string, width: number): string {
    const key = `${width} ${text}`;
    let cut = this._cuts.get(key);
    if (cut === undefined) {
      cut = this.width(text) <= width ? text : this._cut(text, width);
      if (this._cuts.size > MAX_CUTS) {
        this._cuts.clear();
      }
      this._cuts.set(key, cut);
    }
    return cut;
  }

  private _cut(text: string, width: number): string {
    const letters = Array.from(text);
    const kept = (count: number): string =>
      letters.slice(0, Math.floor(count / 2)).join('') +
      '…' +
      letters.slice(letters.length - Math.ceil(count / 2)).join('');
    // Letters have similar widths, so the first guess is nearly right.
    const guess = Math.floor((letters.length * width) / this.width(text)) - 1;
    let count = Math.max(1, Math.min(guess, letters.length - 1));
    while (count > 1 && this.width(kept(count)) > width) {
      count--;
    }
    while (count < letters.length - 1 && this.width(kept(count + 1)) <= width) {
      count++;
    }
    return kept(count);
  }

  private readonly _context = document.createElement('canvas').getContext('2d');
  private readonly _cuts = new Map<string, string>();
  private _font = '';
}

/** The cache holds this many cut texts: a few screens of names. Our choice. */
const MAX_CUTS = 5000;

/** Return the width at which the header and the loaded cells fit. */
export function fitWidth(
  column: IShownColumn,
  /** The small text below the header's label. */
  below: string,
  rows: RowCache,
  format: IFormat,
  fitter: TextFitter
): number {
  const extras = CELL_PADDING + 1 + (column.id === STATUS ? ICON_WIDTH : 0);
  let width = Math.max(
    fitter.width(column.label, true) + HEADER_EXTRAS,
    fitter.width(below) + CELL_PADDING
  );
  for (const [index, row] of rows.loaded()) {
    const cell = rows.cell(index, column.key);
    if (cell !== undefined) {
      const { text } = cellText(column, cell, row, rows.decimals(column.key), format);
      width = Math.max(width, fitter.width(text.slice(0, LONGEST)) + extras);
    }
  }
  return clampWidth(Math.ceil(width));
}
