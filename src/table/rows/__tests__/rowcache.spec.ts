import { describe, expect, it } from 'vitest';

import { DEFAULT_VIEW, rowQuery, shownColumns, sortBy, viewColumn } from '../../view/view';
import type { IRowQuery } from '../../view/options';
import { RowCache } from '../rowcache';
import type { IDemand } from '../demand';
import {
  ACCURACY,
  EPOCHS,
  MemoryTable,
  STATUS_COLUMN,
  gate,
  settled
} from '../../__tests__/server';

const COLUMNS = shownColumns(DEFAULT_VIEW, [STATUS_COLUMN, ACCURACY], 'Last');
const [STATUS_KEY, ACCURACY_KEY] = COLUMNS.map(({ key }) => key);
const ALL = shownColumns(DEFAULT_VIEW, [STATUS_COLUMN, ACCURACY, EPOCHS], 'Last');
const QUERY = rowQuery(DEFAULT_VIEW, [], 'Last');
const SORTED: IRowQuery = rowQuery(sortBy(DEFAULT_VIEW, ACCURACY.id, true), [ACCURACY], 'Last');

function cacheOf(table: MemoryTable): RowCache {
  return new RowCache(({ query, columns, offset, limit }, signal) =>
    table.listRows(
      'local',
      'table-1',
      { ...query, columns: columns.map(viewColumn) },
      offset,
      limit,
      signal
    )
  );
}

const at = (first: number, direction: IDemand['direction'] = 0, columns = COLUMNS): IDemand => ({
  first,
  last: first + 30,
  direction,
  columns
});

async function opened(count: number): Promise<{ table: MemoryTable; cache: RowCache }> {
  const table = new MemoryTable(count);
  const cache = cacheOf(table);
  cache.want(at(0));
  cache.setQuery(QUERY);
  await settled();
  return { table, cache };
}

describe('the window cache', () => {
  it('asks for the block on the screen, then for the next one', async () => {
    const { table, cache } = await opened(1000);
    expect(table.asked).toEqual([
      '0+100: summary:Status metric:test:accuracy',
      '100+100: summary:Status metric:test:accuracy'
    ]);
    expect(cache.total).toBe(1000);
    expect(cache.row(42)?.id).toBe('row-42');
    expect(cache.cell(42, ACCURACY_KEY)).toBe(42);
    expect(cache.cell(900, ACCURACY_KEY)).toBeUndefined();
  });

  it('shows no value where the server does not know it yet, and asks no more for it', async () => {
    const table = new MemoryTable(3);
    table.pending = [[1, 1]];
    const cache = cacheOf(table);
    cache.want(at(0));
    cache.setQuery(QUERY);
    await settled();
    expect([0, 1, 2].map(row => cache.cell(row, ACCURACY_KEY))).toEqual([0, undefined, 2]);
    expect(table.asked).toHaveLength(1);
    table.pending = [];
    cache.setVersion(++table.version);
    await settled();
    expect(cache.cell(1, ACCURACY_KEY)).toBe(1);
  });

  it('forgets the values of a baseline that is gone', async () => {
    const table = new MemoryTable(3);
    table.baseline = 'row-2';
    const cache = cacheOf(table);
    cache.want(at(0));
    cache.setQuery(QUERY);
    await settled();
    expect([cache.baseline?.id, cache.baselineCell(ACCURACY_KEY)]).toEqual(['row-2', 2]);
    table.ids.pop();
    table.baseline = null;
    cache.setVersion(++table.version);
    await settled();
    expect([cache.baseline, cache.baselineCell(ACCURACY_KEY)]).toEqual([null, undefined]);
  });

  it('asks for two blocks at once where the screen lies across them', async () => {
    const { table, cache } = await opened(1000);
    cache.want(at(480));
    await settled();
    expect(table.asked[2]).toBe('400+200: summary:Status metric:test:accuracy');
  });

  it('fetches ahead in the direction of scrolling', async () => {
    const { table, cache } = await opened(1000);
    cache.want(at(510, -1));
    await settled();
    expect(table.asked.slice(2).map(text => text.split(':')[0])).toEqual(['500+100', '400+100']);
  });

  it('has one request under way, and gives it up for what is on the screen now', async () => {
    const { table, cache } = await opened(1000);
    const slow = gate();
    table.gate = slow.promise;
    cache.want(at(500));
    cache.want(at(800));
    cache.want(at(810));
    expect(table.asked.slice(2).map(text => text.split(':')[0])).toEqual(['500+100', '800+100']);
    slow.open();
    await settled();
    expect(cache.row(510)).toBeUndefined();
    expect(cache.row(810)?.id).toBe('row-810');
  });

  it('asks only for the columns that are missing', async () => {
    const { table, cache } = await opened(50);
    cache.want(at(0, 0, ALL));
    await settled();
    expect(table.asked.at(-1)).toBe('0+100: parameter:epochs');
    expect(cache.cell(4, ALL[2].key)).toBe(1);
    expect(cache.cell(4, STATUS_KEY)).toBe('Completed');
  });

  it('asks nothing when a column is hidden or moved', async () => {
    const { table, cache } = await opened(50);
    const before = table.asked.length;
    cache.want(at(0, 0, [COLUMNS[1]]));
    cache.want(at(0, 0, [COLUMNS[1], COLUMNS[0]]));
    await settled();
    expect(table.asked).toHaveLength(before);
  });

  it('keeps the old rows until the first answer to another question', async () => {
    const { table, cache } = await opened(50);
    const slow = gate();
    table.gate = slow.promise;
    cache.setQuery(SORTED);
    expect(cache.isStale).toBe(true);
    expect(cache.row(0)?.id).toBe('row-0');
    slow.open();
    await settled();
    expect(cache.isStale).toBe(false);
    expect(cache.row(0)?.id).toBe('row-49');
    expect(cache.indexOf('row-0')).toBe(49);
  });

  it('drops a question that was taken back', async () => {
    const { table, cache } = await opened(50);
    const slow = gate();
    table.gate = slow.promise;
    cache.setQuery(SORTED);
    cache.setQuery(QUERY);
    expect(cache.isStale).toBe(false);
    slow.open();
    await settled();
    expect(cache.row(0)?.id).toBe('row-0');
  });

  it('asks again for what is on the screen when the table has another version', async () => {
    const { table, cache } = await opened(50);
    table.ids.unshift('row-99');
    table.version = 2;
    cache.setVersion(2);
    expect(cache.row(0)?.id).toBe('row-0');
    await settled();
    expect(cache.row(0)?.id).toBe('row-99');
    expect(cache.indexOf('row-0')).toBe(1);
    expect(cache.total).toBe(51);
  });

  it('comes to rest while each answer is of a newer version', async () => {
    const { table, cache } = await opened(1000);
    const listRows = table.listRows;
    table.listRows = (...args) => {
      table.version++;
      return listRows(...args);
    };
    cache.want(at(500));
    await settled();
    const asked = table.asked.length;
    await settled();
    expect(table.asked).toHaveLength(asked);
    expect(cache.row(510)?.id).toBe('row-510');
  });

  it('says that a request failed, and asks no more before it is told to', async () => {
    const { table, cache } = await opened(1000);
    const failures: string[] = [];
    cache.failed.connect((_, error) => failures.push(error.message));
    table.failure = new Error('no answer');
    cache.want(at(500));
    await settled();
    const asked = table.asked.length;
    cache.want(at(520));
    await settled();
    expect(failures).toEqual(['no answer']);
    expect(table.asked).toHaveLength(asked);
    cache.retry();
    await settled();
    expect(cache.row(520)?.id).toBe('row-520');
  });

  it('forgets what is far from the screen once it holds much', async () => {
    const { cache } = await opened(100_000);
    for (let first = 0; first < 90_000; first += 100) {
      cache.want(at(first, 1));
      await settled();
    }
    expect(cache.row(10)).toBeUndefined();
    expect(cache.indexOf('row-10')).toBeUndefined();
    expect(cache.row(89_900)?.id).toBe('row-89900');
    expect([...cache.loaded()].length).toBeLessThan(90_000);
  });

  it('reads any rows past the cache, in as many answers as it takes', async () => {
    const { table, cache } = await opened(2500);
    const rows = await cache.read(5, 2400, [], new AbortController().signal);
    expect(rows).toHaveLength(2396);
    expect(rows[2395].id).toBe('row-2400');
    expect(table.asked.slice(-3)).toEqual(['5+1000: ', '1005+1000: ', '2005+396: ']);
  });
});
