import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { SmxError } from '../../../api/errors';
import { TableModel } from '../../model';
import { SYNC_INTERVAL_MS, isReading, isStopped, pollInterval } from '../reading';
import { MemoryTable, settled } from '../../__tests__/server';

let table: MemoryTable;
let model: TableModel;

async function open(): Promise<void> {
  model = new TableModel({
    client: table,
    connectionId: 'aws',
    origin: { experiments: ['mnist'], trials: [], unassigned: false },
    store: { load: () => Promise.resolve(undefined), save: () => Promise.resolve() },
    pollIntervalMs: () => 60_000,
    defaultStatistic: () => 'Last'
  });
  model.setVisible(true);
  model.want({ first: 0, last: 30, direction: 0, firstColumn: 0, lastColumn: 9, pinned: 0 });
  await model.ready;
  await settled();
}

beforeEach(() => {
  table = new MemoryTable(10);
  table.complete = false;
});
afterEach(() => model.dispose());

describe('a table that is being read', () => {
  it('is looked at often, until all is there', async () => {
    await open();
    expect(isReading(model.state)).toBe(true);
    expect((model.nextTime ?? 0) - Date.now()).toBeLessThanOrEqual(SYNC_INTERVAL_MS);
    table.complete = true;
    table.version++;
    await model.refresh();
    expect(isReading(model.state)).toBe(false);
    expect(pollInterval(model.state, 60_000)).toBe(60_000);
  });

  it('can be stopped, and goes on when it is asked for again', async () => {
    await open();
    await model.stop();
    expect([isStopped(model.state), isReading(model.state)]).toEqual([true, false]);
    expect(pollInterval(model.state, 60_000)).toBe(60_000);
    expect(model.rows.total).toBe(10);
    await model.refresh();
    expect([isStopped(model.state), isReading(model.state)]).toEqual([false, true]);
  });

  it('says why it could not be stopped', async () => {
    await open();
    table.failure = new SmxError('No answer.', 'unreachable', 0);
    await model.stop();
    expect(isStopped(model.state)).toBe(false);
    expect(model.refreshError?.message).toBe('No answer.');
  });

  it('waits for nothing when it was stopped before the first row', async () => {
    table = new MemoryTable(0);
    table.complete = false;
    await open();
    expect(model.isWaiting).toBe(true);
    await model.stop();
    expect(model.isWaiting).toBe(false);
  });
});

describe('a table whose refresh takes longer than an answer', () => {
  it('is looked at again soon, and says nothing of a next try meanwhile', async () => {
    table.complete = true;
    table.reading = true;
    await open();
    expect(pollInterval(model.state, 60_000)).toBe(SYNC_INTERVAL_MS);
    expect([model.isComplete, model.nextTime]).toEqual([true, null]);
    // Nothing has changed: the answer is 304, and the reading has ended.
    table.reading = false;
    table.describeTable = () => Promise.resolve({ data: null, etag: undefined });
    await vi.waitFor(() => expect(pollInterval(model.state, 60_000)).toBe(60_000));
    expect((model.nextTime ?? 0) - Date.now()).toBeGreaterThan(50_000);
  });
});

describe('a table that could not be refreshed', () => {
  beforeEach(async () => {
    table.complete = true;
    table.error = { code: 'throttled', message: 'SageMaker is limiting requests.', details: {} };
    table.retrySeconds = 120;
    await open();
  });

  it('is looked at again when the server asks SageMaker again', () => {
    expect(pollInterval(model.state, 60_000)).toBe(120_000);
    const wait = (model.nextTime ?? 0) - Date.now();
    expect(wait).toBeGreaterThan(110_000);
  });

  it('keeps its rows and their time', () => {
    expect(model.refreshError?.code).toBe('throttled');
    expect(model.rows.total).toBe(10);
    expect(model.updatedTime).toBe(Date.parse('2026-01-02T03:04:05Z'));
  });
});
