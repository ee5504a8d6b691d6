import { StateDB } from '@jupyterlab/statedb';
import { Signal } from '@lumino/signaling';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { SmxError } from '../../api/errors';
import type { IConnection } from '../../api/types';
import type { IConnections } from '../../tokens';
import type { IColumnFilter } from '../../ui/filters/filters';
import { ExperimentsModel } from '../model';
import { PAGE, Server } from './server';

class Connections {
  readonly regions = [];
  listRegions = async (): Promise<readonly string[]> => [];
  connections = ['local', 'aws'].map(id => ({ id, poll_interval_ms: 1000 }) as IConnection);
  current: IConnection | null = this.connections[0];
  error: SmxError | null = null;
  changed: Signal<IConnections, void> = new Signal<IConnections, void>(this);
  ready = Promise.resolve();
  find = (id: string) => this.connections.find(connection => connection.id === id);
  select(id: string): void {
    this.current = this.find(id)!;
    this.changed.emit();
  }
  async refresh(): Promise<void> {}
  whyNoFormat = () => null;
  whyNot = () => null;
}

let server: Server;
let connections: Connections;
let stateDB: StateDB;
const models: ExperimentsModel[] = [];

async function open(): Promise<ExperimentsModel> {
  const model = new ExperimentsModel({ client: server.client, connections, stateDB });
  models.push(model);
  await model.restore();
  model.poll.visible = true;
  return model;
}

/** The keys of a list that has been read. */
const keysOf = (model: ExperimentsModel): string[] => model.rows.map(row => row.key);
const ready = (model: ExperimentsModel): Promise<void> =>
  vi.waitFor(() => expect([model.state.is, model.isChanging]).toEqual(['ready', false]));

beforeEach(() => {
  server = new Server();
  connections = new Connections();
  stateDB = new StateDB();
});

afterEach(() => models.splice(0).forEach(model => model.dispose()));

describe('the list of experiments', () => {
  it('stays where one was asked to go before a connection was known', async () => {
    connections.current = null;
    const model = new ExperimentsModel({ client: server.client, connections, stateDB });
    models.push(model);
    model.open({ experimentName: 'e1' });
    await model.restore();
    connections.select('local');
    expect(model.place).toEqual({ experimentName: 'e1' });
    connections.select('aws');
    expect(model.place).toEqual({});
  });

  it('asks nothing before somebody looks', async () => {
    const model = new ExperimentsModel({ client: server.client, connections, stateDB });
    models.push(model);
    await model.restore();
    await new Promise(resolve => setTimeout(resolve));
    expect(server.asked).toEqual([]);
  });

  it('has the newest change first', async () => {
    server.add('mnist', 'churn');
    server.touch('mnist');
    const model = await open();
    await ready(model);
    expect(keysOf(model)).toEqual(['experiment:mnist', 'experiment:churn']);
  });

  it('begins with the unassigned entry while there is one, whatever the filter', async () => {
    server.add('mnist');
    server.addUnassigned('preprocessing');
    const model = await open();
    model.setFilter('nothing is called so');
    await vi.waitFor(() => expect(keysOf(model)).toEqual(['unassigned:']));
    server.unassigned = [];
    await model.refresh();
    expect(keysOf(model)).toEqual([]);
  });

  it('shows a new entry, and keeps focus and selection', async () => {
    server.add('mnist', 'churn');
    const model = await open();
    await ready(model);
    model.selection.click('experiment:mnist');
    server.add('new');
    await model.refresh();
    expect(keysOf(model)[0]).toBe('experiment:new');
    expect(model.selection.selectedInOrder).toEqual(['experiment:mnist']);
    expect(model.selection.focusKey).toBe('experiment:mnist');
  });

  it('is not drawn again while nothing has changed', async () => {
    server.add('mnist');
    const model = await open();
    await ready(model);
    let changes = 0;
    model.stateChanged.connect(() => changes++);
    await model.refresh();
    expect(changes).toBe(0);
    expect(server.asked.at(-1)!.unchanged).toBe(true);
  });

  it('asks for a name once typing pauses', async () => {
    server.add('mnist', 'churn');
    const model = await open();
    await ready(model);
    model.setFilter('m');
    model.setFilter('mn');
    await vi.waitFor(() => expect(keysOf(model)).toEqual(['experiment:mnist']));
    const asked = server.asked.map(({ query }) => query.name_contains);
    expect(asked.filter(text => text !== undefined)).toEqual(['mn']);
  });

  it('leaves what was typed last behind with its list', async () => {
    server.add('mnist', 'churn');
    const model = await open();
    await ready(model);
    vi.useFakeTimers();
    model.setFilter('mn');
    model.open({});
    vi.runOnlyPendingTimers();
    vi.useRealTimers();
    await ready(model);
    expect([model.filter, keysOf(model).length]).toEqual(['', 2]);
  });

  it('goes to another place with an empty filter, whatever was still being typed', async () => {
    const model = await open();
    await ready(model);
    for (const leave of [() => model.open({}), () => connections.select('aws')]) {
      model.setFilter('late');
      expect(model.typed).toBe('late');
      leave();
      expect(model.typed).toBe('');
      // Typed later, this would be asked for after it.
      model.setFilter('m');
      await vi.waitFor(() => expect([model.typed, model.filter]).toEqual(['m', 'm']));
      await ready(model);
    }
    expect(server.asked.map(({ query }) => query.name_contains)).not.toContain('late');
  });

  it('asks the server for what meets its filters, and keeps them with their list', async () => {
    server.add('mnist', 'mnist-2', 'churn');
    server.addTrial('mnist-2', 'trial-1');
    const before = await open();
    await ready(before);
    const name: IColumnFilter = { column: 'Name', operator: 'contains', values: ['nist'] };
    before.setFilters([name, { ...name, values: ['-2'] }]);
    await vi.waitFor(() => expect(keysOf(before)).toEqual(['experiment:mnist-2']));
    before.open({ experimentName: 'mnist-2' });
    await ready(before);
    expect([before.filters, keysOf(before)]).toEqual([[], ['trial:trial-1']]);
    expect(server.asked.at(-1)!.query.filters).toBeUndefined();
    before.goUp();
    await ready(before);
    expect([before.filters.length, keysOf(before)]).toEqual([2, ['experiment:mnist-2']]);
    before.dispose();
    const after = await open();
    await ready(after);
    expect(after.filters[0]).toEqual(name);
    expect(keysOf(after)).toEqual(['experiment:mnist-2']);
    expect(await after.listTagKeys('Ow')).toEqual(['Owner']);
  });

  it('keeps its rows until the answer to another sort or filter comes', async () => {
    server.add('mnist', 'churn');
    const model = await open();
    await ready(model);
    const before = model.listId;
    model.sortBy('Name');
    expect([model.isChanging, model.listId]).toEqual([true, before]);
    expect(keysOf(model)).toEqual(['experiment:churn', 'experiment:mnist']);
    await ready(model);
    expect(model.listId).not.toBe(before);
  });

  it('sorts names first up, then down, and then as before', async () => {
    server.add('b', 'a', 'c');
    const model = await open();
    await ready(model);
    const sorted = async (): Promise<string> => {
      model.sortBy('Name');
      await ready(model);
      return model.rows.map(row => row.name).join('');
    };
    expect(await sorted()).toBe('abc');
    expect(await sorted()).toBe('cba');
    expect(await sorted()).toBe('cab');
    expect(model.sort).toEqual({ by: 'LastModifiedTime', order: 'Descending' });
  });
});

describe('a long list', () => {
  const names = Array.from({ length: 3 * PAGE }, (_, index) => `experiment-${index}`);

  it('reads the next page when the end of what is known comes near', async () => {
    server.add(...names);
    const model = await open();
    await ready(model);
    expect(model.rows).toHaveLength(PAGE);
    model.setVisible(0, 20);
    expect(server.asked).toHaveLength(1);
    model.setVisible(70, 95);
    await vi.waitFor(() => expect(model.rows).toHaveLength(2 * PAGE));
    expect(model.state).toMatchObject({ complete: false });
  });

  it('ends where the last page ends', async () => {
    server.add(...names.slice(0, PAGE + 1));
    const model = await open();
    await ready(model);
    model.setVisible(70, 100);
    await vi.waitFor(() => expect(model.state).toMatchObject({ complete: true }));
    expect(new Set(keysOf(model)).size).toBe(PAGE + 1);
  });

  it('loses and doubles no row while others are added, changed and deleted', async () => {
    server.add(...names);
    const model = await open();
    await ready(model);
    for (let known = PAGE; known < 3 * PAGE; known += PAGE) {
      model.setVisible(known - 20, known);
      await vi.waitFor(() => expect(model.rows).toHaveLength(known + PAGE));
    }
    server.add('new-1', 'new-2');
    server.touch('experiment-5');
    server.experiments = server.experiments.filter(({ name }) => name !== 'experiment-299');
    await model.refresh();
    model.setVisible(280, 300);
    await vi.waitFor(() => expect(model.state).toMatchObject({ complete: true }));
    const expected = [...server.experiments]
      .sort((one, other) => other.modified - one.modified)
      .map(({ name }) => name);
    expect(model.rows.map(row => row.name)).toEqual(expected);
  });
});

describe('what two questions at once answer', () => {
  /** The next question waits, with its answer already made, until it is let go. */
  function hold(): () => void {
    let letGo: () => void = () => undefined;
    server.held = new Promise(resolve => (letGo = resolve));
    return letGo;
  }

  it('keeps what was read on while the first page was asked for again', async () => {
    server.add(...Array.from({ length: 2 * PAGE }, (_, index) => `experiment-${index}`));
    const model = await open();
    await ready(model);
    const letGo = hold();
    const slow = model.refresh();
    model.setVisible(70, 95);
    await vi.waitFor(() => expect(model.rows).toHaveLength(2 * PAGE));
    model.setVisible(150, 175);
    letGo();
    await slow;
    expect(model.rows).toHaveLength(2 * PAGE);
  });

  it('is that of the later one, with its unassigned entry', async () => {
    server.add('mnist');
    server.addUnassigned('preprocessing');
    const model = await open();
    await ready(model);
    server.add('old');
    server.unassigned = [];
    const letGo = hold();
    const slow = model.refresh();
    await vi.waitFor(() => expect(server.asked).toHaveLength(2));
    server.addUnassigned('preprocessing-2');
    await model.refresh();
    letGo();
    await slow;
    expect(keysOf(model)).toEqual(['unassigned:', 'experiment:old', 'experiment:mnist']);
  });

  it('is no reason to doubt it, though the earlier one fails late', async () => {
    server.add('mnist');
    const model = await open();
    await ready(model);
    const letGo = hold();
    server.failure = [503, 'service_unavailable'];
    const slow = model.refresh();
    await vi.waitFor(() => expect(server.asked).toHaveLength(2));
    server.failure = null;
    await model.refresh();
    letGo();
    await slow;
    expect(model.state).toMatchObject({ is: 'ready', error: null });
  });
});

describe('the place in the hierarchy', () => {
  it('leaves the selection alone when the row one came from is read at last', async () => {
    server.add(...Array.from({ length: 2 * PAGE }, (_, index) => `experiment-${index}`));
    const model = await open();
    await ready(model);
    model.open({ experimentName: 'experiment-5' });
    await ready(model);
    model.goUp();
    await ready(model);
    model.selection.click('experiment:experiment-150');
    model.setVisible(70, 95);
    await vi.waitFor(() => expect(model.rows).toHaveLength(2 * PAGE));
    expect(model.selection.selectedInOrder).toEqual(['experiment:experiment-150']);
  });

  it('goes down into an experiment, and up onto it again', async () => {
    server.add('mnist', 'churn');
    server.addTrial('mnist', 'trial-1');
    const model = await open();
    await ready(model);
    expect(model.enter(model.rows[1])).toBe(true);
    await ready(model);
    expect(model.level).toBe('trials');
    expect(keysOf(model)).toEqual(['trial:trial-1']);
    model.goUp();
    await ready(model);
    expect(model.selection.selectedInOrder).toEqual(['experiment:mnist']);
  });

  it('survives a reload, with sort and filter', async () => {
    server.add('mnist');
    server.addTrial('mnist', 'trial-1', 'trial-2');
    const before = await open();
    before.open({ experimentName: 'mnist' });
    before.sortBy('Name');
    before.setFilter('2');
    await vi.waitFor(() => expect(keysOf(before)).toEqual(['trial:trial-2']));
    before.dispose();
    const after = await open();
    await ready(after);
    expect([after.place, after.filter, after.sort.by]).toEqual([
      { experimentName: 'mnist' },
      '2',
      'Name'
    ]);
    expect(keysOf(after)).toEqual(['trial:trial-2']);
  });

  it('is one of each connection', async () => {
    server.add('mnist');
    server.addTrial('mnist', 'trial-1');
    const model = await open();
    await ready(model);
    model.open({ experimentName: 'mnist' });
    connections.select('aws');
    expect(model.place).toEqual({});
    await ready(model);
    expect(server.asked.at(-1)!.path).toBe('aws/experiments');
    connections.select('local');
    expect(model.place).toEqual({ experimentName: 'mnist' });
  });

  it('says so when the experiment one is in is deleted', async () => {
    server.add('mnist');
    const model = await open();
    await ready(model);
    model.open({ experimentName: 'mnist' });
    await ready(model);
    server.experiments = [];
    await model.refresh();
    expect(model.state.is).toBe('gone');
    model.goUp();
    await ready(model);
    expect(model.level).toBe('experiments');
  });

  it('is not overwritten by a slow answer for an earlier place', async () => {
    server.add('mnist');
    server.addTrial('mnist', 'trial-1');
    const model = await open();
    await ready(model);
    let openGate: () => void = () => undefined;
    server.gate = new Promise(resolve => (openGate = resolve));
    const slow = model.refresh();
    model.open({ experimentName: 'mnist' });
    openGate();
    await slow;
    await ready(model);
    expect(keysOf(model)).toEqual(['trial:trial-1']);
  });
});

describe('when it goes wrong', () => {
  it('keeps the old rows, says why, and recovers', async () => {
    server.add('mnist');
    const model = await open();
    await ready(model);
    server.failure = [503, 'service_unavailable'];
    await model.refresh();
    expect(model.state).toMatchObject({ is: 'ready', error: { code: 'service_unavailable' } });
    expect(keysOf(model)).toEqual(['experiment:mnist']);
    expect(model.poll.failures).toBe(1);
    server.failure = null;
    await model.refresh();
    expect(model.state).toMatchObject({ is: 'ready', error: null });
  });

  it('shows the error if there are no rows to keep', async () => {
    server.failure = [401, 'credentials_missing'];
    const model = await open();
    await vi.waitFor(() => expect(model.state.is).toBe('failed'));
    expect(model.state).toMatchObject({ error: { message: 'It is credentials_missing.' } });
  });

  it('can be stopped while it loads, and asks no more until it is told to', async () => {
    server.add('mnist');
    let openGate: () => void = () => undefined;
    server.gate = new Promise(resolve => (openGate = resolve));
    const model = await open();
    model.stop();
    openGate();
    await model.poll.refresh();
    expect(model.state.is).toBe('stopped');
    await model.refresh();
    expect(keysOf(model)).toEqual(['experiment:mnist']);
  });
});
