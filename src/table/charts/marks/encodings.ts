/** How values of a chart become places, colours, shapes and tooltips in Vega-Lite. Pure. */
import type { TranslationBundle } from '@jupyterlab/translation';
import type {
  PartialJSONObject as JSONObject,
  PartialJSONValue as JSONValue
} from '@lumino/coreutils';

import { BY_COMPONENT, IChart, hasBand } from '../../view/chart';
import { colorTitle, xTitle, yTitle } from './fields';
import { labelsOf } from './labels';
import type { IDrawn, IPoint } from './points';
import type { IChartTheme } from './theme';

const SHAPES = ['circle', 'square', 'triangle-up', 'diamond', 'cross', 'triangle-down', 'stroke'];
const DASHES: JSONValue[] = [[], [6, 3], [2, 2], [8, 3, 2, 3], [12, 4], [2, 6], [8, 2, 2, 2, 2, 2]];
/** More different numbers than this are drawn in shades between two colours. */
const MAX_NUMBER_COLORS = 10;
/** A legend with more entries says how many it leaves out. */
const MAX_ENTRIES = 12;
/** Padding of an axis, so that no mark is cut at the edge, in CSS pixels. */
const EDGE = 8;
/** A chart narrower than this, in CSS pixels, has its legend below it, with fewer entries. */
const NARROW = 330;
const MAX_BELOW = 6;

export interface ISpecOptions {
  readonly chart: IChart;
  readonly drawn: IDrawn;
  readonly theme: IChartTheme;
  readonly width: number;
  readonly height: number;
  /** Whether the wheel alone zooms; otherwise it scrolls, unless Ctrl or Cmd is held. */
  readonly wheelZooms: boolean;
  /** What the picture is called; null where that stands beside it. */
  readonly title: string | null;
  readonly description: string;
  readonly trans: TranslationBundle;
}

export function axes(options: ISpecOptions): JSONObject {
  const { chart, drawn } = options;
  return {
    x: axis('x', drawn, xTitle(chart), chart.logX),
    y: axis('y', drawn, yTitle(chart), chart.logY)
  };
}

function axis(field: 'x' | 'y', drawn: IDrawn, title: string, isLog: boolean): JSONObject {
  const type = field === 'x' ? drawn.xScale : drawn.yScale;
  const scale =
    isLog && type === 'quantitative'
      ? { type: 'log', padding: EDGE }
      : { zero: false, padding: EDGE };
  return {
    field,
    type,
    title,
    ...(type === 'nominal'
      ? {
          sort: null,
          axis: { labelExpr: labelsOf(drawn.points.map(point => point[field])), labelOverlap: true }
        }
      : { scale: type === 'quantitative' ? scale : { padding: EDGE } })
  };
}

/** Return the values of the colours in a fixed order, so that sorting the table changes no colour. */
export function categories(points: readonly IPoint[]): readonly IPoint['c'][] {
  return [...new Set(points.map(({ c }) => c))].sort((a, b) =>
    typeof a === 'number' && typeof b === 'number'
      ? a - b
      : String(a).localeCompare(String(b), 'en', { numeric: true })
  );
}

/** Whether colours are shades between two colours, because they stand for many numbers. */
export function isShaded(points: readonly IPoint[]): boolean {
  const found = categories(points);
  return found.length > MAX_NUMBER_COLORS && found.every(value => typeof value === 'number');
}

/** Return colours and, beside them, shapes or dashes, with one legend for both. */
export function colors(
  { chart, drawn, theme, width }: ISpecOptions,
  beside: 'shape' | 'strokeDash' | null,
  shown: 'shapes' | 'strokes' = 'shapes'
): JSONObject {
  const { palette } = theme;
  if (chart.color === null) {
    return { color: { value: palette[0] } };
  }
  const title = colorTitle(chart);
  if (isShaded(drawn.points)) {
    const range = [palette[0], palette[1]];
    return { color: { field: 'c', type: 'quantitative', title, scale: { range } } };
  }
  const domain = categories(drawn.points) as JSONValue[];
  const cycled = (values: readonly JSONValue[]): JSONValue[] =>
    domain.map((_, at) => values[at % values.length]);
  // All layers share the legend. Dashes would make the edges of its shapes uneven.
  const legend = {
    ...(width < NARROW
      ? { orient: 'bottom', columns: 2, symbolLimit: MAX_BELOW }
      : { symbolLimit: MAX_ENTRIES }),
    labelExpr: labelsOf(domain),
    labelLimit: 240,
    symbolOpacity: 1,
    ...(shown === 'strokes'
      ? { symbolType: 'stroke', symbolStrokeWidth: 2, symbolSize: 300 }
      : { symbolStrokeWidth: 0 })
  };
  const field = { field: 'c', type: 'nominal', title, legend };
  return {
    color: { ...field, scale: { domain, range: cycled(palette) } },
    ...(beside === null
      ? {}
      : {
          [beside]: {
            ...field,
            scale: { domain, range: cycled(beside === 'shape' ? SHAPES : DASHES) }
          }
        })
  };
}

export function colorTip(chart: IChart): JSONObject[] {
  const title = colorTitle(chart);
  return title === null ? [] : [{ field: 'c', title }];
}

export function tooltip({ chart, drawn, trans }: ISpecOptions): JSONObject[] {
  const title = colorTitle(chart);
  const whose = hasBand(chart)
    ? [
        { field: 'low', title: trans.__('mean − standard deviation'), type: 'quantitative' },
        { field: 'high', title: trans.__('mean + standard deviation'), type: 'quantitative' },
        { field: 'n', title: trans.__('n'), type: 'quantitative' }
      ]
    : title === BY_COMPONENT
      ? []
      : [{ field: 'name', title: BY_COMPONENT }];
  return [
    { field: 'x', title: xTitle(chart), type: drawn.xScale },
    { field: 'y', title: yTitle(chart), type: drawn.yScale },
    ...colorTip(chart),
    ...whose
  ];
}
