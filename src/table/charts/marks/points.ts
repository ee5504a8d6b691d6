/** Turns answers of the server into the points of a chart. Pure. */
import type { IChartPoints, ILoggedSeries, IColumn } from '../../../api/types';
import { BY_COMPONENT, IChart, hasBand, typeOf } from '../../view/chart';
import { Scale, scaleOf } from './fields';

type Value = string | number | null;

/** One mark, or one point of a line. */
export interface IPoint {
  /** The id of the row in the table; for a line, of a row of its trial component. */
  readonly id: string;
  /** The real name of the trial component. */
  readonly name: string;
  readonly x: Value;
  readonly y: Value;
  /** The value of its colour; null without colours. */
  readonly c: Value;
  /** For a band: mean minus and plus the standard deviation, and the number of values. */
  readonly low?: number;
  readonly high?: number;
  readonly n?: number;
  /** For parallel coordinates: the place on the axis, from 0 to 1. */
  readonly share?: number;
}

/** The points of a chart, and the counts for its notes. */
export interface IDrawn {
  readonly points: readonly IPoint[];
  readonly xScale: Scale;
  readonly yScale: Scale;
  /** The number of rows or lines, of which `shown` are drawn. */
  readonly total: number;
  readonly shown: number;
  /** The number of values that a logarithmic axis cannot show. */
  readonly notPositive: number;
  /** Whether the lines were reduced to fewer points. */
  readonly isThinned: boolean;
  /** The number of lines without a value. */
  readonly empty: number;
}

/** The name of rows without a value. */
const NOTHING_LABEL = '—';

/** Return one point for each row. */
export function pointsOfRows(
  chart: IChart,
  answer: IChartPoints,
  columns: readonly IColumn[]
): IDrawn {
  const { ids, names } = answer;
  const [xs, ys] = answer.columns;
  const colors = chart.color === BY_COMPONENT ? names : colorsOf(chart, answer);
  const type = typeOf(chart);
  const xScale = chart.x ? scaleOf(chart.x.column, columns) : 'nominal';
  const yScale: Scale = 'quantitative';
  const points =
    type === 'parallel'
      ? parallel(chart, answer, colors)
      : ids.map((id, at): IPoint => ({
          id,
          name: names[at],
          x: fitToScale(xs[at], xScale),
          y: type === 'histogram' ? 0 : fitToScale(ys[at], yScale),
          c: colors && (colors[at] ?? NOTHING_LABEL)
        }));
  const all = {
    xScale,
    yScale,
    total: answer.total,
    shown: ids.length,
    isThinned: false,
    empty: 0
  };
  if (type === 'parallel') {
    return { ...all, points, notPositive: 0 };
  }
  const known = points.filter(({ x, y }) => x !== null && y !== null);
  const placed = known.filter(point => hasPlace(chart, point));
  const joined = type === 'line' ? inOrder(placed) : placed;
  return {
    ...all,
    points: hasBand(chart) ? bands(joined) : joined,
    notPositive: known.length - placed.length
  };
}

/** Return the values of the colours, which are in the last requested column. */
function colorsOf({ color }: IChart, answer: IChartPoints): readonly Value[] | null {
  return color === null ? null : (answer.columns.at(-1) ?? null);
}

/** Return a value that fits the scale; null for text where a number is needed. */
function fitToScale(value: Value, scale: Scale): Value {
  return scale === 'nominal' ? (value ?? NOTHING_LABEL) : typeof value === 'number' ? value : null;
}

function hasPlace({ logX, logY }: IChart, { x, y }: IPoint): boolean {
  const fits = (value: Value): boolean => typeof value !== 'number' || value > 0;
  return (!logX || fits(x)) && (!logY || fits(y));
}

/** Return the points of a line from left to right. */
function inOrder(points: readonly IPoint[]): readonly IPoint[] {
  return points.every(({ x }) => typeof x === 'number')
    ? [...points].sort((a, b) => (a.x as number) - (b.x as number))
    : points;
}

/** Return one point on each axis for each row, scaled to the range of the axis. */
function parallel(
  { axes }: IChart,
  { ids, names, columns }: IChartPoints,
  colors: readonly Value[] | null
): IPoint[] {
  return axes.flatMap((_, axis): IPoint[] => {
    const values = columns[axis].map(value => (typeof value === 'number' ? value : null));
    const numbers = values.filter(value => value !== null);
    const least = numbers.reduce((a, b) => Math.min(a, b), Infinity);
    const span = numbers.reduce((a, b) => Math.max(a, b), -Infinity) - least;
    return ids.flatMap((id, at): IPoint[] => {
      const value = values[at];
      return value === null
        ? []
        : [
            {
              id,
              name: names[at],
              x: axis,
              y: value,
              c: colors && (colors[at] ?? NOTHING_LABEL),
              share: span > 0 ? (value - least) / span : 0.5
            }
          ];
    });
  });
}

/**
 * Return the trial components that have a line, with the first row of each. They have a value of
 * the metric, which is in the first requested column.
 */
export function lineRows({ names, columns }: IChartPoints): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  names.forEach((name, at) => {
    if (columns[0]?.[at] != null && !found.has(name)) {
      found.set(name, at);
    }
  });
  return found;
}

/** Return one line for each trial component. */
export function pointsOfLines(
  chart: IChart,
  answer: IChartPoints,
  series: ReadonlyMap<string, ILoggedSeries>,
  mostLines: number
): IDrawn {
  const rows = lineRows(answer);
  const colors = colorsOf(chart, answer);
  const lines = [...rows].slice(0, mostLines);
  let empty = new Set(answer.names).size - rows.size;
  let isThinned = false;
  let notPositive = 0;
  const points = lines.flatMap(([name, at]): IPoint[] => {
    const line = series.get(name);
    if (!line || line.y.every(value => value === null)) {
      empty++;
      return [];
    }
    isThinned ||= line.logged > line.x.length;
    const c = chart.color === BY_COMPONENT ? name : colors && (colors[at] ?? NOTHING_LABEL);
    const ys = smooth(line.y, chart.smoothing);
    return line.x.flatMap((x, place): IPoint[] => {
      const y = ys[place];
      const point = {
        id: answer.ids[at],
        name,
        x: chart.axis === 'elapsed' ? (x - line.x[0]) / 1000 : x,
        y,
        c
      };
      if (y === null || hasPlace(chart, point)) {
        return [point];
      }
      notPositive++;
      return [];
    });
  });
  return {
    points: hasBand(chart) ? bands(points) : points,
    xScale: chart.axis === 'time' ? 'temporal' : 'quantitative',
    yScale: 'quantitative',
    total: rows.size,
    shown: lines.length,
    notPositive,
    isThinned,
    empty
  };
}

/**
 * Return smoothed values: each is drawn towards the mean of the values before it, the recent ones
 * most.
 *
 * #### Notes
 * The weights of the earlier values are scaled to a sum of one, as in TensorBoard. Otherwise every
 * line would begin near zero.
 */
export function smooth(
  values: readonly (number | null)[],
  smoothing: number
): readonly (number | null)[] {
  if (smoothing <= 0) {
    return values;
  }
  let kept = 0;
  let weight = 0;
  return values.map(value => {
    if (value === null) {
      return null;
    }
    kept = kept * smoothing + (1 - smoothing) * value;
    weight = weight * smoothing + (1 - smoothing);
    return kept / weight;
  });
}

/** Return the mean of each colour at each place, with the standard deviation on both sides. */
export function bands(points: readonly IPoint[]): readonly IPoint[] {
  const groups = new Map<string, IPoint[]>();
  for (const point of points) {
    if (typeof point.y === 'number') {
      const key = JSON.stringify([point.c, point.x]);
      const group = groups.get(key);
      if (group) {
        group.push(point);
      } else {
        groups.set(key, [point]);
      }
    }
  }
  const found = [...groups.values()].map((group): IPoint => {
    const values = group.map(({ y }) => y as number);
    const n = values.length;
    const mean = values.reduce((sum, value) => sum + value, 0) / n;
    const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    // As in the groups of the table: n − 1, and none for a single value.
    const deviation = n > 1 ? Math.sqrt(square / (n - 1)) : 0;
    const { x, c } = group[0];
    return { id: '', name: '', x, y: mean, c, low: mean - deviation, high: mean + deviation, n };
  });
  return inOrder(found);
}
