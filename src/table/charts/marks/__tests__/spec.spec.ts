import { nullTranslator } from '@jupyterlab/translation';
import { describe, expect, it } from 'vitest';

import { BY_COMPONENT, IChart, newChart } from '../../../view/chart';
import { contentOf, contentKey, contentTitle, contentsOf } from '../fields';
import type { IDrawn, IPoint } from '../points';
import { ISpecOptions, categories, isShaded } from '../encodings';
import { specOf } from '../spec';
import { ACCURACY, EPOCHS } from '../../../__tests__/server';
import { chartDescription, chartNotes, chartTitle } from '../../words';

const trans = nullTranslator.load('smx_lab');
const theme = {
  palette: ['blue', 'red', 'green'],
  background: 'white',
  text: 'black',
  faint: 'gray',
  grid: 'silver',
  font: 'sans-serif'
};
const ODD = 'metric:val.f1[macro]/top "k"';

function drawnOf(points: readonly IPoint[], more: Partial<IDrawn> = {}): IDrawn {
  return {
    points,
    xScale: 'quantitative',
    yScale: 'quantitative',
    total: points.length,
    shown: points.length,
    notPositive: 0,
    isThinned: false,
    empty: 0,
    ...more
  };
}

const points = (colors: readonly IPoint['c'][]): IPoint[] =>
  colors.map((c, at) => ({ id: `t/${at}`, name: `n${at}`, x: at, y: at * 2, c }));

function spec(chart: Partial<IChart>, drawn: IDrawn, more: Partial<ISpecOptions> = {}): any {
  return specOf({
    chart: { ...newChart('c', null), y: { column: ODD, statistic: 'Last' }, ...chart },
    drawn,
    theme,
    width: 300,
    height: 200,
    wheelZooms: false,
    title: null,
    description: 'd',
    trans,
    ...more
  });
}

describe('a specification', () => {
  it('names no field after a metric, whose name may mean something to Vega', () => {
    const made = spec({ type: 'scatter' }, drawnOf(points(['a.b', "c'd"])));
    expect(made.encoding.x.field).toBe('x');
    expect(made.encoding.y).toMatchObject({ field: 'y', title: 'val.f1[macro]/top "k"' });
    expect(Object.keys(made.data.values[0])).toEqual(['id', 'name', 'x', 'y', 'c']);
  });

  it('tells values apart by shape or dash as well as by colour', () => {
    const made = spec({ type: 'scatter' }, drawnOf(points(['a', 'b', 'c', 'd'])));
    const { color, shape } = made.encoding;
    expect(color.scale.domain).toEqual(['a', 'b', 'c', 'd']);
    expect(color.scale.range).toEqual(['blue', 'red', 'green', 'blue']);
    expect(new Set(shape.scale.range).size).toBe(4);
    const lines = spec({}, drawnOf(points(['a', 'b'])));
    const dashes = lines.layer[0].encoding.strokeDash.scale.range as unknown[];
    expect(dashes).toEqual([[], [6, 3]]);
  });

  it('has shades for many numbers, and colours of their own for few', () => {
    const many = points(Array.from({ length: 30 }, (_, at) => at));
    expect(isShaded(many)).toBe(true);
    const made = spec({ type: 'scatter', color: 'parameter:lr' }, drawnOf(many));
    expect(made.encoding.color).toMatchObject({ type: 'quantitative', title: 'lr' });
    expect(isShaded(points([0.1, 0.01]))).toBe(false);
    expect(categories(points([0.1, 0.01, 0.1]))).toEqual([0.01, 0.1]);
    expect(categories(points(['run-10', 'run-9', 'a']))).toEqual(['a', 'run-9', 'run-10']);
  });

  it('zooms where both axes are numbers', () => {
    const numbers = spec({ type: 'scatter' }, drawnOf(points(['a'])));
    expect(numbers.params.map(({ name }: { name: string }) => name)).toEqual(['pointed', 'zoom']);
    const names = spec({ type: 'scatter' }, drawnOf(points(['a']), { xScale: 'nominal' }));
    expect(names.params.map(({ name }: { name: string }) => name)).toEqual(['pointed']);
    expect(JSON.stringify(numbers)).toContain('event.ctrlKey');
    const full = spec({ type: 'scatter' }, drawnOf(points(['a'])), { wheelZooms: true });
    expect(JSON.stringify(full)).not.toContain('event.ctrlKey');
  });

  it('is the same but for its data when a line has grown', () => {
    const { data: _, ...before } = spec({}, drawnOf(points(['a', 'a'])));
    const { data: grown, ...after } = spec({}, drawnOf(points(['a', 'a', 'a'])));
    expect(after).toEqual(before);
    expect(grown.values).toHaveLength(3);
  });

  it('sets bars of one place side by side', () => {
    const shared: IPoint[] = [
      { id: 't/a', name: 'a', x: 'adam', y: 1, c: 'x' },
      { id: 't/b', name: 'b', x: 'adam', y: 2, c: 'y' }
    ];
    const chart = { data: 'statistics', type: 'bar' } as const;
    const made = spec(chart, drawnOf(shared, { xScale: 'nominal' }));
    expect(made.encoding.xOffset).toEqual({ field: 'c', type: 'nominal' });
    const alone = spec(chart, drawnOf(shared.slice(0, 1), { xScale: 'nominal' }));
    expect(alone.encoding.xOffset).toBeUndefined();
  });
});

describe('what a chart is called', () => {
  it('is a new chart until there is something to draw', () => {
    expect(chartTitle(newChart('c', null), trans)).toBe('New chart');
  });

  it('says what is drawn over what, by the names of SageMaker Studio', () => {
    const loss = { column: 'metric:test:loss', statistic: 'StdDev' } as const;
    const rate = { column: 'parameter:lr', statistic: null };
    const chart: IChart = { ...newChart('c', null), data: 'statistics', x: rate, y: loss };
    expect(chartTitle(chart, trans)).toBe('test:loss_stddev v/s lr');
    expect(chartTitle({ ...chart, data: 'series' }, trans)).toBe('test:loss v/s step');
    expect(chartTitle({ ...chart, type: 'histogram' }, trans)).toBe('count v/s lr');
    expect(contentsOf([ACCURACY, EPOCHS]).map(contentTitle)).toEqual([
      'test:accuracy_last',
      'test:accuracy_max',
      'test:accuracy_min',
      'test:accuracy_avg',
      'test:accuracy_stddev',
      'test:accuracy_count',
      'epochs'
    ]);
    expect(contentOf(contentKey(loss))).toEqual(loss);
    expect(contentOf(contentKey({ column: 'tag:a|b', statistic: null }))).toEqual({
      column: 'tag:a|b',
      statistic: null
    });
  });

  it('is told with axes, series and ranges to whoever does not see it', () => {
    const chart: IChart = { ...newChart('c', null), y: { column: ODD, statistic: null } };
    const ready = {
      is: 'ready',
      drawn: drawnOf(points(['a', 'b'])),
      left: 0,
      error: null
    } as const;
    expect(chartDescription(chart, ready, 'en', trans)).toBe(
      'val.f1[macro]/top "k" v/s step. Line. step from 0 to 1. ' +
        'val.f1[macro]/top "k" from 0 to 2. Color: trialComponentName: a, b.'
    );
    expect(chart.color).toBe(BY_COMPONENT);
  });

  it('comes with what is not drawn, and why', () => {
    const chart: IChart = { ...newChart('c', null), y: { column: 'metric:loss', statistic: null } };
    const ready = (drawn: IDrawn, left = 0) => ({ is: 'ready', drawn, left, error: null }) as const;
    expect(chartNotes(chart, ready(drawnOf(points(['a']))), trans)).toEqual([]);
    const nothing = drawnOf([], { total: 2, shown: 2, empty: 2 });
    expect(chartNotes(chart, ready(nothing), trans)).toEqual([
      'No steps were logged for loss: choose time as X-axis, or Summary statistics.'
    ]);
    const some = drawnOf(points(['a']), { total: 900, shown: 500, empty: 3, isThinned: true });
    expect(chartNotes(chart, ready(some), trans)).toEqual([
      'The first 500 of 900 lines are drawn.',
      '3 trial components have no logged series of loss.',
      'Long lines are thinned; every extreme is drawn.'
    ]);
    expect(chartNotes(chart, ready(some, 4), trans)[0]).toBe('Reading 4 more lines');
  });
});
