/** The columns that axes and colours of a chart can show, and their titles. Pure. */
import type { IColumn } from '../../../api/types';
import { STATISTICS, statisticSuffix } from '../../../ui/words/statistics';
import type { ColumnKind } from '../../view/columns';
import { BY_COMPONENT, IChart, IContent, typeOf } from '../../view/chart';

/** The kind of scale of an axis. */
export type Scale = 'quantitative' | 'temporal' | 'nominal';

/** The kinds of columns that an axis can show. */
const AXIS_KINDS: readonly ColumnKind[] = ['metric', 'parameter', 'summary', 'tag'];
const COLOR_KINDS: readonly ColumnKind[] = ['parameter', 'tag'];

/** Return the name in a column id, without its kind. */
export function nameOf(columnId: string): string {
  return columnId.slice(columnId.indexOf(':') + 1);
}

/** Return the title of an axis: `test:loss_last`, or the name of a parameter. */
export function contentTitle({ column, statistic }: IContent): string {
  return nameOf(column) + (statistic === null ? '' : statisticSuffix(statistic));
}

export function contentKey({ column, statistic }: IContent): string {
  return `${statistic ?? ''}|${column}`;
}

export function contentOf(key: string): IContent | null {
  const at = key.indexOf('|');
  const statistic = STATISTICS.find(other => other === key.slice(0, at)) ?? null;
  return at < 0 ? null : { column: key.slice(at + 1), statistic };
}

/**
 * Return all that columns can show: six statistics of a metric, one value of every other column.
 */
export function contentsOf(columns: readonly IColumn[]): readonly IContent[] {
  return columns.flatMap(({ id, kind }): IContent[] =>
    kind === 'metric'
      ? STATISTICS.map(statistic => ({ column: id, statistic }))
      : [{ column: id, statistic: null }]
  );
}

/** Return the columns that an axis can show, by kind. */
export function axisColumns(columns: readonly IColumn[]): [ColumnKind, readonly IColumn[]][] {
  return byKind(columns, AXIS_KINDS);
}

/** Return the columns that colours can stand for, by kind. */
export function colorColumns(columns: readonly IColumn[]): [ColumnKind, readonly IColumn[]][] {
  return byKind(columns, COLOR_KINDS);
}

/** Return the columns of numbers, which parallel coordinates can show, by kind. */
export function numberColumns(columns: readonly IColumn[]): [ColumnKind, readonly IColumn[]][] {
  return byKind(
    columns.filter(column => column.type === 'number' || column.type === 'duration'),
    AXIS_KINDS
  );
}

function byKind(
  columns: readonly IColumn[],
  kinds: readonly ColumnKind[]
): [ColumnKind, readonly IColumn[]][] {
  return kinds
    .map((kind): [ColumnKind, readonly IColumn[]] => [
      kind,
      columns.filter(column => column.kind === kind)
    ])
    .filter(([, found]) => found.length > 0);
}

export function scaleOf(columnId: string, columns: readonly IColumn[]): Scale {
  const type = columns.find(({ id }) => id === columnId)?.type;
  if (columnId.startsWith('metric:') || type === 'number' || type === 'duration') {
    return 'quantitative';
  }
  return type === 'time' ? 'temporal' : 'nominal';
}

export function xTitle(chart: IChart): string {
  if (chart.data === 'series') {
    return chart.axis === 'elapsed' ? 'elapsed (s)' : chart.axis;
  }
  return chart.x ? contentTitle(chart.x) : '';
}

export function yTitle(chart: IChart): string {
  if (typeOf(chart) === 'histogram') {
    return 'count';
  }
  if (!chart.y) {
    return '';
  }
  return chart.data === 'series' ? nameOf(chart.y.column) : contentTitle(chart.y);
}

/** Return the title of the legend; null without one. */
export function colorTitle({ color }: IChart): string | null {
  return color === null || color === BY_COMPONENT ? color : nameOf(color);
}
