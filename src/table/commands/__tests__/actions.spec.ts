import { nullTranslator } from '@jupyterlab/translation';
import { afterEach, beforeEach, expect, it } from 'vitest';

import { TableModel } from '../../model';
import { selectedTsv } from '../actions';
import { MemoryTable, settled } from '../../__tests__/server';

const trans = nullTranslator.load('smx_lab');
let model: TableModel;

beforeEach(async () => {
  model = new TableModel({
    client: new MemoryTable(1000),
    connectionId: 'local',
    origin: { experiments: ['mnist'], trials: [], unassigned: false },
    store: { load: () => Promise.resolve(undefined), save: () => Promise.resolve() },
    pollIntervalMs: () => 60_000,
    defaultStatistic: () => 'Last'
  });
  model.setVisible(true);
  model.want({ first: 0, last: 30, direction: 0, firstColumn: 0, lastColumn: 9, pinned: 0 });
  await model.ready;
  await settled();
});
afterEach(() => model.dispose());

const copied = async (): Promise<string[]> =>
  (await selectedTsv(model, trans))
    .trimEnd()
    .split('\n')
    .slice(1)
    .map(line => line.split('\t')[1]);

it('copies the selected rows in the order on the screen', async () => {
  model.selection.click(7, null);
  model.selection.click(3, null, { add: true });
  expect(await copied()).toEqual(['3', '7']);
});

it('copies the selected rows that have not been on the screen too', async () => {
  model.selection.selectAll();
  await settled();
  expect(await copied()).toEqual(Array.from({ length: 1000 }, (_, index) => String(index)));
});
