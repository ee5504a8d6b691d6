/** A small table in memory that answers as the server does, and remembers what it was asked. */
import { SmxError } from '../../api/errors';
import type { IColumn, IRow, IRowWindow, ITableState } from '../../api/types';
import type { TableClient } from '../rows/source';
import type { Cell } from '../view/options';

export const STATUS_COLUMN = columnOf('summary:Status');
export const ACCURACY = columnOf('metric:test:accuracy', 'number');
export const EPOCHS = columnOf('parameter:epochs', 'number');

function columnOf(id: string, type: IColumn['type'] = 'text'): IColumn {
  const [kind] = id.split(':');
  const name = id.slice(kind.length + 1);
  return { id, kind: kind as IColumn['kind'], name, label: name, type };
}

/** Row n is `row-n`; its accuracy is n, its epochs are n % 3. */
export class MemoryTable implements TableClient {
  constructor(count: number) {
    this.ids = Array.from({ length: count }, (_, index) => `row-${index}`);
  }

  ids: string[];
  version = 1;
  complete = true;
  error: ITableState['error'] = null;
  series: ITableState['series'] = null;
  /** Row and column of cells that are not known yet, in every window. */
  pending: IRowWindow['pending'] = [];
  /** The id of the row that others are held against. */
  baseline: string | null = null;
  retrySeconds: number | null = null;
  stopped = false;
  columns: IColumn[] = [STATUS_COLUMN, ACCURACY, EPOCHS];
  /** What was asked: `offset+limit: columns`. */
  readonly asked: string[] = [];
  /** Thrown by whatever is asked next. */
  failure: Error | null = null;
  /** Which rows meet the filters, whatever they are. */
  passes: (id: string) => boolean = () => true;
  /** Answers wait until this resolves. */
  gate: Promise<void> = Promise.resolve();

  openTable: TableClient['openTable'] = (_, origin) =>
    this._answer<ITableState>('open', () => {
      this.stopped = false;
      return this._state(origin);
    });

  stopTable: TableClient['stopTable'] = () =>
    this._answer<ITableState>('stop', () => {
      this.stopped = true;
      return this._state({});
    });

  /** Whether SageMaker is being asked for what is new. */
  reading = false;

  private _state(origin: ITableState['origin']): ITableState {
    return {
      table_id: 'table-1',
      origin,
      version: this.version,
      complete: this.complete,
      total: this.ids.length,
      columns: this.columns,
      updated_time: '2026-01-02T03:04:05Z',
      error: this.error,
      retry_s: this.retrySeconds,
      stopped: this.stopped,
      expected: null,
      reading: this.reading,
      search_error: null,
      series: this.series
    };
  }

  /** Whether the experiment of the table still exists. */
  exists = true;

  describeExperiment: TableClient['describeExperiment'] = (_, name) => {
    const time = '2026-01-02T03:04:05Z';
    const experiment = {
      experiment_name: name,
      experiment_arn: `arn:${name}`,
      display_name: name,
      description: null,
      creation_time: time,
      last_modified_time: time
    };
    return this.exists
      ? Promise.resolve(experiment)
      : Promise.reject(new SmxError('No such experiment.', 'not_found', 404));
  };

  describeTrial: TableClient['describeTrial'] = () =>
    Promise.reject(new SmxError('No such trial.', 'not_found', 404));

  describeTable: TableClient['describeTable'] = async (connectionId, _, version) => {
    if (version === this.version && !this.failure) {
      this.asked.push('describe');
      return { data: null, etag: undefined, updatedTime: '2026-01-02T03:05:00Z' };
    }
    const { stopped } = this;
    const data = await this.openTable(connectionId, {});
    this.stopped = stopped;
    return { data: { ...data, stopped }, etag: undefined };
  };

  listRows: TableClient['listRows'] = (_connection, _table, view, offset, limit, signal) => {
    const columns = (view.columns ?? []).map(({ column }) => column);
    return this._answer<IRowWindow>(
      `${offset}+${limit}: ${columns.join(' ')}`,
      () => {
        const [key] = view.sort ?? [];
        const order = key?.descending ? [...this.ids].reverse() : this.ids;
        const met = view.filters?.length ? order.filter(this.passes) : order;
        const ids = view.types?.length === 0 ? [] : met;
        return {
          rows: ids.slice(offset, offset + limit).map(id => rowOf(id, columns)),
          offset,
          total: ids.length,
          hidden_by_type: met.length - ids.length,
          version: this.version,
          complete: this.complete,
          decimals: columns.map(() => 0),
          passed: ids.length,
          groups: null,
          extents: null,
          baseline: this.baseline === null ? null : rowOf(this.baseline, columns),
          pending: this.pending
        };
      },
      signal
    );
  };

  listValues: TableClient['listValues'] = (_connection, _table, { column }) =>
    this._answer(`values ${column}`, () => ({
      values: [{ value: 'Completed', count: this.ids.length }],
      distinct: 1,
      empty: 0
    }));

  checkSeries: TableClient['checkSeries'] = (_connection, _table, metric) =>
    this._answer(`series ${metric}`, () => ({ metric, logged: metric === ACCURACY.id }));

  /** Row n has the trial component `component-n`; every column counts the rows. */
  listPoints: TableClient['listPoints'] = (_connection, _table, { view, rows }, signal) =>
    this._answer(
      `points ${(view.columns ?? []).map(({ column }) => column).join(' ')}`,
      () => {
        const ids = (rows ?? this.ids).filter(id => this.ids.includes(id) && this.passes(id));
        const numbers = ids.map(id => Number(id.slice(4)));
        return {
          ids,
          names: numbers.map(number => `component-${number}`),
          columns: (view.columns ?? []).map(() => numbers),
          total: ids.length,
          version: this.version
        };
      },
      signal
    );

  /** Trial components whose series one answer has room for. */
  seriesAtOnce = 100;
  /** The states of the trial components, by name; otherwise `1`. */
  states: Record<string, string> = {};

  listSeries: TableClient['listSeries'] = (_connection, _table, asked, signal) => {
    const { metric, axis, trial_components: names, known = {} } = asked;
    const changed = names.filter(name => known[name] !== (this.states[name] ?? '1'));
    return this._answer(
      `lines ${metric} ${axis} ${changed.join(' ')}`,
      () => ({
        series: changed.slice(0, this.seriesAtOnce).map(name => ({
          trial_component_name: name,
          state: this.states[name] ?? '1',
          x: [0, 1, 2],
          y: [1, 0.5, 0.25],
          logged: 3
        })),
        left: Math.max(0, changed.length - this.seriesAtOnce),
        version: this.version
      }),
      signal
    );
  };

  exportTable: TableClient['exportTable'] = (_connection, _table, body, signal) =>
    this._answer(
      `export ${body.format}: ${body.rows?.join(' ') ?? 'all'}`,
      () => new Blob([JSON.stringify(body.view)]),
      signal
    );

  /** What differs, by the server. */
  differing: string[] = [];

  listDifferences: TableClient['listDifferences'] = () =>
    this._answer('differences', () => ({ columns: this.differing, version: this.version }));

  private async _answer<T>(what: string, make: () => T, signal?: AbortSignal): Promise<T> {
    this.asked.push(what);
    await this.gate;
    if (signal?.aborted) {
      throw new Error('aborted');
    }
    const failure = this.failure;
    this.failure = null;
    if (failure) {
      throw failure;
    }
    return make();
  }
}

export function rowOf(id: string, columns: readonly string[] = []): IRow {
  const number = Number(id.split('-')[1]);
  const cells: Record<string, Cell> = {
    'summary:Status': 'Completed',
    'metric:test:accuracy': number,
    'parameter:epochs': number % 3
  };
  return {
    id,
    experiment_name: 'mnist',
    trial_name: `trial-${number}`,
    trial_component_name: id,
    trial_component_arn: `arn:${id}`,
    display_name: 'Training',
    type: 'Training job',
    status: 'Completed',
    training_job_name: id,
    model_data: 's3://bucket/model.tar.gz',
    cells: columns.map(column => cells[column] ?? null),
    level: 1,
    group: null
  };
}

/** Let everything that waits for nothing but promises happen. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) {
    await Promise.resolve();
  }
}

/** A promise that is resolved by hand. */
export function gate(): { promise: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  const promise = new Promise<void>(resolve => (open = resolve));
  return { promise, open };
}
