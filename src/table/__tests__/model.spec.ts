import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { SmxError } from '../../api/errors';
import { compare } from '../view/comparing';
import { IWindow } from '../rows/demand';
import { IViewStore } from '../view/keptview';
import { TableModel } from '../model';
import { setStatistic, showColumn, showType, sortBy, toJSON, DEFAULT_VIEW } from '../view/view';
import { ACCURACY, EPOCHS, MemoryTable, STATUS_COLUMN, gate, settled } from './server';

const SCREEN: IWindow = {
  first: 0,
  last: 30,
  direction: 0,
  firstColumn: 0,
  lastColumn: 9,
  pinned: 0
};

let table: MemoryTable;
let model: TableModel;
let kept: Record<string, unknown> | undefined;
const store: IViewStore = {
  load: () => Promise.resolve(kept),
  save: view => {
    kept = view;
    return Promise.resolve();
  }
};

async function open(): Promise<void> {
  model = new TableModel({
    client: table,
    connectionId: 'local',
    origin: { experiments: ['mnist'], trials: [], unassigned: false },
    store,
    pollIntervalMs: () => 60_000,
    defaultStatistic: () => 'Last'
  });
  model.setVisible(true);
  model.want(SCREEN);
  await model.ready;
  await settled();
}

beforeEach(() => {
  table = new MemoryTable(10);
  kept = undefined;
});
afterEach(() => model.dispose());

describe('a table', () => {
  it('shows the columns that all tables have while it is being opened', () => {
    void open();
    expect(model.isWaiting).toBe(true);
    expect(model.columns.map(({ label }) => label)).toEqual([
      'Status',
      'Experiment',
      'Type',
      'Trial',
      'Trial component',
      'Created on',
      'Last modified'
    ]);
  });

  it('asks nothing while it is not on the screen', async () => {
    model = new TableModel({
      client: table,
      connectionId: 'local',
      origin: { experiments: ['mnist'] },
      store,
      pollIntervalMs: () => 60_000,
      defaultStatistic: () => 'Last'
    });
    await model.ready;
    await settled();
    expect(table.asked).toEqual([]);
  });

  it('asks for its rows once, with all columns', async () => {
    await open();
    expect(table.asked).toEqual([
      'open',
      '0+100: summary:Status metric:test:accuracy parameter:epochs'
    ]);
    expect(model.rows.total).toBe(10);
    expect(model.isWaiting).toBe(false);
  });

  it('begins with the view that was kept', async () => {
    kept = toJSON(showColumn(DEFAULT_VIEW, EPOCHS, false));
    await open();
    expect(model.shown.map(({ id }) => id)).toEqual([STATUS_COLUMN.id, ACCURACY.id]);
  });

  it('keeps what the user makes of it', async () => {
    await open();
    model.update(view => setStatistic(view, ACCURACY.id, 'Max'));
    expect(kept?.statistics).toEqual({ 'metric:test:accuracy': 'Max' });
    expect(model.shown[1].statistic).toBe('Max');
  });

  it('is sorted anew by the server, also when the statistic of that column changes', async () => {
    await open();
    model.update(view => sortBy(view, ACCURACY.id, true));
    await settled();
    expect(model.rows.row(0)?.id).toBe('row-9');
    model.update(view => setStatistic(view, ACCURACY.id, 'Max'));
    expect(model.rows.isStale).toBe(true);
  });

  it('shows new rows and columns, and knows since when they are right', async () => {
    table.columns = [STATUS_COLUMN];
    await open();
    model.selection.click(2, STATUS_COLUMN.id);
    table.ids.unshift('row-99');
    table.columns = [STATUS_COLUMN, ACCURACY];
    table.version = 2;
    await model.refresh();
    await settled();
    expect(model.shown).toHaveLength(2);
    expect(model.rows.row(0)?.id).toBe('row-99');
    expect(model.selection.rows.map(({ id }) => id)).toEqual(['row-2']);
    expect(model.selection.active.row).toBe(3);
    expect(model.updatedTime).toBe(Date.UTC(2026, 0, 2, 3, 4, 5));
  });

  it('keeps its rows when it cannot be refreshed, and says why', async () => {
    await open();
    table.failure = new SmxError('No answer.', 'unreachable', 0);
    await model.refresh();
    expect(model.refreshError?.message).toBe('No answer.');
    expect(model.problem).toBeNull();
    expect(model.rows.row(0)?.id).toBe('row-0');
    await model.refresh();
    expect(model.refreshError).toBeNull();
  });

  it('says why rows could not be selected that have not come yet', async () => {
    table = new MemoryTable(1000);
    await open();
    table.failure = new SmxError('No answer.', 'unreachable', 0);
    model.selection.selectAll();
    await settled();
    expect(model.refreshError?.message).toBe('No answer.');
    expect(model.selection.size).toBeLessThan(1000);
  });

  it('says why SageMaker could not be read, though the server answers', async () => {
    table = new MemoryTable(0);
    table.complete = false;
    table.error = { code: 'access_denied', message: 'Not allowed.', details: {} };
    await open();
    expect(model.problem?.code).toBe('access_denied');
    expect(model.isWaiting).toBe(false);
  });

  it('is fresh though an earlier look fails late', async () => {
    await open();
    const late = gate();
    const { openTable } = table;
    table.openTable = async (...asked) => {
      await late.promise;
      return openTable(...asked);
    };
    const slow = model.refresh();
    table.openTable = openTable;
    await model.refresh();
    table.failure = new SmxError('No answer.', 'unreachable', 0);
    late.open();
    await slow;
    expect(model.refreshError).toBeNull();
  });

  it('is failed when it cannot be opened, and comes back with the next try', async () => {
    table.failure = new SmxError('No answer.', 'unreachable', 0);
    await open();
    expect(model.state.is).toBe('failed');
    await model.refresh();
    await settled();
    expect(model.state.is).toBe('ready');
    expect(model.rows.total).toBe(10);
  });

  it('is opened anew when the server no longer knows it', async () => {
    await open();
    const describe = table.describeTable;
    table.describeTable = () => Promise.reject(new SmxError('Gone.', 'not_found', 404));
    table.version = 2;
    model.setVisible(true);
    table.failure = new SmxError('Gone.', 'not_found', 404);
    model.want({ ...SCREEN, first: 0, last: 30 });
    model.update(view => sortBy(view, ACCURACY.id, true));
    await settled();
    table.describeTable = describe;
    await settled();
    expect(model.state.is).toBe('ready');
    expect(model.rows.row(0)?.id).toBe('row-9');
  });

  it('without rows is empty while its experiment exists, and gone with it', async () => {
    table = new MemoryTable(0);
    await open();
    expect(model.state.is).toBe('ready');
    table.exists = false;
    table.version = 2;
    await model.refresh();
    expect(model.state.is).toBe('gone');
    const asked = table.asked.length;
    model.want({ ...SCREEN, last: 20 });
    await settled();
    expect(table.asked).toHaveLength(asked);
    expect((model.nextTime ?? 0) - Date.now()).toBeGreaterThan(60_000);
    table.exists = true;
    await model.refresh();
    expect(model.state.is).toBe('ready');
  });

  it('shows rows again when its experiment is made anew', async () => {
    table = new MemoryTable(0);
    table.exists = false;
    await open();
    model.want({ ...SCREEN, last: 20 });
    await settled();
    expect(model.state.is).toBe('gone');
    table.ids = ['row-1', 'row-2'];
    table.version = 2;
    await model.refresh();
    await settled();
    expect(model.rows.row(1)?.id).toBe('row-2');
  });

  it('tells how many rows the type filter hides', async () => {
    await open();
    for (const type of ['Training job', 'Transform job', 'Processing job', 'Undefined'] as const) {
      model.update(view => showType(view, type, false));
    }
    await settled();
    expect(model.rows.total).toBe(0);
    expect(model.rows.hiddenByType).toBe(10);
  });
});

describe('a filter', () => {
  it('takes rows that it hides out of the selection, and its end brings none back', async () => {
    await open();
    model.selection.selectAll();
    expect(model.selection.size).toBe(10);
    table.passes = id => id < 'row-4';
    model.update(view => ({
      ...view,
      filters: [{ column: EPOCHS.id, operator: 'lt', values: ['4'] }]
    }));
    await settled();
    expect([model.rows.total, model.totalRows, model.selection.size]).toEqual([4, 10, 4]);
    table.passes = () => true;
    model.update(view => ({ ...view, filters: [] }));
    await settled();
    expect([model.rows.total, model.selection.size]).toEqual([10, 4]);
  });

  it('asks for the values of a column among the rows that pass', async () => {
    await open();
    expect(await model.listValues(STATUS_COLUMN.id, 'comp')).toMatchObject({ distinct: 1 });
    expect(table.asked.at(-1)).toBe('values summary:Status');
  });
});

describe('only columns that differ', () => {
  const shown = (): string[] => model.shown.map(({ id }) => id);

  it('are asked for when they are wanted, and again when the rows change', async () => {
    table.differing = [EPOCHS.id];
    await open();
    expect(table.asked).not.toContain('differences');
    model.update(view => compare(view, { onlyDifferences: true }));
    await settled();
    expect(shown()).toEqual([EPOCHS.id]);
    model.update(view => sortBy(view, ACCURACY.id, true));
    await settled();
    expect(table.asked.filter(what => what === 'differences')).toHaveLength(1);
    table.version = 2;
    table.differing = [ACCURACY.id, EPOCHS.id];
    await model.refresh();
    await settled();
    expect(shown()).toEqual([ACCURACY.id, EPOCHS.id]);
  });

  it('are all there again when nobody wants to know', async () => {
    await open();
    model.update(view => compare(view, { onlyDifferences: true }));
    await settled();
    model.update(view => compare(view, { onlyDifferences: false }));
    expect(shown()).toHaveLength(3);
  });
});
