/** How a table compares its rows: differences, best values, baseline, groups. Pure. */
import type { IColumn, IView } from '../../api/types';
import { serverId } from './choices';
import { IShownColumn, cellKey } from './columns';
import { entriesFrom, isRecord, textsFrom } from './json';

/** Which value of a metric is the best. */
export type Goal = 'Max' | 'Min' | 'None';

/** A row or a group with which others are compared. */
interface IBaseline {
  readonly id: string;
  /** Its name as it was shown, for the time in which it is not in the table. */
  readonly label: string;
}

/** The part of a view about comparing. */
export interface IComparing {
  readonly onlyDifferences: boolean;
  readonly markBest: boolean;
  /** By column id. For other metrics, {@link goalOf} decides by their name. */
  readonly goals: Readonly<Record<string, Goal>>;
  readonly baseline: IBaseline | null;
  /** Ids of parameters and tags. */
  readonly groupBy: readonly string[];
  /** Ids of the groups that are unfolded. */
  readonly expanded: readonly string[];
}

export const NOTHING_COMPARED: IComparing = {
  onlyDifferences: false,
  markBest: false,
  goals: {},
  baseline: null,
  groupBy: [],
  expanded: []
};

interface IComparingView {
  readonly comparing: IComparing;
}

/** The maximum number of columns to group by. Our choice; the server allows 8. */
export const MAX_KEYS = 3;

/** The first column of a grouped table. */
export const GROUP = 'summary:Group';
const GROUP_NAME = 'Group';
export const GROUP_COLUMN: IColumn = {
  id: GROUP,
  kind: 'summary',
  name: GROUP_NAME,
  label: GROUP_NAME,
  type: 'text'
};

// Changes

/** Change some of the settings. */
export function compare<V extends IComparingView>(view: V, change: Partial<IComparing>): V {
  return { ...view, comparing: { ...view.comparing, ...change } };
}

/** Group the rows by columns; without columns, end grouping. */
export function groupRows<V extends IComparingView>(view: V, groupBy: readonly string[]): V {
  const { baseline } = view.comparing;
  const isGroup = baseline !== null && isGroupId(baseline.id);
  return compare(view, {
    groupBy: [...new Set(groupBy)].slice(0, MAX_KEYS),
    expanded: [],
    baseline: isGroup ? null : baseline
  });
}

/** Unfold a group, or fold it. */
export function toggleGroup<V extends IComparingView>(view: V, groupId: string): V {
  const { expanded } = view.comparing;
  const others = expanded.filter(id => id !== groupId);
  return compare(view, {
    expanded: others.length < expanded.length ? others : [...expanded, groupId]
  });
}

function isGroupId(rowId: string): boolean {
  return rowId.startsWith('group:');
}

/** Names of metrics for which less is better. For names in other languages, the user chooses. */
const LESS_IS_BETTER =
  /(^|[^a-z])(loss|err|error|errors|rmse|mse|mae|mape|rmsle|perplexity|ppl|nll|wer|cer|latency|time|duration|cost|fid|distance|divergence|kl)([^a-z]|$)/;

/** Return which value of a metric is best: the user's choice, else by its name. */
export function goalOf(comparing: IComparing, column: Pick<IColumn, 'id' | 'name'>): Goal {
  return comparing.goals[serverId(column.id)] ?? guessedGoal(column.name);
}

function guessedGoal(name: string): Goal {
  const words = name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  return LESS_IS_BETTER.test(words) ? 'Min' : 'Max';
}

// Queries

type CompareQuery = Required<Pick<IView, 'group_by' | 'expanded' | 'baseline' | 'extents'>>;

/** Return the part of a row query about comparing, without columns that the table does not have. */
export function compareQuery(comparing: IComparing, columns: readonly IColumn[]): CompareQuery {
  const ids = new Set(columns.map(column => column.id));
  const groupBy = comparing.groupBy.filter(id => ids.has(id));
  return {
    group_by: groupBy,
    expanded: groupBy.length ? [...comparing.expanded] : [],
    baseline: comparing.baseline?.id ?? null,
    extents: comparing.markBest
  };
}

/** Whether two queries have the same rows in the same order, apart from groups and baseline. */
export function isSameOrder(one: IView, other: IView): boolean {
  const plain = (query: IView): string =>
    JSON.stringify({ ...query, expanded: [], baseline: null, extents: false });
  return plain(one) === plain(other);
}

// Columns

/** Space for the notes beside a number, in CSS pixels. */
const SPREAD_WIDTH = 84;
const DIFFERENCE_WIDTH = 64;
const GROUP_WIDTH = 220;

/**
 * Return the columns of a comparing table: the group first, and only those that differ if asked.
 */
export function comparedColumns(
  shown: readonly IShownColumn[],
  view: IComparingView & { readonly widths: Readonly<Record<string, number>> },
  query: Pick<IView, 'group_by' | 'baseline'>,
  differing: ReadonlySet<string> | null
): readonly IShownColumn[] {
  const { onlyDifferences } = view.comparing;
  const isGrouped = (query.group_by ?? []).length > 0;
  const more = (isGrouped ? SPREAD_WIDTH : 0) + (query.baseline ? DIFFERENCE_WIDTH : 0);
  let columns = shown;
  if (onlyDifferences && differing !== null) {
    const different = shown.filter(column => differing.has(serverId(column.id)));
    // A table without columns would be of no use.
    columns = different.length ? different : shown;
  }
  if (more > 0) {
    columns = columns.map(column =>
      hasRoomBeside(column) && view.widths[column.id] === undefined
        ? { ...column, width: column.width + more }
        : column
    );
  }
  return isGrouped ? [groupColumn(view.widths[GROUP]), ...columns] : columns;
}

function hasRoomBeside({ type }: Pick<IShownColumn, 'type'>): boolean {
  return type === 'number' || type === 'duration';
}

function groupColumn(width = GROUP_WIDTH): IShownColumn {
  return {
    ...GROUP_COLUMN,
    key: cellKey(GROUP, null),
    statistic: null,
    at: null,
    format: 'automatic',
    isPinned: true,
    width
  };
}

// Saved form

const GOALS: readonly Goal[] = ['Max', 'Min', 'None'];

/** Return saved settings; what is not valid gets its default. */
export function comparingFrom(value: unknown): IComparing {
  if (!isRecord(value)) {
    return NOTHING_COMPARED;
  }
  const kept: Partial<Record<keyof IComparing, unknown>> = value;
  return {
    onlyDifferences: kept.onlyDifferences === true,
    markBest: kept.markBest === true,
    goals: entriesFrom(kept.goals, isGoal),
    baseline: baselineFrom(kept.baseline),
    groupBy: textsFrom(kept.groupBy).slice(0, MAX_KEYS),
    expanded: textsFrom(kept.expanded)
  };
}

function isGoal(value: unknown): value is Goal {
  return GOALS.includes(value as Goal);
}

function baselineFrom(value: unknown): IBaseline | null {
  const { id, label } = isRecord(value) ? value : {};
  return typeof id === 'string' && typeof label === 'string' ? { id, label } : null;
}
