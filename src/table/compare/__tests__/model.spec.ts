import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { SmxError } from '../../../api/errors';
import { CompareClient, ComparisonModel } from '../model';
import { MemoryTable, gate, rowOf, settled } from '../../__tests__/server';

/** A table that is asked for rows by their ids, and may answer late or fail. */
class Client extends MemoryTable implements CompareClient {
  late: Promise<void> | null = null;
  refusal: Error | null = null;
  listRowsById: CompareClient['listRowsById'] = async (_connection, table, view, rows) => {
    const { late, refusal } = this;
    this.late = this.refusal = null;
    const window = await this.listRows('local', table, view, 0, 0);
    await late;
    if (refusal) {
      throw refusal;
    }
    return { ...window, rows: rows.map(id => rowOf(id)) };
  };
}

let client: Client;
let model: ComparisonModel;

const shown = (): string[] =>
  model.state.is === 'ready' ? model.state.window.rows.map(({ id }) => id) : [];

beforeEach(async () => {
  client = new Client(5);
  const rows = ['row-1', 'row-2', 'row-3'];
  model = new ComparisonModel(
    client,
    { connectionId: 'local', experiments: ['mnist'], rows },
    () => 60_000
  );
  await model.poll.refresh();
});
afterEach(() => model.dispose());

describe('a comparison', () => {
  it('shows the rows that are asked for last, whichever answer comes last', async () => {
    const slow = gate();
    client.late = slow.promise;
    model.update({ rows: ['row-1', 'row-2', 'row-4'] });
    await settled();
    model.update({ rows: ['row-1', 'row-2'] });
    await settled();
    slow.open();
    await settled();
    expect(shown()).toEqual(['row-1', 'row-2']);
  });

  it('still wants the rows that could not be read, though the table is what it was', async () => {
    client.refusal = new SmxError('No answer.', 'unreachable', 0);
    model.update({ rows: ['row-1', 'row-2'] });
    await settled();
    expect(model.state).toMatchObject({ is: 'ready', error: { code: 'unreachable' } });
    await model.poll.refresh();
    expect(shown()).toEqual(['row-1', 'row-2']);
    expect(model.state).toMatchObject({ error: null });
  });
});
