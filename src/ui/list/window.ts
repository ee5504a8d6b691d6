/**
 * Which rows of a long list are drawn, and how the list scrolls when rows are added or removed.
 * Pure.
 */

/** Height of a row of one line in CSS pixels. A target has to be at least 24 px high. */
export const ROW_HEIGHT = 28;
/** Height of a row whose name may take two lines. */
const TALL_ROW_HEIGHT = 40;
/** A first column narrower than this, in CSS pixels, gives its names a second line. */
const WRAP_BELOW = 340;
/** Rows drawn above and below the visible ones, so that quick scrolling shows no blank rows. */
const OVERSCAN = 12;

/** Return the indexes to draw: the visible rows, some around them, and the focused row. */
export function drawnIndexes(
  count: number,
  scrollTop: number,
  height: number,
  rowHeight: number,
  focused: number
): number[] {
  const first = Math.max(0, Math.floor(scrollTop / rowHeight) - OVERSCAN);
  const last = Math.min(count - 1, Math.ceil((scrollTop + height) / rowHeight) + OVERSCAN);
  const indexes: number[] = [];
  if (focused >= 0 && focused < first) {
    indexes.push(focused);
  }
  for (let index = first; index <= last; index++) {
    indexes.push(index);
  }
  if (focused > last && focused < count) {
    indexes.push(focused);
  }
  return indexes;
}

/** A row that has to keep its place on the screen while others are added or removed above it. */
export interface IAnchor {
  key: string;
  index: number;
}

/**
 * Return the row to hold in place: the one below the pointer, else the first visible one.
 *
 * Nothing is held at the top of the list with no pointer in it, so that new rows are visible.
 */
export function anchorOf(
  keys: readonly string[],
  scrollTop: number,
  rowHeight: number,
  pointed: string | null
): IAnchor | null {
  const pointedIndex = pointed === null ? -1 : keys.indexOf(pointed);
  if (pointedIndex >= 0) {
    return { key: keys[pointedIndex], index: pointedIndex };
  }
  const first = Math.floor(scrollTop / rowHeight);
  return scrollTop > 0 && first < keys.length ? { key: keys[first], index: first } : null;
}

/** Return the scroll position that keeps the anchor in place; the old one if the row is gone. */
export function heldScrollTop(
  anchor: IAnchor | null,
  keys: readonly string[],
  scrollTop: number,
  rowHeight: number
): number {
  const index = anchor === null ? -1 : keys.indexOf(anchor.key);
  return index < 0 ? scrollTop : Math.max(0, scrollTop + (index - anchor!.index) * rowHeight);
}

/**
 * Return the columns that fit. They are removed from the right, but never the first one.
 *
 * A width of 0 means that nothing has been measured yet; then all columns are returned.
 */
export function fittingColumns<C extends { width?: number; minWidth?: number }>(
  columns: readonly C[],
  available: number,
  flexibleWidth: number
): C[] {
  let left = available;
  const fitting: C[] = [];
  for (const [index, column] of columns.entries()) {
    left -= column.width ?? column.minWidth ?? flexibleWidth;
    if (available > 0 && left < 0 && index > 0) {
      break;
    }
    fitting.push(column);
  }
  return fitting;
}

/** Return the height of rows: names get two lines where the columns leave little space. */
export function rowHeightOf(columns: readonly { width?: number }[], available: number): number {
  const name = columns.slice(1).reduce((left, column) => left - (column.width ?? 0), available);
  return available > 0 && name < WRAP_BELOW ? TALL_ROW_HEIGHT : ROW_HEIGHT;
}

/**
 * Return the next row, from `from` on and around, whose text starts with `typed`; -1 if there is
 * none.
 */
export function indexStartingWith(
  texts: readonly string[],
  typed: string,
  from: number,
  locale: string
): number {
  const wanted = typed.toLocaleLowerCase(locale);
  for (let step = 0; step < texts.length; step++) {
    const index = (from + step) % texts.length;
    if (texts[index].toLocaleLowerCase(locale).startsWith(wanted)) {
      return index;
    }
  }
  return -1;
}
