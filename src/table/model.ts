/** One table: its rows and columns, what the user made of it, and how fresh it is. */
import { IDisposable } from '@lumino/disposable';
import { ISignal, Signal } from '@lumino/signaling';

import type { SmxClient } from '../api/client';
import { SmxError } from '../api/errors';
import type { IAnswer } from '../api/request';
import type {
  IColumn,
  IColumnValues,
  IDifferences,
  IExportRequest,
  IOpenTableRequest,
  IRow,
  IRowWindow,
  ITableState,
  IView,
  Statistic
} from '../api/types';
import { LivePoll } from '../ui/poll';
import { isAdded, serverId } from './added';
import { FIRST_COLUMNS, IShownColumn } from './columns';
import { comparedColumns } from './comparing';
import { DifferingColumns } from './differing';
import { filterContent, isWider } from './filters';
import { SYNC_INTERVAL_MS, isReading, isRefreshing, pollInterval, unchanged } from './reading';
import { TableSelection } from './selection';
import {
  DEFAULT_VIEW,
  IRowQuery,
  ITableView,
  fromJSON,
  rowQuery,
  shownColumns,
  toJSON,
  viewColumn
} from './view';
import { IDemand, IRowRequest, RowCache } from './windows';

/** The parts of the client that are needed here. */
export type TableClient = Pick<
  SmxClient,
  | 'openTable'
  | 'describeTable'
  | 'stopTable'
  | 'listRows'
  | 'listDifferences'
  | 'listValues'
  | 'checkSeries'
  | 'exportTable'
  | 'describeExperiment'
  | 'describeTrial'
>;

/** Keeps a view beyond a reload. */
export interface IViewStore {
  load(): Promise<unknown>;
  save(view: Record<string, unknown>): Promise<void>;
}

export type State =
  | { is: 'loading' }
  | { is: 'ready'; table: ITableState }
  /** What the table was opened on was deleted. */
  | { is: 'gone' }
  | { is: 'failed'; error: SmxError };

/** What the grid draws, in rows and in places of `shown`; the ends are included. */
export interface IWindow {
  readonly first: number;
  readonly last: number;
  readonly direction: -1 | 0 | 1;
  readonly firstColumn: number;
  readonly lastColumn: number;
  /** So many columns in front of `firstColumn` are on the screen too. */
  readonly pinned: number;
}

/** Up to this many columns a row is fetched whole; beyond, by steps around the window. */
const ALL_COLUMNS = 100;
const COLUMN_STEP = 32;

/** A table open in a tab: knows the client, and nothing of the screen. */
export class TableModel implements IDisposable {
  constructor(options: TableModel.IOptions) {
    this._options = options;
    this.rows = new RowCache((request, signal) => this._listRows(request, signal));
    this.selection = new TableSelection(this.rows, (first, last) => this._listFacts(first, last));
    this._poll = new LivePoll({
      poll: () => this._look(),
      interval: () =>
        this._isSyncing() ? SYNC_INTERVAL_MS : pollInterval(this._state, options.pollIntervalMs())
    });
    this._differing = new DifferingColumns(
      view => this._listDifferences(view),
      () => this.settingsChanged(),
      error => this._onRowsFailed(error)
    );
    this._poll.changed.connect(() => this._changed.emit());
    this.rows.changed.connect(() => this._onRows());
    this.rows.failed.connect((_, error) => this._onRowsFailed(error));
    this.ready = this._start();
  }

  readonly rows: RowCache;
  readonly selection: TableSelection;
  /** The kept view has been read, and the table asked for if it is on the screen. */
  readonly ready: Promise<void>;

  /** State, columns or freshness have changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** The user has changed the view. */
  get viewChanged(): ISignal<this, void> {
    return this._viewChanged;
  }

  get state(): State {
    return this._state;
  }

  get connectionId(): string {
    return this._options.connectionId;
  }

  get origin(): IOpenTableRequest {
    return this._options.origin;
  }

  /** All columns that the table offers. */
  get columns(): readonly IColumn[] {
    return this._state.is === 'ready' ? this._state.table.columns : FIRST_COLUMNS;
  }

  /** The columns on the screen, from left to right. */
  get shown(): readonly IShownColumn[] {
    return this._shown;
  }

  get view(): ITableView {
    return this._view;
  }

  /** What a metric column shows if the user has not said otherwise. */
  get defaultStatistic(): Statistic {
    return this._options.defaultStatistic();
  }

  /** How many rows there are, whether or not they pass; null while that is not known. */
  get totalRows(): number | null {
    return this._state.is === 'ready' && !this.isWaiting ? this._state.table.total : null;
  }

  /** Why what is on the screen is not fresh; null if it is. */
  get refreshError(): SmxError | null {
    if (this._refreshError) {
      return this._refreshError;
    }
    const error = this._state.is === 'ready' ? this._state.table.error : null;
    return error ? new SmxError(error.message, error.code, 0, error.details ?? {}) : null;
  }

  /** Epoch milliseconds of the last moment at which the rows were known to be right. */
  get updatedTime(): number | null {
    return this._updatedTime;
  }

  /** Epoch milliseconds of the next look; null while nobody looks or one is under way. */
  get nextTime(): number | null {
    return isRefreshing(this._state) ? null : this._poll.nextTime;
  }

  /** Whether all rows of the table are known to the server. */
  get isComplete(): boolean {
    return this._state.is === 'ready' && this._state.table.complete;
  }

  /** How the reading of logged series stands, for values at a step; null if none is asked for. */
  get series(): ITableState['series'] {
    return this._state.is === 'ready' ? this._state.table.series : null;
  }

  /** Trial components whose series are being read. */
  get seriesLeft(): number {
    return this.series && !this.series.error ? this.series.total - this.series.done : 0;
  }

  /** Whether nothing can be said yet: rows are on their way for the first time. */
  get isWaiting(): boolean {
    if (this._state.is !== 'ready') {
      return this._state.is === 'loading';
    }
    return this.rows.total === null || (this.rows.total === 0 && isReading(this._state));
  }

  /** Why there is nothing to show; null if there is something, or nothing is wrong. */
  get problem(): SmxError | null {
    if (this._state.is === 'failed') {
      return this._state.error;
    }
    return this._state.is === 'ready' && !this.isComplete && !this.rows.total
      ? this.refreshError
      : null;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._poll.dispose();
      this.rows.dispose();
      Signal.clearData(this);
    }
  }

  /** Whether the tab is on the screen: only then the server is asked. */
  setVisible(visible: boolean): void {
    this._isVisible = visible;
    const wanted = this._view.autoRefresh || this._state.is !== 'ready' || this._isSyncing();
    this._poll.visible = this._isStarted && visible && wanted;
  }

  /** Look now, and have the server look again too; see `state` and `refreshError` after it. */
  async refresh(): Promise<void> {
    this._isReopening = true;
    await this._poll.refresh();
  }

  /** Have the server stop reading: the rows read so far stay, until `refresh`. Rejects never. */
  async stop(): Promise<void> {
    if (this._state.is === 'ready') {
      const { client, connectionId } = this._options;
      const look = ++this._looks;
      const answer = await client
        .stopTable(connectionId, this._state.table.table_id)
        .catch(SmxError.from);
      if (look !== this._looks || this._isDisposed) {
        return;
      }
      if (answer instanceof SmxError) {
        this._fail(answer);
      } else {
        this._take({ data: answer, etag: undefined });
      }
    }
  }

  /** Change the view: at once on the screen, and kept. */
  update(change: (view: ITableView) => ITableView): void {
    const view = change(this._view);
    if (view === this._view) {
      return;
    }
    this._view = view;
    this._apply();
    this.setVisible(this._isVisible);
    this._viewChanged.emit();
    this._options.store.save(toJSON(view)).catch(reason => {
      console.warn('smx-lab: the view of a table could not be kept.', reason);
    });
  }

  /** What the options give has changed. */
  settingsChanged(): void {
    this._apply();
    this._viewChanged.emit();
  }

  /** Say what is on the screen. */
  want(window: IWindow): void {
    this._window = window;
    this.rows.want(this._demand(window));
  }

  /** Whether steps were logged for a metric, as far as the server can tell at little cost. */
  async checkSeries(columnId: string): Promise<boolean> {
    const { client, connectionId } = this._options;
    if (this._state.is !== 'ready') {
      return true;
    }
    const { table_id } = this._state.table;
    return (await client.checkSeries(connectionId, table_id, serverId(columnId))).logged;
  }

  /** The rows from `first` to `last` with these columns, also those not loaded. */
  read(first: number, last: number, columns: readonly IShownColumn[]): Promise<IRow[]> {
    return this.rows.read(first, last, columns, new AbortController().signal);
  }

  /** The distinct values of a column in the rows that pass the filters on all others. */
  async listValues(column: string, contains: string): Promise<IColumnValues> {
    if (this._state.is !== 'ready') {
      throw new SmxError('The table is not open.', 'not_found', 0);
    }
    const { client, connectionId } = this._options;
    const { default_statistic, filters, types } = rowQuery(
      this._view,
      this.columns,
      this.defaultStatistic
    );
    return client.listValues(connectionId, this._state.table.table_id, {
      column: serverId(column),
      statistic: filterContent(this._view, column, this.defaultStatistic).statistic,
      view: { default_statistic, filters, types },
      contains
    });
  }

  /** What is on the screen, in the server's words: columns, which rows, and their order. */
  get serverView(): IView {
    const query = rowQuery(this._view, this.columns, this.defaultStatistic);
    return { ...query, columns: this._shown.map(viewColumn) };
  }

  /** What is on the screen as a file; `rows` are ids, null for all rows that pass. */
  async export(
    format: IExportRequest['format'],
    rows: readonly string[] | null,
    signal: AbortSignal
  ): Promise<Blob> {
    const { client, connectionId, origin } = this._options;
    const body = { view: this.serverView, format, rows: rows && [...rows] };
    // Opening finds an open table open, also after the server was started anew.
    const { table_id } = await client.openTable(connectionId, origin);
    return client.exportTable(connectionId, table_id, body, signal);
  }

  private async _start(): Promise<void> {
    try {
      this._view = fromJSON(await this._options.store.load());
    } catch (reason) {
      console.warn('smx-lab: the kept view of a table could not be read.', reason);
    }
    this._isStarted = true;
    this._apply();
    this._viewChanged.emit();
    if (this._isVisible) {
      await this._poll.refresh();
    }
    this.setVisible(this._isVisible);
  }

  /** One look at the table: opens it if need be. */
  private async _look(): Promise<void> {
    const look = ++this._looks;
    // What an earlier look finds later is older.
    const isLatest = (): boolean => look === this._looks && !this._isDisposed;
    try {
      const answer = await this._describe();
      const table = answer.data ?? (this._state.is === 'ready' ? this._state.table : null);
      const isGone = table !== null && (await this._isGone(table));
      if (isLatest()) {
        this._take(answer);
        if (isGone) {
          this._state = { is: 'gone' };
          this._changed.emit();
        }
      }
    } catch (reason) {
      if (isLatest()) {
        this._fail(SmxError.from(reason));
        throw reason;
      }
    }
  }

  /** The table as it is now; null data if nothing has changed. */
  private async _describe(): Promise<IAnswer<ITableState>> {
    const { client, connectionId, origin } = this._options;
    // Opening also tries again at once what has failed.
    const isReopening = this._isReopening;
    this._isReopening = false;
    if (this._state.is === 'ready' && !isReopening) {
      const { table_id, version } = this._state.table;
      try {
        return await client.describeTable(connectionId, table_id, version);
      } catch (reason) {
        // The server was started anew: it has to be told the origin again.
        if (SmxError.from(reason).code !== 'not_found') {
          throw reason;
        }
      }
    }
    return {
      data: await client.openTable(connectionId, origin),
      etag: undefined
    };
  }

  /** Whether an empty table is empty because nothing of its origin is left. */
  private async _isGone(table: ITableState): Promise<boolean> {
    const { client, connectionId, origin } = this._options;
    const { experiments = [], trials = [], unassigned } = origin;
    if (unassigned || !table.complete || table.total > 0) {
      return false;
    }
    const asked = [
      ...experiments.map(name => client.describeExperiment(connectionId, name)),
      ...trials.map(name => client.describeTrial(connectionId, name))
    ];
    const answers = await Promise.allSettled(asked);
    return answers.every(
      answer => answer.status === 'rejected' && SmxError.from(answer.reason).code === 'not_found'
    );
  }

  private _take({ data, updatedTime }: IAnswer<ITableState>): void {
    this._refreshError = null;
    const time = data ? data.updated_time : updatedTime;
    this._updatedTime = time ? Date.parse(time) : this._updatedTime;
    if (data) {
      if (this._state.is === 'ready' && data.version < this._state.table.version) {
        this.rows.clear();
      }
      this._state = { is: 'ready', table: data };
      this._apply();
      this.rows.setVersion(data.version);
      this.setVisible(this._isVisible);
    } else {
      this._state = unchanged(this._state);
    }
    this.rows.retry();
    this._changed.emit();
  }

  private _fail(error: SmxError): void {
    if (this._state.is === 'ready') {
      this._refreshError = error;
    } else {
      this._state = { is: 'failed', error };
    }
    this._changed.emit();
  }

  /** Columns and rows follow the view and the table. */
  private _apply(): void {
    const statistic = this._options.defaultStatistic();
    const query = rowQuery(this._view, this.columns, statistic);
    const isReady = this._state.is === 'ready';
    const wanted = isReady && this._view.comparing.onlyDifferences;
    this._differing.want(wanted ? this._differencesView(query) : null, this._version);
    const shown = shownColumns(this._view, this.columns, statistic);
    this._shown = comparedColumns(shown, this._view, query, this._differing.ids);
    if (isReady) {
      const demand = this._window && this._demand(this._window);
      this.rows.setQuery(query, demand);
    }
  }

  private get _version(): number {
    return this._state.is === 'ready' ? this._state.table.version : -1;
  }

  /** Which rows are compared, by which statistics. */
  private _differencesView({ default_statistic, filters, types }: IRowQuery): IView {
    const columns = Object.entries(this._view.statistics)
      .filter(([column]) => !isAdded(column))
      .map(([column, statistic]) => ({ column, statistic }));
    return { columns, default_statistic, filters, types };
  }

  private async _listDifferences(view: IView): Promise<IDifferences> {
    if (this._state.is !== 'ready') {
      throw new SmxError('The table is not open.', 'not_found', 0);
    }
    const { client, connectionId } = this._options;
    return client.listDifferences(connectionId, this._state.table.table_id, view);
  }

  private _demand(window: IWindow): IDemand {
    const { first, last, direction } = window;
    return { first, last, direction, columns: this._columnsAround(window) };
  }

  private _columnsAround(window: IWindow): readonly IShownColumn[] {
    if (this._shown.length <= ALL_COLUMNS) {
      return this._shown;
    }
    const from = Math.floor((window.firstColumn - COLUMN_STEP / 4) / COLUMN_STEP) * COLUMN_STEP;
    const to = Math.ceil((window.lastColumn + 1 + COLUMN_STEP / 4) / COLUMN_STEP) * COLUMN_STEP;
    const first = Math.max(0, from);
    return [
      ...this._shown.slice(0, Math.min(window.pinned, first)),
      ...this._shown.slice(first, to)
    ];
  }

  private async _listRows(request: IRowRequest, signal: AbortSignal): Promise<IRowWindow> {
    if (this._state.is !== 'ready') {
      throw new SmxError('The table is not open.', 'not_found', 0);
    }
    const { query, columns, offset, limit } = request;
    const view = { ...query, columns: columns.map(viewColumn) };
    const { client, connectionId } = this._options;
    return client.listRows(connectionId, this._state.table.table_id, view, offset, limit, signal);
  }

  private async _listFacts(first: number, last: number): Promise<IRow[] | null> {
    try {
      return await this.read(first, last, []);
    } catch (reason) {
      this._onRowsFailed(SmxError.from(reason));
      return null;
    }
  }

  private _onRows(): void {
    this._refreshError = null;
    const total = this.rows.total ?? 0;
    // Rows of a folded group are there all the same.
    const isWhole = this.rows.loadedCount === total && this.rows.groups === null;
    const all = this.isComplete && isWhole;
    // Nobody may act on rows that a filter hides: they are not selected any more.
    this.selection.sync(this.rows.loaded(), all || this._hidesMore());
  }

  /** Whether the rows on the screen answer another question, which lets fewer of them through. */
  private _hidesMore(): boolean {
    const before = this._question;
    this._question = this.rows.query;
    return before !== null && this._question !== null && !isWider(this._question, before);
  }

  private _onRowsFailed(error: SmxError): void {
    if (this._state.is !== 'ready') {
      return; // Nothing is asked while there is no table; the next look asks for rows again.
    }
    if (error.code === 'not_found') {
      void this._poll.refresh();
      return;
    }
    this._refreshError = error;
    this._changed.emit();
  }

  private _isSyncing(): boolean {
    return !this._refreshError && (isReading(this._state) || this.seriesLeft > 0);
  }

  private readonly _differing: DifferingColumns;
  private readonly _options: TableModel.IOptions;
  private readonly _poll: LivePoll;
  private _changed = new Signal<this, void>(this);
  private _isDisposed = false;
  private _isReopening = false;
  private _isStarted = false;
  private _isVisible = false;
  private _looks = 0;
  /** The one that the rows on the screen answered when they were last looked at. */
  private _question: IRowQuery | null = null;
  private _refreshError: SmxError | null = null;
  private _shown: readonly IShownColumn[] = [];
  private _state: State = { is: 'loading' };
  private _updatedTime: number | null = null;
  private _view: ITableView = DEFAULT_VIEW;
  private _viewChanged = new Signal<this, void>(this);
  private _window: IWindow | null = null;
}

export namespace TableModel {
  /** What a table needs. */
  export interface IOptions {
    client: TableClient;
    connectionId: string;
    origin: IOpenTableRequest;
    store: IViewStore;
    pollIntervalMs: () => number;
    /** What a metric column shows if the user has not said otherwise. */
    defaultStatistic: () => Statistic;
  }
}
