import { describe, expect, it } from 'vitest';

import { savedForm } from '../../views/saved';
import { DEFAULT_VIEW, fromJSON, reset, toJSON } from '../view';
import {
  MAX_CHARTS,
  addChart,
  changeChart,
  chartsFrom,
  hasBand,
  isDrawable,
  newChart,
  removeChart,
  typeOf
} from '../chart';

const LOSS = { column: 'metric:test:loss', statistic: 'Min' } as const;
const EPOCHS = { column: 'parameter:epochs', statistic: null };

describe('the charts of a view', () => {
  it('are added at the end under names of their own', () => {
    let view = addChart(addChart(DEFAULT_VIEW, ['t/a']), null);
    view = removeChart(view, 'chart-1');
    view = addChart(view, ['t/b']);
    expect(view.charts.map(({ id, rows }) => [id, rows])).toEqual([
      ['chart-2', null],
      ['chart-3', ['t/b']]
    ]);
  });

  it('come back as they were after a reload, and go into saved views', () => {
    let view = addChart(DEFAULT_VIEW, ['t/a', 't/b']);
    view = changeChart(view, 'chart-1', {
      data: 'statistics',
      type: 'scatter',
      x: EPOCHS,
      y: LOSS,
      color: 'tag:team',
      logY: true,
      smoothing: 0.6
    });
    const kept: unknown = JSON.parse(JSON.stringify(toJSON(view)));
    expect(fromJSON(kept)).toEqual(view);
    expect(savedForm(view)).toEqual({ charts: view.charts });
  });

  it('are none in a view that was kept before there were charts', () => {
    const { charts: _, ...old } = toJSON(DEFAULT_VIEW);
    expect(fromJSON(old)).toEqual(DEFAULT_VIEW);
  });

  it('stay when the table goes back to its defaults', () => {
    const view = addChart(DEFAULT_VIEW, null);
    expect(reset(view).charts).toEqual(view.charts);
  });

  it('take defaults for what cannot be understood', () => {
    const odd = {
      id: 'c',
      rows: ['t/a', 3],
      data: 'magic',
      type: 'pie',
      axis: 4,
      x: { column: 5 },
      y: { column: 'metric:a', statistic: 'Median' },
      axes: [LOSS, 'x', null],
      color: '',
      smoothing: 7,
      band: 'yes'
    };
    expect(chartsFrom([odd, null, { id: '' }, { ...odd }, 3])).toEqual([
      {
        ...newChart('c', ['t/a']),
        y: { column: 'metric:a', statistic: null },
        axes: [LOSS],
        color: null,
        smoothing: 0.99
      }
    ]);
    expect(chartsFrom({ id: 'c' })).toEqual([]);
    const many = Array.from({ length: 50 }, (_, id) => ({ id: `c${id}` }));
    expect(chartsFrom(many)).toHaveLength(MAX_CHARTS);
  });
});

describe('a chart', () => {
  const chart = newChart('c', null);

  it('draws nothing before its axes are chosen', () => {
    expect(isDrawable(chart)).toBe(false);
    expect(isDrawable({ ...chart, y: LOSS })).toBe(true);
    const statistics = { ...chart, data: 'statistics', y: LOSS } as const;
    expect(isDrawable(statistics)).toBe(false);
    expect(isDrawable({ ...statistics, x: EPOCHS })).toBe(true);
    expect(isDrawable({ ...statistics, type: 'histogram', x: EPOCHS, y: null })).toBe(true);
    expect(isDrawable({ ...statistics, type: 'parallel', axes: [EPOCHS] })).toBe(false);
    expect(isDrawable({ ...statistics, type: 'parallel', axes: [EPOCHS, LOSS] })).toBe(true);
  });

  it('of series is of lines or points', () => {
    expect(typeOf({ ...chart, type: 'bar' })).toBe('line');
    expect(typeOf({ ...chart, type: 'scatter' })).toBe('scatter');
    expect(typeOf({ ...chart, data: 'statistics', type: 'bar' })).toBe('bar');
  });

  it('has a band where a colour stands for several trial components', () => {
    expect(hasBand({ ...chart, band: true })).toBe(false);
    expect(hasBand({ ...chart, band: true, color: 'parameter:optimizer' })).toBe(true);
    expect(hasBand({ ...chart, band: true, color: null })).toBe(true);
    expect(hasBand({ ...chart, band: true, color: null, type: 'scatter' })).toBe(false);
  });
});
