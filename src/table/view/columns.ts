/** The columns of a trial component table: their groups, their names and widths. Pure. */
import type { ComponentType, IBestStep, IColumn, Statistic } from '../../api/types';
import type { NumberFormat } from './numberformat';

export type ColumnKind = IColumn['kind'];

/** The groups of TABLE PROPERTIES, in the order of their columns in the table. */
export const GROUPS: readonly ColumnKind[] = [
  'summary',
  'metric',
  'parameter',
  'input_artifact',
  'output_artifact',
  'tag'
];

/** SageMaker's statistics of a metric, in its spelling and order. */
export const STATISTICS: readonly Statistic[] = ['Last', 'Max', 'Min', 'Avg', 'StdDev', 'Count'];

/** The entries of the Data aggregation menu, in its order. */
export const AGGREGATIONS: readonly Statistic[] = ['Last', 'Max', 'Min', 'Avg', 'StdDev', 'Count'];

/** The types of the type filter, in its order. */
export const TYPES: readonly ComponentType[] = [
  'Training job',
  'Transform job',
  'Processing job',
  'Undefined'
];

/** The ids of the summary columns that are drawn in a way of their own. */
export const STATUS = 'summary:Status';
export const EXPERIMENT = 'summary:Experiment';
export const TRIAL = 'summary:Trial';
export const TRIAL_COMPONENT = 'summary:Trial component';

/** The columns that every table has: shown while the table itself is not known yet. */
export const FIRST_COLUMNS: readonly IColumn[] = (
  [
    ['Status', 'text'],
    ['Experiment', 'text'],
    ['Type', 'text'],
    ['Trial', 'text'],
    ['Trial component', 'text'],
    ['Created on', 'time'],
    ['Last modified', 'time']
  ] as const
).map(([name, type]) => ({
  id: `summary:${name}`,
  kind: 'summary',
  name,
  label: name,
  type
}));

/** A column as the table shows it. */
export interface IShownColumn {
  /** Which cells these are: the column and, for a metric, its statistic or step. */
  readonly key: string;
  /** Of this column of the screen; the server's id is that of `serverId`. */
  readonly id: string;
  readonly kind: ColumnKind;
  readonly name: string;
  readonly label: string;
  readonly type: IColumn['type'];
  /** For metrics only. */
  readonly statistic: Statistic | null;
  /** The step whose value a metric shows; then it shows no statistic. */
  readonly at: IBestStep | null;
  readonly format: NumberFormat;
  readonly isPinned: boolean;
  /** In CSS pixels. */
  readonly width: number;
}

/** The key under which the cells of a column of the server are kept. */
export function cellKey(
  columnId: string,
  statistic: Statistic | null,
  at: IBestStep | null = null
): string {
  return at === null ? `${statistic ?? ''}|${columnId}` : `${at.goal}@${at.metric}|${columnId}`;
}

/** Bounds of a column's width, in CSS pixels; our choice. */
const MIN_WIDTH = 48;
const MAX_WIDTH = 800;

/** Of the bold type of a header, in CSS pixels. */
const CHARACTER_WIDTH = 8.2;
const SMALL_CHARACTER_WIDTH = 6.6;
/** Letters of "At the maximum of", with room for the padding. */
const STEP_WORDS = 15;
/** Padding, and the place of the sort arrow with its number. */
const HEADER_EXTRAS = 44;
const TYPICAL_WIDTH: Record<IColumn['type'], number> = {
  text: 120,
  number: 96,
  time: 124,
  duration: 136
};
const NAME_WIDTH = 190;
const MAX_DEFAULT_WIDTH = 260;

/**
 * The width of a column that nobody has resized: its label fits, and so do usual values. With a
 * step, so does the small type that names it.
 */
export function defaultWidth(
  column: Pick<IColumn, 'id' | 'kind' | 'label' | 'type'>,
  at: IBestStep | null = null
): number {
  const typical =
    column.id === EXPERIMENT ||
    column.id === TRIAL ||
    column.id === TRIAL_COMPONENT ||
    column.kind === 'input_artifact' ||
    column.kind === 'output_artifact'
      ? NAME_WIDTH
      : TYPICAL_WIDTH[column.type];
  const header = Math.ceil(column.label.length * CHARACTER_WIDTH) + HEADER_EXTRAS;
  const step = at === null ? 0 : (at.metric.length + STEP_WORDS) * SMALL_CHARACTER_WIDTH;
  return Math.min(MAX_DEFAULT_WIDTH, Math.max(typical, header, step));
}

/** A width that a user may give. */
export function clampWidth(width: number): number {
  return Math.round(Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, width)));
}

/**
 * The columns in the order of the screen.
 *
 * `order` holds the ids of the columns that stand first, as a user arranged them; all others
 * follow, group by group, in the order the server names them.
 */
export function arrange(columns: readonly IColumn[], order: readonly string[]): readonly IColumn[] {
  const natural = GROUPS.flatMap(kind => columns.filter(column => column.kind === kind));
  if (order.length === 0) {
    return natural;
  }
  const byId = new Map(natural.map(column => [column.id, column]));
  const first = order.flatMap(id => byId.get(id) ?? []);
  const placed = new Set(order);
  return [...first, ...natural.filter(column => !placed.has(column.id))];
}

/**
 * The order that puts `id` in front of `before` (null: at the end), as little of it as is needed
 * for {@link arrange} to give it again.
 */
export function reorder(
  columns: readonly IColumn[],
  order: readonly string[],
  id: string,
  before: string | null
): readonly string[] {
  const natural = arrange(columns, []).map(column => column.id);
  const ids = arrange(columns, order)
    .map(column => column.id)
    .filter(other => other !== id);
  const at = before === null ? -1 : ids.indexOf(before);
  ids.splice(at < 0 ? ids.length : at, 0, id);
  let end = ids.length;
  while (end > 0 && ids[end - 1] === natural[end - 1]) {
    end--;
  }
  return ids.slice(0, end);
}
