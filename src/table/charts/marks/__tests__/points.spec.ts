import { describe, expect, it } from 'vitest';

import type { IChartPoints, ILoggedSeries } from '../../../../api/types';
import { ACCURACY, EPOCHS } from '../../../__tests__/server';
import { IChart, newChart } from '../../../view/chart';
import { bands, pointsOfLines, pointsOfRows, smooth } from '../points';

const COLUMNS = [ACCURACY, EPOCHS];
const accuracy = { column: ACCURACY.id, statistic: 'Max' } as const;
const epochs = { column: EPOCHS.id, statistic: null };
const scatter: IChart = {
  ...newChart('c', null),
  data: 'statistics',
  type: 'scatter',
  x: epochs,
  y: accuracy,
  color: EPOCHS.id
};

function answer(columns: IChartPoints['columns']): IChartPoints {
  return {
    ids: ['t1/a', 't2/b', 't2/a'],
    names: ['a', 'b', 'a'],
    columns,
    total: 5,
    version: 1
  };
}

function line(name: string, y: ILoggedSeries['y'], x = y.map((_, at) => at)): ILoggedSeries {
  return { trial_component_name: name, state: '1', x, y, logged: y.length };
}

describe('points of rows', () => {
  it('are those with values on both axes', () => {
    const drawn = pointsOfRows(
      scatter,
      answer([
        [1, 2, null],
        [0.5, 'NaN', 0.7],
        [1, 2, null]
      ]),
      COLUMNS
    );
    expect(drawn.points).toEqual([{ id: 't1/a', name: 'a', x: 1, y: 0.5, c: 1 }]);
    expect([drawn.shown, drawn.total, drawn.xScale]).toEqual([3, 5, 'quantitative']);
  });

  it('without a value for the colour are told apart as such', () => {
    const values = answer([
      [1, 2, 3],
      [1, 2, 3],
      [null, 'x', 'x']
    ]);
    expect(pointsOfRows(scatter, values, COLUMNS).points.map(({ c }) => c)).toEqual([
      '—',
      'x',
      'x'
    ]);
  });

  it('that a logarithmic axis has no place for are counted', () => {
    const values = answer([
      [1, 0, 3],
      [1, 2, -3],
      [1, 1, 1]
    ]);
    const drawn = pointsOfRows({ ...scatter, logX: true, logY: true }, values, COLUMNS);
    expect([drawn.points.length, drawn.notPositive]).toEqual([1, 2]);
  });

  it('are joined from left to right', () => {
    const values = answer([
      [3, 1, 2],
      [30, 10, 20],
      [0, 0, 0]
    ]);
    const drawn = pointsOfRows({ ...scatter, type: 'line' }, values, COLUMNS);
    expect(drawn.points.map(({ y }) => y)).toEqual([10, 20, 30]);
  });

  it('of parallel coordinates are scaled to their axis', () => {
    const values = answer([
      [3, 1, 2],
      [7, 7, null]
    ]);
    const chart = { ...scatter, type: 'parallel', axes: [epochs, accuracy], color: null } as const;
    const { points } = pointsOfRows(chart, values, COLUMNS);
    expect(points.map(({ x, share }) => [x, share])).toEqual([
      [0, 1],
      [0, 0],
      [0, 0.5],
      [1, 0.5],
      [1, 0.5]
    ]);
  });
});

describe('lines', () => {
  const LOGGED = answer([[2, 0, 2]]);
  const chart: IChart = { ...newChart('c', null), y: { ...accuracy, statistic: 'Last' } };
  const series = new Map([
    ['a', line('a', [4, null, 2], [1000, 2000, 4000])],
    ['b', line('b', [])]
  ]);

  it('are one for each trial component, in however many trials it is', () => {
    const drawn = pointsOfLines(chart, LOGGED, series, 10);
    expect(drawn.points.map(({ id, x, y, c }) => [id, x, y, c])).toEqual([
      ['t1/a', 1000, 4, 'a'],
      ['t1/a', 2000, null, 'a'],
      ['t1/a', 4000, 2, 'a']
    ]);
    expect([drawn.shown, drawn.total, drawn.empty]).toEqual([2, 2, 1]);
    expect(pointsOfLines(chart, LOGGED, series, 1).shown).toBe(1);
  });

  it('are not looked for where the metric has no value', () => {
    const drawn = pointsOfLines(chart, answer([[null, 0, 2]]), series, 10);
    expect([drawn.total, drawn.points.length, drawn.points[0].id]).toEqual([2, 3, 't2/a']);
    const without = pointsOfLines(chart, answer([[null, null, null]]), series, 10);
    expect([without.total, without.empty, without.points]).toEqual([0, 2, []]);
  });

  it('may run over the seconds since their start', () => {
    const drawn = pointsOfLines({ ...chart, axis: 'elapsed' }, LOGGED, series, 10);
    expect(drawn.points.map(({ x }) => x)).toEqual([0, 1, 3]);
  });

  it('are smoothed without being drawn to zero at their start', () => {
    expect(smooth([1, 1, 1], 0.9).map(value => value?.toFixed(9))).toEqual(
      Array(3).fill('1.000000000')
    );
    const [first, gap, second] = smooth([0, null, 1], 0.5);
    expect([first, gap]).toEqual([0, null]);
    expect(second).toBeCloseTo(2 / 3);
    expect(smooth([3, 1], 0)).toEqual([3, 1]);
  });

  it('make a band of mean and deviation at each place', () => {
    const point = (x: number, y: number | null, c: string) => ({ id: 'i', name: 'n', x, y, c });
    const found = bands([
      point(1, 1, 'sgd'),
      point(0, 5, 'sgd'),
      point(1, 3, 'sgd'),
      point(1, 7, 'adam'),
      point(0, null, 'adam')
    ]);
    expect(found.map(({ x, y, c, n }) => [x, y, c, n])).toEqual([
      [0, 5, 'sgd', 1],
      [1, 2, 'sgd', 2],
      [1, 7, 'adam', 1]
    ]);
    expect(found[1].low).toBeCloseTo(2 - Math.SQRT2);
    expect(found[0].high).toBe(5);
  });
});
