/** What is on the screen, and which blocks of rows and columns are missing for it. Pure. */
import { BLOCK, Known } from './blocks';
import type { IShownColumn } from '../view/columns';

/** What the grid draws: rows, and indexes of shown columns; the ends are included. */
export interface IWindow {
  readonly first: number;
  readonly last: number;
  readonly direction: -1 | 0 | 1;
  readonly firstColumn: number;
  readonly lastColumn: number;
  /** The number of columns in front of `firstColumn` that are on the screen too. */
  readonly pinned: number;
}

/** Up to this many columns are fetched together; of more, steps around the window. */
const ALL_COLUMNS = 100;
const COLUMN_STEP = 32;

/** The rows and columns that are on the screen, or will be soon. */
export interface IDemand {
  /** The first visible row. */
  readonly first: number;
  /** The last visible row, included. */
  readonly last: number;
  /** The direction of scrolling, in which the next block is fetched ahead. */
  readonly direction: -1 | 0 | 1;
  /** The columns to draw. */
  readonly columns: readonly IShownColumn[];
}

/** Return the demand of a window on these columns. */
export function demandOf(window: IWindow, shown: readonly IShownColumn[]): IDemand {
  const { first, last, direction } = window;
  return { first, last, direction, columns: columnsAround(window, shown) };
}

function columnsAround(window: IWindow, shown: readonly IShownColumn[]): readonly IShownColumn[] {
  if (shown.length <= ALL_COLUMNS) {
    return shown;
  }
  const from = Math.floor((window.firstColumn - COLUMN_STEP / 4) / COLUMN_STEP) * COLUMN_STEP;
  const to = Math.ceil((window.lastColumn + 1 + COLUMN_STEP / 4) / COLUMN_STEP) * COLUMN_STEP;
  const first = Math.max(0, from);
  return [...shown.slice(0, Math.min(window.pinned, first)), ...shown.slice(first, to)];
}

/** A range of blocks to ask for, with the missing columns. */
export interface IMissing {
  readonly from: number;
  readonly to: number;
  readonly columns: readonly IShownColumn[];
}

/**
 * Return what to ask for: the visible blocks first, then the next one in the direction of
 * scrolling. Blocks of an older version than `version` count as missing.
 */
export function missingOf(known: Known, demand: IDemand, version: number): IMissing | null {
  const [from, to] = visibleBlocks(known, demand);
  const ahead = demand.direction < 0 ? from - 1 : to + 1;
  return (
    lacking(known, demand.columns, version, from, to) ??
    (exists(known, ahead) ? lacking(known, demand.columns, version, ahead, ahead) : null)
  );
}

/** Return the first and the last block with visible rows. */
export function visibleBlocks(known: Known, demand: IDemand): [number, number] {
  const end = known.version < 0 ? 0 : Math.max(0, Math.ceil(known.total / BLOCK) - 1);
  const from = Math.min(end, Math.floor(demand.first / BLOCK));
  return [from, Math.max(from, Math.min(end, Math.floor(demand.last / BLOCK)))];
}

/** Whether a running request is still useful: some of its rows are on the screen or come next. */
export function isWanted(missing: IMissing, known: Known, demand: IDemand): boolean {
  const [from, to] = visibleBlocks(known, demand);
  const wanted = new Set(demand.columns.map(column => column.key));
  return (
    missing.to >= from - 1 &&
    missing.from <= to + 1 &&
    (missing.columns.length === 0 || missing.columns.some(column => wanted.has(column.key)))
  );
}

function exists(known: Known, blockIndex: number): boolean {
  return known.version >= 0 && blockIndex >= 0 && blockIndex * BLOCK < known.total;
}

function lacking(
  known: Known,
  columns: readonly IShownColumn[],
  version: number,
  from: number,
  to: number
): IMissing | null {
  const fits = (index: number): boolean =>
    (known.blocks.get(index)?.version ?? -1) >= version && known.blocks.has(index);
  while (from < to && fits(from) && absent(known, columns, from).length === 0) {
    from++;
  }
  while (to > from && fits(to) && absent(known, columns, to).length === 0) {
    to--;
  }
  const indices = Array.from({ length: to - from + 1 }, (_, at) => from + at);
  if (!indices.every(fits)) {
    // Rows may have moved, so everything on the screen is asked for again.
    return { from, to, columns };
  }
  const missing = new Set(indices.flatMap(index => absent(known, columns, index)));
  return missing.size ? { from, to, columns: columns.filter(column => missing.has(column)) } : null;
}

function absent(
  known: Known,
  columns: readonly IShownColumn[],
  blockIndex: number
): readonly IShownColumn[] {
  const cells = known.blocks.get(blockIndex)?.cells;
  return cells ? columns.filter(column => !cells.has(column.key)) : columns;
}
