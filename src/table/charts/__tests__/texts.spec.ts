import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

import { IChart, newChart } from '../../view/chart';
import type { IDrawn, IPoint } from '../marks/points';
import { csvText, matplotlibCode, valuesOf } from '../texts';

const loss = { column: 'metric:test:loss', statistic: 'Min' } as const;
const rate = { column: 'parameter:lr', statistic: null };
const SERIES: IChart = { ...newChart('c', null), y: loss };
const ROWS: IChart = { ...SERIES, data: 'statistics', x: rate, color: 'parameter:optimizer' };

function drawnOf(points: readonly IPoint[], xScale: IDrawn['xScale'] = 'quantitative'): IDrawn {
  return {
    points,
    xScale,
    yScale: 'quantitative',
    total: points.length,
    shown: points.length,
    notPositive: 0,
    isThinned: false,
    empty: 0
  };
}

const point = (x: IPoint['x'], y: number | null, c: IPoint['c'], more = {}): IPoint => ({
  id: `t/${String(c)}`,
  name: `name "${String(c)}"`,
  x,
  y,
  c,
  ...more
});

describe('the values of a chart', () => {
  it('stand below the names of its axes and of its colour', () => {
    const drawn = drawnOf([point(0.1, 0.5, 'sgd'), point(0.01, null, 'adam')]);
    expect(valuesOf(ROWS, drawn)).toEqual({
      headers: ['trialComponentName', 'optimizer', 'lr', 'test:loss_min'],
      rows: [
        ['name "sgd"', 'sgd', 0.1, 0.5],
        ['name "adam"', 'adam', 0.01, null]
      ]
    });
  });

  it('are times as others read them', () => {
    const drawn = drawnOf([point(0, 1, 'a')], 'temporal');
    const { headers, rows } = valuesOf({ ...SERIES, axis: 'time' }, drawn);
    expect([headers, rows]).toEqual([
      ['trialComponentName', 'time', 'test:loss'],
      [['name "a"', '1970-01-01T00:00:00.000Z', 1]]
    ]);
  });

  it('of a band are mean, deviation and count', () => {
    const chart = { ...ROWS, band: true };
    const drawn = drawnOf([point(1, 2, 'sgd', { low: 1, high: 3, n: 4 })]);
    expect(valuesOf(chart, drawn).rows).toEqual([['sgd', 1, 2, 1, 3, 4]]);
  });

  it('become no formulas in a spreadsheet', () => {
    const values = {
      headers: ['=name', 'a,b'],
      rows: [
        ['@SUM(A1)', -5],
        ['-5', null],
        ['+x "y"\n', 1e-9]
      ]
    };
    expect(csvText(values)).toBe(`'=name,"a,b"\n'@SUM(A1),-5\n-5,\n"'+x ""y""\n",1e-9\n`);
  });
});

describe('the code of a chart', () => {
  it('draws it again, whatever kind it is', () => {
    const time = 1_750_000_000_000;
    const numbers = [point(1, 2, 'it\'s "sgd"'), point(2, null, 'adam'), point(3, 4, 'adam')];
    const names = [point('a', 2, 1), point('b', 3, 2), point('a', 5, 2)];
    const band = [point(1, 2, 'sgd', { low: 1, high: 3, n: 4 })];
    const axes = [point(0, 2, 'a', { share: 0 }), point(1, 3, 'a', { share: 1 })];
    const parallel: IChart = { ...ROWS, type: 'parallel', axes: [rate, loss] };
    const made: [IChart, IDrawn][] = [
      [{ ...SERIES, logY: true }, drawnOf(numbers)],
      [{ ...SERIES, axis: 'time' }, drawnOf([point(time, 2, 'a')], 'temporal')],
      [{ ...ROWS, type: 'scatter', logX: true }, drawnOf(numbers)],
      [{ ...ROWS, band: true }, drawnOf(band)],
      [{ ...ROWS, type: 'bar' }, drawnOf(names, 'nominal')],
      [{ ...ROWS, type: 'histogram', color: null }, drawnOf([point(1, 0, null)])],
      [{ ...ROWS, type: 'histogram' }, drawnOf(names, 'nominal')],
      [parallel, drawnOf(axes)]
    ];
    const check = [
      'axes = plt.gca()',
      'print(axes.get_title(), len(axes.lines), len(axes.collections), len(axes.patches))',
      'plt.close("all")'
    ].join('\n');
    const script = made
      .map(([chart, drawn], at) => `${matplotlibCode(chart, drawn, `chart ${at}`)}\n${check}\n`)
      .join('\n');
    const code = ['import warnings', 'warnings.simplefilter("ignore")', script].join('\n');
    const env = { ...process.env, MPLBACKEND: 'Agg' };
    // `dev.py` puts the Python of this project first.
    const said = execFileSync('python', ['-'], { input: code, env, encoding: 'utf-8' });
    // Title, lines, areas or point sets, bars.
    expect(said.trim().split(/\r?\n/)).toEqual([
      'chart 0 2 0 0',
      'chart 1 1 0 0',
      'chart 2 0 2 0',
      'chart 3 1 1 0',
      'chart 4 0 0 4',
      'chart 5 0 0 20',
      'chart 6 0 0 40',
      'chart 7 1 0 0'
    ]);
  }, 60_000);
});
