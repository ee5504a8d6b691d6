/** A chart of a table as a value: its data and its looks. Pure. */
import type { Statistic } from '../../api/types';
import { STATISTICS } from '../../ui/words/statistics';
import { isNumber, isRecord, textsFrom } from './json';

/** The source of a line or mark: a logged series, or one number for each row. */
export const DATA_TYPES = ['series', 'statistics'] as const;
export type DataType = (typeof DATA_TYPES)[number];

export const CHART_TYPES = ['line', 'scatter', 'bar', 'histogram', 'parallel'] as const;
export type ChartType = (typeof CHART_TYPES)[number];

/** The axis of a series; `elapsed` is the time since its first value. */
export const SERIES_AXES = ['step', 'epoch', 'time', 'elapsed'] as const;
export type SeriesAxis = (typeof SERIES_AXES)[number];

/** A value of `color`, besides parameters and tags. */
export const BY_COMPONENT = 'trialComponentName';

/** A column, with a statistic if it is a metric. */
export interface IContent {
  readonly column: string;
  readonly statistic: Statistic | null;
}

export interface IChart {
  readonly id: string;
  /** Ids of the rows it was added for; null for all rows. Rows that filters hide are not drawn. */
  readonly rows: readonly string[] | null;
  readonly data: DataType;
  readonly type: ChartType;
  /** For time series. */
  readonly axis: SeriesAxis;
  /** For summary statistics; null until the user chooses one. */
  readonly x: IContent | null;
  /** For time series, a metric without a statistic. */
  readonly y: IContent | null;
  /** For parallel coordinates, from left to right. */
  readonly axes: readonly IContent[];
  /** {@link BY_COMPONENT}, or a column id; null for one colour. */
  readonly color: string | null;
  readonly logX: boolean;
  readonly logY: boolean;
  /** The weight of earlier points in each point of a line, from 0 to 0.99. */
  readonly smoothing: number;
  /** Whether mean and standard deviation of each colour are drawn instead of single lines. */
  readonly band: boolean;
}

/** The part of a view that holds charts. */
interface IChartsView {
  readonly charts: readonly IChart[];
}

/** More charts could not be told apart, nor saved with the tab. Our choice. */
export const MAX_CHARTS = 20;
/** The maximum number of rows that a chart can name, and that the server draws. */
export const MAX_CHART_ROWS = 1000;
export const MAX_AXES = 12;
export const MAX_SMOOTHING = 0.99;

export function newChart(id: string, rows: readonly string[] | null): IChart {
  return {
    id,
    rows,
    data: 'series',
    type: 'line',
    axis: 'step',
    x: null,
    y: null,
    axes: [],
    color: BY_COMPONENT,
    logX: false,
    logY: false,
    smoothing: 0,
    band: false
  };
}

/** Whether the choices are complete, so that something can be drawn. */
export function isDrawable(chart: IChart): boolean {
  switch (typeOf(chart)) {
    case 'histogram':
      return chart.x !== null;
    case 'parallel':
      return chart.axes.length > 1;
    default:
      return chart.y !== null && (chart.data === 'series' || chart.x !== null);
  }
}

/** Return the type of the drawn chart: series are lines or points. */
export function typeOf({ data, type }: IChart): ChartType {
  return data === 'series' && type !== 'scatter' ? 'line' : type;
}

/** Whether a band can be drawn: there are lines, and each colour stands for several. */
export function hasBand(chart: IChart): boolean {
  return chart.band && typeOf(chart) === 'line' && chart.color !== BY_COMPONENT;
}

// In a view

/** Add a chart at the end, with an id of its own. */
export function addChart<V extends IChartsView>(view: V, rows: readonly string[] | null): V {
  const taken = new Set(view.charts.map(({ id }) => id));
  let number = view.charts.length + 1;
  while (taken.has(`chart-${number}`)) {
    number++;
  }
  return { ...view, charts: [...view.charts, newChart(`chart-${number}`, rows)] };
}

export function changeChart<V extends IChartsView>(
  view: V,
  id: string,
  change: Partial<IChart>
): V {
  const charts = view.charts.map(chart => (chart.id === id ? { ...chart, ...change } : chart));
  return { ...view, charts };
}

export function removeChart<V extends IChartsView>(view: V, id: string): V {
  return { ...view, charts: view.charts.filter(chart => chart.id !== id) };
}

// Kept beyond a reload

/** Return saved charts; what is not valid gets its default. */
export function chartsFrom(value: unknown): readonly IChart[] {
  const found = new Map<string, IChart>();
  for (const item of Array.isArray(value) ? value : []) {
    if (isRecord(item) && typeof item.id === 'string' && item.id && found.size < MAX_CHARTS) {
      found.set(item.id, chartFrom(item.id, item));
    }
  }
  return [...found.values()];
}

function chartFrom(id: string, value: Record<string, unknown>): IChart {
  const rows = Array.isArray(value.rows) ? textsFrom(value.rows).slice(0, MAX_CHART_ROWS) : null;
  const axes = Array.isArray(value.axes) ? value.axes : [];
  const fallback = newChart(id, rows);
  return {
    id,
    rows,
    data: oneOf(DATA_TYPES, value.data) ?? fallback.data,
    type: oneOf(CHART_TYPES, value.type) ?? fallback.type,
    axis: oneOf(SERIES_AXES, value.axis) ?? fallback.axis,
    x: contentFrom(value.x),
    y: contentFrom(value.y),
    axes: axes.flatMap(item => contentFrom(item) ?? []).slice(0, MAX_AXES),
    color: typeof value.color === 'string' && value.color ? value.color : null,
    logX: value.logX === true,
    logY: value.logY === true,
    smoothing: isNumber(value.smoothing)
      ? Math.min(MAX_SMOOTHING, Math.max(0, value.smoothing))
      : 0,
    band: value.band === true
  };
}

function contentFrom(value: unknown): IContent | null {
  return isRecord(value) && typeof value.column === 'string' && value.column
    ? { column: value.column, statistic: oneOf(STATISTICS, value.statistic) ?? null }
    : null;
}

function oneOf<T>(known: readonly T[], value: unknown): T | undefined {
  return known.find(item => item === value);
}
