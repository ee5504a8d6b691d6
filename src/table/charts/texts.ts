/** The data of a chart as text: as a table of values, as CSV, and as code for matplotlib. Pure. */
import { pythonText } from '../../ui/words/code';
import { IChart, hasBand, typeOf } from '../view/chart';
import { colorTitle, contentTitle, xTitle, yTitle } from './marks/fields';
import { IDrawn, IPoint } from './marks/points';

type Cell = string | number | null;

/** The drawn values, with the titles of the axes as headers. */
interface IValues {
  readonly headers: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

export function valuesOf(chart: IChart, drawn: IDrawn): IValues {
  const color = colorTitle(chart);
  const type = typeOf(chart);
  const withColor = color !== null && color !== 'trialComponentName';
  if (hasBand(chart)) {
    const name = yTitle(chart);
    return {
      headers: [
        ...(color === null ? [] : [color]),
        xTitle(chart),
        `${name} mean`,
        `${name} mean - stddev`,
        `${name} mean + stddev`,
        'n'
      ],
      rows: drawn.points.map(({ c, x, y, low, high, n }) => [
        ...(color === null ? [] : [c]),
        instant(x, drawn.xScale),
        y,
        low ?? null,
        high ?? null,
        n ?? null
      ])
    };
  }
  if (type === 'parallel') {
    return {
      headers: ['trialComponentName', ...(withColor ? [color] : []), 'axis', 'value'],
      rows: drawn.points.map(({ name, c, x, y }) => [
        name,
        ...(withColor ? [c] : []),
        contentTitle(chart.axes[x as number]),
        y
      ])
    };
  }
  const isHistogram = type === 'histogram';
  return {
    headers: [
      'trialComponentName',
      ...(withColor ? [color] : []),
      xTitle(chart),
      ...(isHistogram ? [] : [yTitle(chart)])
    ],
    rows: drawn.points.map(({ name, c, x, y }) => [
      name,
      ...(withColor ? [c] : []),
      instant(x, drawn.xScale),
      ...(isHistogram ? [] : [instant(y, drawn.yScale)])
    ])
  };
}

/** Times as ISO 8601 text. */
function instant(value: Cell, scale: IDrawn['xScale']): Cell {
  return scale === 'temporal' && typeof value === 'number' ? new Date(value).toISOString() : value;
}

/** Beginnings that make a spreadsheet read a cell as a formula, as in the exports of the table. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

export function csvText({ headers, rows }: IValues): string {
  return [headers, ...rows].map(row => row.map(csvCell).join(',')).join('\n') + '\n';
}

function csvCell(value: Cell): string {
  if (value === null || typeof value === 'number') {
    return value === null ? '' : String(value);
  }
  const isNumber = value.trim() !== '' && Number.isFinite(Number(value));
  const text = FORMULA.test(value) && !isNumber ? `'${value}` : value;
  return /[",;|\t\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

// matplotlib

const MARKERS = ['o', 's', '^', 'D', 'P', 'v', 'X'];
const DASHES = ['-', '--', ':', '-.'];

/** Return lines of Python that draw the same chart from the same numbers. */
export function matplotlibCode(chart: IChart, drawn: IDrawn, title: string): string {
  const type = typeOf(chart);
  const isTime = drawn.xScale === 'temporal';
  const color = colorTitle(chart);
  const body =
    type === 'parallel'
      ? parallelCode(chart, drawn)
      : type === 'histogram'
        ? histogramCode(drawn)
        : type === 'bar'
          ? barCode(drawn)
          : lineCode(chart, drawn, type === 'scatter');
  return [
    ...(isTime && type !== 'parallel' ? ['from datetime import datetime, timezone', ''] : []),
    'import matplotlib.pyplot as plt',
    '',
    ...body,
    ...(type === 'parallel'
      ? []
      : [
          `ax.set_xlabel(${pythonText(xTitle(chart))})`,
          `ax.set_ylabel(${pythonText(yTitle(chart))})`
        ]),
    ...(chart.logX && type !== 'bar' && type !== 'histogram' && type !== 'parallel'
      ? ['ax.set_xscale("log")']
      : []),
    ...(chart.logY && (type === 'line' || type === 'scatter') ? ['ax.set_yscale("log")'] : []),
    `ax.set_title(${pythonText(title)})`,
    ...(color === null ? [] : [`ax.legend(title=${pythonText(color)})`]),
    'fig.tight_layout()',
    'plt.show()'
  ]
    .join('\n')
    .concat('\n');
}

/** Return the points of each entry of the legend. */
function groupByColor(points: readonly IPoint[], key: (point: IPoint) => unknown): IPoint[][] {
  const groups = new Map<unknown, IPoint[]>();
  for (const point of points) {
    const group = groups.get(key(point));
    if (group) {
      group.push(point);
    } else {
      groups.set(key(point), [point]);
    }
  }
  return [...groups.values()];
}

function python(value: Cell | undefined, isTime = false): string {
  if (value === null || value === undefined) {
    return 'float("nan")';
  }
  if (typeof value === 'string') {
    return pythonText(value);
  }
  return isTime ? `at(${value})` : String(value);
}

function list(values: readonly (Cell | undefined)[], isTime = false): string {
  return `[${values.map(value => python(value, isTime)).join(', ')}]`;
}

function timeCode(isTime: boolean): string[] {
  return isTime
    ? [
        'def at(milliseconds):',
        '    return datetime.fromtimestamp(milliseconds / 1000, timezone.utc)',
        '',
        ''
      ]
    : [];
}

function lineCode(chart: IChart, drawn: IDrawn, isScatter: boolean): string[] {
  const isBand = hasBand(chart);
  const byLine = chart.data === 'series' && !isBand && !isScatter;
  const groups = groupByColor(drawn.points, point => (byLine ? point.id : point.c));
  const labels = [...new Set(drawn.points.map(({ c }) => c))];
  const seen = new Set<Cell>();
  const isTime = drawn.xScale === 'temporal';
  const entries = groups.map(points => {
    const { c } = points[0];
    const at = labels.indexOf(c);
    const label = chart.color === null || seen.has(c) ? '_' : String(c);
    seen.add(c);
    const style = isScatter ? MARKERS[at % MARKERS.length] : DASHES[at % DASHES.length];
    const ys = (field: 'y' | 'low' | 'high'): string =>
      list(
        points.map(point => point[field]),
        field === 'y' && drawn.yScale === 'temporal'
      );
    const parts = [
      pythonText(label),
      `"C${at % 10}"`,
      pythonText(style),
      list(
        points.map(({ x }) => x),
        isTime
      ),
      ys('y'),
      ...(isBand ? [ys('low'), ys('high')] : [])
    ];
    return `    (${parts.join(', ')}),`;
  });
  const names = `label, color, style, x, y${isBand ? ', low, high' : ''}`;
  return [
    ...timeCode(isTime || drawn.yScale === 'temporal'),
    `groups = [  # ${names}`,
    ...entries,
    ']',
    'fig, ax = plt.subplots()',
    `for ${names} in groups:`,
    isScatter
      ? '    ax.scatter(x, y, label=label, color=color, marker=style)'
      : '    ax.plot(x, y, label=label, color=color, linestyle=style)',
    ...(isBand ? ['    ax.fill_between(x, low, high, color=color, alpha=0.2)'] : [])
  ];
}

function barCode(drawn: IDrawn): string[] {
  const colors = [...new Set(drawn.points.map(({ c }) => c))];
  const places = [...new Set(drawn.points.map(({ x }) => x))];
  const mean = (c: Cell, x: Cell): Cell => {
    const values = drawn.points.filter(point => point.c === c && point.x === x);
    return values.length
      ? values.reduce((sum, { y }) => sum + (y as number), 0) / values.length
      : null;
  };
  return [
    `places = ${list(places.map(String))}`,
    'bars = {',
    ...colors.map(c => `    ${pythonText(String(c))}: ${list(places.map(x => mean(c, x)))},`),
    '}',
    'fig, ax = plt.subplots()',
    'width = 0.8 / len(bars)',
    'for at, (label, heights) in enumerate(bars.items()):',
    '    left = [place + (at - (len(bars) - 1) / 2) * width for place in range(len(places))]',
    '    ax.bar(left, heights, width, label=label)',
    'ax.set_xticks(range(len(places)), places, rotation=45, ha="right")'
  ];
}

function histogramCode(drawn: IDrawn): string[] {
  const groups = groupByColor(drawn.points, ({ c }) => c);
  const isTime = drawn.xScale === 'temporal';
  return [
    ...timeCode(isTime),
    'values = {',
    ...groups.map(
      points =>
        `    ${pythonText(String(points[0].c))}: ${list(
          points.map(({ x }) => x),
          isTime
        )},`
    ),
    '}',
    'fig, ax = plt.subplots()',
    'ax.hist(list(values.values()), bins=20, stacked=True, label=list(values))'
  ];
}

function parallelCode(chart: IChart, drawn: IDrawn): string[] {
  const groups = groupByColor(drawn.points, ({ id }) => id);
  const labels = [...new Set(drawn.points.map(({ c }) => c))];
  const seen = new Set<Cell>();
  return [
    `axes = ${list(chart.axes.map(contentTitle))}`,
    'lines = [  # label, color, style, places, shares of each axis',
    ...groups.map(points => {
      const { c } = points[0];
      const at = labels.indexOf(c);
      const label = chart.color === null || seen.has(c) ? '_' : String(c);
      seen.add(c);
      const places = list(points.map(({ x }) => x));
      const shares = list(points.map(({ share }) => share));
      const style = DASHES[at % DASHES.length];
      return `    (${pythonText(label)}, "C${at % 10}", ${pythonText(style)}, ${places}, ${shares}),`;
    }),
    ']',
    'fig, ax = plt.subplots()',
    'for label, color, style, places, shares in lines:',
    '    ax.plot(places, shares, label=label, color=color, linestyle=style, marker="o")',
    'ax.set_xticks(range(len(axes)), axes)',
    'ax.set_yticks([])'
  ];
}
