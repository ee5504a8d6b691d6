/**
 * The user's choices for single columns: repeated metrics, values at the best step, number formats,
 * pinned columns. Pure.
 */
import type { IBestStep, IColumn, Statistic } from '../../api/types';
import { entriesFrom, isRecord, textsFrom } from './json';
import { NUMBER_FORMATS, NumberFormat } from './numberformat';

/** The part of a view with the choices for single columns, by column id. */
export interface IColumnChoices {
  /** Ids of columns that repeat another one; each contains the id of that column. */
  readonly added: readonly string[];
  /** Metrics that show their value at a step instead of a statistic. */
  readonly bestSteps: Readonly<Record<string, IBestStep>>;
  /** Number formats; other columns have the automatic format. */
  readonly formats: Readonly<Record<string, NumberFormat>>;
  /** Columns that stay at the start of the screen, in their order. */
  readonly pinned: readonly string[];
}

export const DEFAULT_CHOICES: IColumnChoices = {
  added: [],
  bestSteps: {},
  formats: {},
  pinned: []
};

const ADDED = /^added:\d+:/;

/** Return the id by which the server knows a column. */
export function serverId(columnId: string): string {
  return columnId.replace(ADDED, '');
}

/** Whether a column repeats another one. */
export function isAdded(columnId: string): boolean {
  return ADDED.test(columnId);
}

/** Return the columns of the server with repeated ones, each behind the column that it repeats. */
export function withAdded(
  { added }: Pick<IColumnChoices, 'added'>,
  columns: readonly IColumn[]
): readonly IColumn[] {
  if (added.length === 0) {
    return columns;
  }
  return columns
    .filter(column => !isAdded(column.id))
    .flatMap(column => [
      column,
      ...added.filter(id => serverId(id) === column.id).map(id => ({ ...column, id }))
    ]);
}

type View = IColumnChoices & {
  readonly order: readonly string[];
  readonly statistics: Readonly<Record<string, Statistic>>;
  readonly sort: readonly { readonly column: string }[];
  readonly filters: readonly { readonly column: string }[];
};

/** Repeat a metric behind a column, with a statistic of its own. */
export function addColumn<V extends View>(view: V, columnId: string, statistic: Statistic): V {
  let number = 1;
  const name = (): string => `added:${number}:${serverId(columnId)}`;
  while (view.added.includes(name())) {
    number++;
  }
  const id = name();
  return {
    ...view,
    added: insertBehind(view.added, id, columnId),
    order: view.order.includes(columnId) ? insertBehind(view.order, id, columnId) : view.order,
    pinned: view.pinned.includes(columnId) ? insertBehind(view.pinned, id, columnId) : view.pinned,
    statistics: { ...view.statistics, [id]: statistic }
  };
}

/** Remove a repeated column, with all choices for it. */
export function removeAdded<V extends View>(view: V, columnId: string): V {
  const others = (ids: readonly string[]): readonly string[] => ids.filter(id => id !== columnId);
  return {
    ...view,
    added: others(view.added),
    order: others(view.order),
    pinned: others(view.pinned),
    bestSteps: omit(view.bestSteps, columnId),
    formats: omit(view.formats, columnId),
    statistics: omit(view.statistics, columnId),
    sort: view.sort.filter(key => key.column !== columnId),
    filters: view.filters.filter(filter => filter.column !== columnId)
  };
}

/** Show a metric at the step where another one is best; null shows its statistic again. */
export function setBestStep<V extends View>(view: V, columnId: string, at: IBestStep | null): V {
  const bestSteps = omit(view.bestSteps, columnId);
  return { ...view, bestSteps: at === null ? bestSteps : { ...bestSteps, [columnId]: at } };
}

/** Change the number format of a column. */
export function setFormat<V extends View>(view: V, columnId: string, format: NumberFormat): V {
  return { ...view, formats: { ...view.formats, [columnId]: format } };
}

/** Pin a column behind the pinned ones, or unpin it. */
export function pinColumn<V extends View>(view: V, columnId: string, pinned: boolean): V {
  const others = view.pinned.filter(id => id !== columnId);
  return { ...view, pinned: pinned ? [...others, columnId] : others };
}

/** Return pinned columns first, in their order, then all others. */
export function pinnedFirst<T extends { readonly id: string }>(
  columns: readonly T[],
  pinned: readonly string[]
): readonly T[] {
  if (pinned.length === 0) {
    return columns;
  }
  const byId = new Map(columns.map(column => [column.id, column]));
  const first = pinned.flatMap(id => byId.get(id) ?? []);
  const placed = new Set(pinned);
  return [...first, ...columns.filter(column => !placed.has(column.id))];
}

/**
 * Return the pinned columns after one was moved in front of another among `shown`, the ids on the
 * screen; null is the end of the table. A column that is moved between pinned ones becomes pinned.
 * A pinned one that is moved between the others is unpinned.
 */
export function pinnedAfterMove(
  pinned: readonly string[],
  shown: readonly string[],
  columnId: string,
  before: string | null
): readonly string[] {
  const others = pinned.filter(id => id !== columnId);
  if (before !== null && others.includes(before)) {
    const at = others.indexOf(before);
    return [...others.slice(0, at), columnId, ...others.slice(at)];
  }
  const border = shown.find(id => !pinned.includes(id)) ?? null;
  return pinned.includes(columnId) && before === border ? [...others, columnId] : others;
}

/** Return saved choices, without those that are not valid. */
export function choicesFrom(value: Record<string, unknown>): IColumnChoices {
  return {
    added: textsFrom(value.added).filter(isAdded),
    bestSteps: entriesFrom(value.bestSteps, isBestStep),
    formats: entriesFrom(value.formats, isFormat),
    pinned: textsFrom(value.pinned)
  };
}

function isBestStep(value: unknown): value is IBestStep {
  return (
    isRecord(value) &&
    typeof value.metric === 'string' &&
    (value.goal === 'Max' || value.goal === 'Min')
  );
}

function isFormat(value: unknown): value is NumberFormat {
  return NUMBER_FORMATS.includes(value as NumberFormat);
}

/** Insert an id behind another one; at the start if that one is missing. */
function insertBehind(ids: readonly string[], id: string, behind: string): readonly string[] {
  const at = ids.indexOf(behind) + 1;
  return [...ids.slice(0, at), id, ...ids.slice(at)];
}

function omit<T>(record: Readonly<Record<string, T>>, key: string): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(record).filter(([other]) => other !== key));
}
