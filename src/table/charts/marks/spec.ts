/**
 * The Vega-Lite specification of a chart. Pure.
 *
 * The data have the fields `x`, `y` and `c`. Names of metrics and parameters are only titles,
 * because they may contain dots, brackets and quotes, which have a meaning for Vega.
 */
import type {
  PartialJSONObject as JSONObject,
  PartialJSONValue as JSONValue
} from '@lumino/coreutils';

import { BY_COMPONENT, hasBand, typeOf } from '../../view/chart';
import { ISpecOptions, axes, colorTip, colors, tooltip } from './encodings';
import { contentTitle, xTitle, yTitle } from './fields';
import { labelsOf, middleCut } from './labels';
import type { IChartTheme } from './theme';

/** The name of the data, which are replaced while the chart is on the screen. */
export const DATA = 'points';
/** The parameter that holds the id of the row under the pointer. */
export const POINTED = 'pointed';
/** The parameter that holds the zoom. */
export const ZOOM = 'zoom';

/** The width of a letter in the labels of axes, in CSS pixels. */
const LETTER = 6;
/** Points of lines are marked up to this number. */
const MAX_MARKED = 400;

/** Return the specification with its data. */
export function specOf(options: ISpecOptions): JSONObject {
  const { drawn, theme, width, height, title, description } = options;
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v5.json',
    description,
    ...(title === null ? {} : { title: { text: title, anchor: 'start' } }),
    width,
    height,
    autosize: { type: 'fit', contains: 'padding' },
    data: { name: DATA, values: drawn.points as unknown as JSONValue },
    ...marks(options),
    config: configOf(theme)
  };
}

function marks(options: ISpecOptions): JSONObject {
  switch (typeOf(options.chart)) {
    case 'line':
      return lines(options);
    case 'scatter':
      return {
        params: [pointed(), ...zoom(options)],
        mark: { type: 'point', filled: true, tooltip: true },
        encoding: {
          ...axes(options),
          ...colors(options, 'shape'),
          opacity: emphasis(0.85),
          size: { condition: { test: isPointed, value: 160 }, value: 55 },
          tooltip: tooltip(options)
        }
      };
    case 'bar':
      return bars(options);
    case 'histogram':
      return histogram(options);
    case 'parallel':
      return parallel(options);
  }
}

const isPointed = `${POINTED} !== '' && datum.id === ${POINTED}`;

function pointed(): JSONObject {
  return { name: POINTED, value: '' };
}

/** While a row is under the pointer, the marks of other rows are faint. */
function emphasis(usual: number): JSONObject {
  return {
    condition: { test: `${POINTED} === '' || datum.id === ${POINTED}`, value: usual },
    value: 0.2
  };
}

function zoom({ drawn, wheelZooms }: ISpecOptions): JSONObject[] {
  return drawn.xScale === 'nominal' || drawn.yScale === 'nominal'
    ? []
    : [
        {
          name: ZOOM,
          select: {
            type: 'interval',
            zoom: wheelZooms ? 'wheel!' : 'wheel![event.ctrlKey || event.metaKey]'
          },
          bind: 'scales'
        }
      ];
}

function lines(options: ISpecOptions): JSONObject {
  const { chart, drawn } = options;
  const isBand = hasBand(chart);
  const isMarked = drawn.points.length <= MAX_MARKED;
  const shown = isMarked ? 'shapes' : 'strokes';
  const detail = chart.data === 'series' && !isBand ? { detail: { field: 'id' } } : {};
  return {
    params: [pointed()],
    encoding: axes(options),
    layer: [
      ...(isBand
        ? [
            {
              mark: { type: 'area', opacity: 0.2 },
              encoding: {
                ...colors(options, null, shown),
                y: { field: 'low', type: 'quantitative' },
                y2: { field: 'high' }
              }
            }
          ]
        : []),
      {
        mark: { type: 'line', clip: true },
        encoding: {
          ...colors(options, 'strokeDash', shown),
          ...detail,
          opacity: emphasis(1),
          strokeWidth: { condition: { test: isPointed, value: 3.5 }, value: 1.75 }
        }
      },
      {
        params: zoom(options),
        // Hidden points are drawn too: a line alone has no tooltips for its values.
        mark: { type: 'point', filled: true, clip: true },
        encoding: {
          ...colors(options, isMarked ? 'shape' : null, shown),
          opacity: isMarked ? emphasis(1) : { value: 0 },
          size: { value: isMarked ? 30 : 60 },
          tooltip: tooltip(options)
        }
      }
    ]
  };
}

function bars(options: ISpecOptions): JSONObject {
  const { drawn, chart, trans } = options;
  const colorsAt = new Map<unknown, Set<unknown>>();
  drawn.points.forEach(({ x, c }) => {
    colorsAt.set(x, (colorsAt.get(x) ?? new Set()).add(c));
  });
  const isShared = [...colorsAt.values()].some(({ size }) => size > 1);
  const { y } = axes(options);
  return {
    params: [pointed()],
    mark: { type: 'bar' },
    encoding: {
      x: {
        field: 'x',
        type: drawn.xScale === 'nominal' ? 'nominal' : 'ordinal',
        title: xTitle(chart),
        sort: drawn.xScale === 'nominal' ? null : 'ascending',
        axis: { labelExpr: labelsOf(drawn.points.map(({ x }) => x)), labelOverlap: true }
      },
      y: { ...(y as JSONObject), aggregate: 'mean', stack: null, scale: { zero: true } },
      ...colors(options, null),
      ...(isShared ? { xOffset: { field: 'c', type: 'nominal' } } : {}),
      tooltip: [
        { field: 'x', title: xTitle(chart) },
        { field: 'y', aggregate: 'mean', title: yTitle(chart), type: 'quantitative' },
        ...colorTip(chart),
        { aggregate: 'count', title: trans.__('n'), type: 'quantitative' }
      ]
    }
  };
}

function histogram(options: ISpecOptions): JSONObject {
  const { drawn, chart, theme } = options;
  const isBinned = drawn.xScale !== 'nominal';
  const x = {
    field: 'x',
    type: drawn.xScale,
    title: xTitle(chart),
    ...(isBinned
      ? { bin: { maxbins: 20 } }
      : { sort: null, axis: { labelExpr: labelsOf(drawn.points.map(({ x: value }) => value)) } })
  };
  return {
    params: [pointed()],
    mark: { type: 'bar', stroke: theme.background },
    encoding: {
      x,
      y: { aggregate: 'count', type: 'quantitative', title: yTitle(chart) },
      ...colors(options, null),
      tooltip: [
        x,
        ...colorTip(chart),
        { aggregate: 'count', title: yTitle(chart), type: 'quantitative' }
      ]
    }
  };
}

function parallel(options: ISpecOptions): JSONObject {
  const { chart, drawn, theme, trans } = options;
  const names = chart.axes.map(contentTitle);
  // The labels stand side by side, next to the legend.
  const room = Math.max(7, Math.floor((options.width * 0.75) / names.length / LETTER));
  const ends = names.flatMap((_, x) => {
    const values = drawn.points.filter(point => point.x === x).map(({ y }) => y as number);
    const least = values.reduce((a, b) => Math.min(a, b), Infinity);
    const greatest = values.reduce((a, b) => Math.max(a, b), -Infinity);
    return values.length ? [end(x, 0, least), end(x, 1, greatest)] : [];
  });
  const x = {
    field: 'x',
    type: 'ordinal',
    scale: { type: 'point', domain: names.map((_, at) => at) },
    axis: {
      title: null,
      domain: false,
      ticks: false,
      grid: true,
      labelAngle: 0,
      labelPadding: 16,
      labelExpr: `${JSON.stringify(names.map(name => middleCut(name, room)))}[datum.value]`
    }
  };
  const y = { field: 'share', type: 'quantitative', axis: null, scale: { domain: [0, 1] } };
  return {
    params: [pointed()],
    layer: [
      {
        mark: { type: 'line', point: false },
        encoding: {
          x,
          y,
          ...colors(options, 'strokeDash', 'shapes'),
          detail: { field: 'id' },
          opacity: emphasis(0.8),
          strokeWidth: { condition: { test: isPointed, value: 3.5 }, value: 1.5 }
        }
      },
      {
        mark: { type: 'point', filled: true },
        encoding: {
          x,
          y,
          ...colors(options, 'shape'),
          opacity: emphasis(0.9),
          size: { value: 30 },
          tooltip: [
            { field: 'name', title: BY_COMPONENT },
            { field: 'y', title: trans.__('value'), type: 'quantitative' },
            ...colorTip(chart)
          ]
        }
      },
      {
        data: { values: ends },
        mark: { type: 'text', fontSize: 10, color: theme.faint, dy: { expr: 'datum.dy' } },
        encoding: { x, y, text: { field: 'text' } }
      }
    ]
  };
}

function end(x: number, share: number, value: number): JSONObject {
  return { x, share, text: Number(value.toPrecision(4)).toString(), dy: share ? -9 : 10 };
}

function configOf({ background, text, faint, grid, font }: IChartTheme): JSONObject {
  return {
    background,
    font,
    // The label and the table of the chart describe it to screen readers, instead of each mark.
    aria: false,
    view: { stroke: grid },
    title: { color: text, fontSize: 13, subtitleColor: faint },
    axis: {
      domainColor: faint,
      tickColor: faint,
      gridColor: grid,
      labelColor: text,
      titleColor: text,
      titleFontWeight: 'normal',
      labelFontSize: 11,
      titleFontSize: 12
    },
    legend: {
      labelColor: text,
      titleColor: text,
      titleFontWeight: 'normal',
      labelFontSize: 11,
      titleFontSize: 12
    },
    style: {
      'guide-label': { fill: text, font },
      'guide-title': { fill: text, font },
      'group-title': { fill: text, font }
    },
    text: { color: text }
  };
}
