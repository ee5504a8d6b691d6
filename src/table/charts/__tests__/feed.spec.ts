import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { ACCURACY, EPOCHS, MemoryTable } from '../../__tests__/server';
import { TableModel } from '../../model';
import { IChart, newChart } from '../../view/chart';
import { ChartFeed } from '../feed';

let table: MemoryTable;
let model: TableModel;
let feed: ChartFeed | null = null;

const STATISTICS: IChart = {
  ...newChart('c', ['row-0', 'row-2', 'row-9']),
  data: 'statistics',
  type: 'scatter',
  x: { column: EPOCHS.id, statistic: null },
  y: { column: ACCURACY.id, statistic: 'Max' }
};
const SERIES: IChart = {
  ...newChart('c', null),
  y: { column: ACCURACY.id, statistic: 'Last' }
};

async function settled(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) {
    await Promise.resolve();
  }
}

async function draw(chart: IChart): Promise<ChartFeed> {
  feed = new ChartFeed(model, chart);
  await settled();
  return feed;
}

function drawnIds({ state }: ChartFeed): readonly string[] {
  return state.is === 'ready' ? [...new Set(state.drawn.points.map(({ id }) => id))] : [state.is];
}

beforeEach(async () => {
  table = new MemoryTable(4);
  model = new TableModel({
    client: table,
    connectionId: 'local',
    origin: { experiments: ['mnist'] },
    store: { load: async () => undefined, save: async () => undefined },
    pollIntervalMs: () => 60_000,
    defaultStatistic: () => 'Last'
  });
  model.setVisible(true);
  await model.ready;
  await settled();
  table.asked.length = 0;
});

afterEach(() => {
  feed?.dispose();
  model.dispose();
});

describe('the data of a chart', () => {
  it('are not asked for before its axes are chosen', async () => {
    const { state } = await draw(newChart('c', null));
    expect(state.is).toBe('empty');
    expect(table.asked).toEqual([]);
  });

  it('are those of its rows that are in the table', async () => {
    expect(drawnIds(await draw(STATISTICS))).toEqual(['row-0', 'row-2']);
    expect(table.asked).toEqual([`points ${EPOCHS.id} ${ACCURACY.id}`]);
  });

  it('lose the rows that a filter hides', async () => {
    const drawn = await draw(STATISTICS);
    table.passes = id => id !== 'row-0';
    model.update(view => ({ ...view, types: ['Training job'] }));
    await settled();
    expect(drawnIds(drawn)).toEqual(['row-2']);
  });

  it('are asked for again when the table has changed, and only then', async () => {
    const drawn = await draw(STATISTICS);
    await model.refresh();
    await settled();
    const points = (): number => table.asked.filter(text => text.startsWith('points')).length;
    expect(points()).toBe(1);
    table.ids.push('row-9');
    table.version = 2;
    await model.refresh();
    await settled();
    expect(points()).toBe(2);
    expect(drawnIds(drawn)).toEqual(['row-0', 'row-2', 'row-9']);
  });

  it('are not asked for again when only their look changes', async () => {
    const drawn = await draw(SERIES);
    table.asked.length = 0;
    drawn.chart = { ...SERIES, smoothing: 0.5, logY: true };
    await settled();
    expect(table.asked).toEqual([]);
    const ys = drawn.state.is === 'ready' ? drawn.state.drawn.points.slice(0, 2) : [];
    expect(ys.map(({ y }) => y)).toEqual([1, 2 / 3]);
  });

  it('of lines come in parts, and then only what has grown', async () => {
    table.seriesAtOnce = 3;
    const drawn = await draw(SERIES);
    const lines = table.asked.filter(text => text.startsWith('lines'));
    expect(lines).toEqual([
      `lines ${ACCURACY.id} step component-0 component-1 component-2 component-3`,
      `lines ${ACCURACY.id} step component-3`
    ]);
    expect(drawnIds(drawn)).toHaveLength(4);
    table.asked.length = 0;
    table.states = { 'component-2': '2' };
    table.version = 2;
    await model.refresh();
    await settled();
    expect(table.asked).toContain(`lines ${ACCURACY.id} step component-2`);
  });

  it('stay when a refresh fails, and say so', async () => {
    const drawn = await draw(STATISTICS);
    table.version = 2;
    await model.refresh();
    table.failure = new Error('Nobody answers.');
    drawn.chart = { ...STATISTICS, x: { column: ACCURACY.id, statistic: 'Min' } };
    await settled();
    expect(drawnIds(drawn)).toEqual(['row-0', 'row-2']);
    expect(drawn.state.is === 'ready' && drawn.state.error?.message).toContain('Nobody answers.');
  });
});
