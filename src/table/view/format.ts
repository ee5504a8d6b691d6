/** Cells as text: on the screen, in a tooltip, in a copy. Pure. */
import type { IRow } from '../../api/types';
import { absoluteTime, duration, relativeTime } from '../../ui/words/time';
import { IShownColumn, STATUS, TRIAL_COMPONENT } from './columns';
import { numberText } from './numberformat';
import { GROUP } from './comparing';
import type { Cell, IRowFacts } from './options';

/** What all cells of one drawing share. */
export interface IFormat {
  readonly locale: string;
  /** The current time in epoch milliseconds, for relative times. */
  readonly now: number;
  /** Returns the word for a status. */
  readonly status: (status: NonNullable<IRow['status']>) => string;
}

/** The text of a cell, short and in full. */
interface ICellText {
  readonly text: string;
  readonly title: string;
}

const EMPTY: ICellText = { text: '', title: '' };

/**
 * Return the text of a cell and of its tooltip. `decimals` are those of the column; null for
 * scientific notation.
 */
export function cellText(
  column: Pick<IShownColumn, 'id' | 'type'> & Partial<Pick<IShownColumn, 'format'>>,
  cell: Cell,
  row: IRowFacts,
  decimals: number | null,
  format: IFormat
): ICellText {
  if (column.id === GROUP) {
    // The group of a row is shown above it.
    return row.group ? { text: row.display_name, title: row.display_name } : EMPTY;
  }
  if (column.id === TRIAL_COMPONENT && !row.group) {
    return { text: row.display_name, title: row.trial_component_name };
  }
  if (column.id === STATUS) {
    const text = row.status ? format.status(row.status) : '';
    return { text, title: text };
  }
  if (cell === null) {
    return EMPTY;
  }
  if (typeof cell === 'string') {
    return { text: cell, title: cell };
  }
  switch (column.type) {
    case 'time':
      return {
        text: relativeTime(cell, format.now, format.locale),
        title: absoluteTime(cell, format.locale)
      };
    case 'duration':
      return { text: duration(cell, format.locale), title: `${cell / 1000} s` };
    case 'number':
      return {
        text: numberText(cell, decimals, format.locale, column.format),
        title: String(cell)
      };
    default:
      return { text: String(cell), title: String(cell) };
  }
}

/**
 * Return a cell in a form that can be read again: exact numbers, instants in ISO 8601, durations in
 * s.
 */
export function exactText(
  column: Pick<IShownColumn, 'id' | 'type'>,
  cell: Cell,
  row: IRowFacts
): string {
  if (column.id === TRIAL_COMPONENT && !row.group) {
    return row.display_name;
  }
  if (cell === null) {
    return '';
  }
  if (column.type === 'time' && typeof cell === 'number') {
    return new Date(cell).toISOString();
  }
  return column.type === 'duration' && typeof cell === 'number'
    ? String(cell / 1000)
    : String(cell);
}

/** Whether the cells of a column are right-aligned: numbers are, so that their digits align. */
export function isAtRight(column: Pick<IShownColumn, 'type'>): boolean {
  return column.type === 'number' || column.type === 'duration';
}

/** Return tab-separated lines. A tab or line break inside a value becomes a space. */
export function tsv(lines: readonly (readonly string[])[]): string {
  return lines
    .map(line => line.map(value => value.replace(/[\t\r\n]+/g, ' ')).join('\t'))
    .join('\n');
}

/** Return the rows that have moved among the others, or are new between them. */
export function movedRows(before: readonly string[], after: readonly string[]): Set<string> {
  const place = new Map(before.map((id, index) => [id, index]));
  const kept = longestIncreasing(after.map(id => place.get(id) ?? -1));
  const last = Math.max(-1, ...kept);
  return new Set(after.filter((_, index) => index < last && !kept.has(index)));
}

/** Return the indexes of a longest increasing subsequence. Negative numbers are skipped. */
function longestIncreasing(numbers: readonly number[]): Set<number> {
  const ends: number[] = []; // ends[n]: index of the smallest last number of a subsequence of n + 1 numbers
  const previous = new Map<number, number>();
  numbers.forEach((number, index) => {
    if (number < 0) {
      return;
    }
    let at = ends.findIndex(end => numbers[end] >= number);
    at = at < 0 ? ends.length : at;
    if (at > 0) {
      previous.set(index, ends[at - 1]);
    }
    ends[at] = index;
  });
  const run = new Set<number>();
  for (let index: number | undefined = ends.at(-1); index !== undefined;) {
    run.add(index);
    index = previous.get(index);
  }
  return run;
}
