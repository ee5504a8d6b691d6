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

/** The types of the type filter, in its order. */
export const TYPES: readonly ComponentType[] = [
  'Training job',
  'Transform job',
  'Processing job',
  'Undefined'
];

/** The ids of summary columns that are drawn in a special way. */
export const STATUS = 'summary:Status';
export const EXPERIMENT = 'summary:Experiment';
export const TRIAL = 'summary:Trial';
export const TRIAL_COMPONENT = 'summary:Trial component';

/** Columns that every table has, which are shown before the table is known. */
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
  /** The key of the cells: the column and, for a metric, its statistic or step. */
  readonly key: string;
  /** The id of the column on the screen; `serverId` returns the server's id. */
  readonly id: string;
  readonly kind: ColumnKind;
  readonly name: string;
  readonly label: string;
  readonly type: IColumn['type'];
  /** Only for metrics. */
  readonly statistic: Statistic | null;
  /** The step whose value a metric shows instead of a statistic. */
  readonly at: IBestStep | null;
  readonly format: NumberFormat;
  readonly isPinned: boolean;
  /** In CSS pixels. */
  readonly width: number;
}

/** Return the key of the cells of a column of the server. */
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

/** The width of a character in the bold type of a header, in CSS pixels. */
const CHARACTER_WIDTH = 8.2;
const SMALL_CHARACTER_WIDTH = 6.6;
/** The number of letters in "At the maximum of", with space for the padding. */
const STEP_WORDS = 15;
/** Padding, and space for the sort arrow with its number, in CSS pixels. */
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
 * Return the width of a column that was not resized, which fits its label and usual values. With a
 * step, it also fits the small text that names the step.
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

/** Return the nearest width that is allowed. */
export function clampWidth(width: number): number {
  return Math.round(Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, width)));
}

/**
 * Return the columns in the order of the screen.
 *
 * `order` has the ids of the columns that the user has moved to the front. All others follow, group
 * by group, in the order of the server.
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
 * Return the order that puts `id` in front of `before` (null: at the end), as short as {@link
 * arrange} allows.
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
