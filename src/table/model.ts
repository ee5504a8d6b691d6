/** The state of one table: its rows and columns, its view, and whether it is up to date. */
import { IDisposable } from '@lumino/disposable';
import { ISignal, Signal } from '@lumino/signaling';

import { SmxError } from '../api/errors';
import type { IAnswer } from '../api/request';
import type {
  IColumn,
  IColumnValues,
  IExportRequest,
  IOpenTableRequest,
  IRow,
  ITableState,
  IView,
  Statistic
} from '../api/types';
import { LivePoll } from '../ui/poll';
import { FIRST_COLUMNS, IShownColumn } from './view/columns';
import { comparedColumns } from './view/comparing';
import { IWindow, demandOf } from './rows/demand';
import { DifferingColumns, differencesView } from './rows/differing';
import { isWider, valuesRequest } from './view/filters';
import { IViewStore, KeptView } from './view/keptview';
import {
  SYNC_INTERVAL_MS,
  State,
  isReading,
  isRefreshing,
  pollInterval,
  tableError,
  unchanged
} from './rows/reading';
import { TableSelection } from './rows/selection';
import { ISourceOptions, TableSource } from './rows/source';
import { rowQuery, shownColumns, viewColumn } from './view/view';
import type { IRowQuery, ITableView } from './view/options';
import { RowCache } from './rows/rowcache';

/** A table in a tab. It uses the client, and does not depend on the screen. */
export class TableModel implements IDisposable {
  constructor(options: TableModel.IOptions) {
    this._options = options;
    this._source = new TableSource(options, () => this._table?.table_id ?? null);
    this._view = new KeptView(options.store);
    this.rows = new RowCache((request, signal) => this._source.listRows(request, signal));
    this.selection = new TableSelection(this.rows, (first, last) => this._listFacts(first, last));
    this._poll = new LivePoll({
      poll: () => this._look(),
      interval: () =>
        this._isSyncing() ? SYNC_INTERVAL_MS : pollInterval(this._state, options.pollIntervalMs())
    });
    this._differing = new DifferingColumns(
      view => this._source.listDifferences(view),
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
  /** Resolves once the saved view is read, and the table is asked for if it is visible. */
  readonly ready: Promise<void>;

  /** State, columns or times of refresh have changed. */
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
    return this._source.connectionId;
  }

  get origin(): IOpenTableRequest {
    return this._source.origin;
  }

  /** All columns that the table offers. */
  get columns(): readonly IColumn[] {
    return this._table?.columns ?? FIRST_COLUMNS;
  }

  /** The columns on the screen, from left to right. */
  get shown(): readonly IShownColumn[] {
    return this._shown;
  }

  get view(): ITableView {
    return this._view.current;
  }

  /** Returns the statistic of metric columns for which the user has chosen none. */
  get defaultStatistic(): Statistic {
    return this._options.defaultStatistic();
  }

  /** The number of all rows, whether or not they pass the filters; null while it is not known. */
  get totalRows(): number | null {
    return this._table && !this.isWaiting ? this._table.total : null;
  }

  /** Why the rows are out of date; null if they are not. */
  get refreshError(): SmxError | null {
    return this._refreshError ?? tableError(this._state);
  }

  /** When the rows were last known to be up to date, in epoch milliseconds. */
  get updatedTime(): number | null {
    return this._updatedTime;
  }

  /** When the next refresh is due, in epoch milliseconds; null during a refresh or while hidden. */
  get nextTime(): number | null {
    return isRefreshing(this._state) ? null : this._poll.nextTime;
  }

  /** Whether the server has read all rows of the table. */
  get isComplete(): boolean {
    return this._table?.complete ?? false;
  }

  /** The progress of reading logged series, for values at a step; null if none are needed. */
  get series(): ITableState['series'] {
    return this._table?.series ?? null;
  }

  /** The number of trial components whose series are being read. */
  get seriesLeft(): number {
    return this.series && !this.series.error ? this.series.total - this.series.done : 0;
  }

  /** Whether the first rows have not arrived yet. */
  get isWaiting(): boolean {
    if (this._state.is !== 'ready') {
      return this._state.is === 'loading';
    }
    return this.rows.total === null || (this.rows.total === 0 && isReading(this._state));
  }

  /** Why there is nothing to show; null if there is something, or no error. */
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

  /** Set whether the tab is visible. The server is only asked while it is. */
  setVisible(visible: boolean): void {
    this._isVisible = visible;
    const wanted = this.view.autoRefresh || this._state.is !== 'ready' || this._isSyncing();
    this._poll.visible = this._isStarted && visible && wanted;
  }

  /** Refresh now, on the server too; `state` and `refreshError` have the result. */
  async refresh(): Promise<void> {
    this._source.reopen();
    await this._poll.refresh();
  }

  /**
   * Stop the server from reading more rows, until `refresh`. The rows read so far stay. Never
   * rejects.
   */
  async stop(): Promise<void> {
    if (this._state.is === 'ready') {
      const look = ++this._looks;
      const answer = await this._source.stop().catch(SmxError.from);
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

  /** Change the view, at once on the screen, and save it. */
  update(change: (view: ITableView) => ITableView): void {
    const view = change(this.view);
    if (view === this.view) {
      return;
    }
    this._view.set(view);
    this._apply();
    this.setVisible(this._isVisible);
    this._viewChanged.emit();
  }

  /** Apply options that have changed. */
  settingsChanged(): void {
    this._apply();
    this._viewChanged.emit();
  }

  /** Report what is on the screen. */
  want(window: IWindow): void {
    this._window = window;
    this.rows.want(demandOf(window, this._shown));
  }

  /** Whether steps were logged for a metric, as far as the server can tell without much work. */
  async checkSeries(columnId: string): Promise<boolean> {
    return !this._table || this._source.checkSeries(columnId);
  }

  /** Read the rows from `first` to `last` with these columns, also those that are not loaded. */
  read(first: number, last: number, columns: readonly IShownColumn[]): Promise<IRow[]> {
    return this.rows.read(first, last, columns, new AbortController().signal);
  }

  /**
   * Read the distinct values of a column, in the rows that pass the filters on all other columns.
   */
  async listValues(column: string, contains: string): Promise<IColumnValues> {
    const asked = valuesRequest(this.view, this._query, column, contains);
    return this._source.listValues(asked);
  }

  /** The requests that charts make. */
  get charts(): Pick<TableSource, 'listPoints' | 'listSeries'> {
    return this._source;
  }

  /** The view on the screen, in the form that the server takes. */
  get serverView(): IView {
    return { ...this._query, columns: this._shown.map(viewColumn) };
  }

  /** Return a file of the view; `rows` are ids, null for all rows that pass the filters. */
  async export(
    format: IExportRequest['format'],
    rows: readonly string[] | null,
    signal: AbortSignal
  ): Promise<Blob> {
    const body = { view: this.serverView, format, rows: rows && [...rows] };
    return this._source.export(body, signal);
  }

  private async _start(): Promise<void> {
    await this._view.load();
    this._isStarted = true;
    this._apply();
    this._viewChanged.emit();
    if (this._isVisible) {
      await this._poll.refresh();
    }
    this.setVisible(this._isVisible);
  }

  /** Refresh the table once; open it first if necessary. */
  private async _look(): Promise<void> {
    const look = ++this._looks;
    // Drop the result of an earlier refresh.
    const isLatest = (): boolean => look === this._looks && !this._isDisposed;
    try {
      const answer = await this._source.describe(this._table);
      const table = answer.data ?? this._table;
      const isGone = table !== null && (await this._source.isGone(table));
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

  private _take({ data, updatedTime }: IAnswer<ITableState>): void {
    this._refreshError = null;
    const time = data ? data.updated_time : updatedTime;
    this._updatedTime = time ? Date.parse(time) : this._updatedTime;
    if (data) {
      if (this._table && data.version < this._table.version) {
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

  /** Compute columns and rows from the view and the table. */
  private _apply(): void {
    const query = this._query;
    const isReady = this._state.is === 'ready';
    const wanted = isReady && this.view.comparing.onlyDifferences;
    this._differing.want(
      wanted ? differencesView(this.view, query) : null,
      this._table?.version ?? -1
    );
    const shown = shownColumns(this.view, this.columns, this.defaultStatistic);
    this._shown = comparedColumns(shown, this.view, query, this._differing.ids);
    if (isReady) {
      const demand = this._window && demandOf(this._window, this._shown);
      this.rows.setQuery(query, demand);
    }
  }

  /** The query for rows and their order. */
  private get _query(): IRowQuery {
    return rowQuery(this.view, this.columns, this.defaultStatistic);
  }

  private get _table(): ITableState | null {
    return this._state.is === 'ready' ? this._state.table : null;
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
    const all = this.isComplete && this.rows.isWhole;
    // Rows that a filter hides must not be selected, because commands would act on them.
    this.selection.sync(this.rows.loaded(), all || this._hidesMore());
  }

  /** Whether the rows on the screen belong to another query, which lets fewer rows pass. */
  private _hidesMore(): boolean {
    const before = this._question;
    this._question = this.rows.query;
    return before !== null && this._question !== null && !isWider(this._question, before);
  }

  private _onRowsFailed(error: SmxError): void {
    if (this._state.is !== 'ready') {
      return; // Nothing is asked while there is no table. The next refresh asks for rows again.
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
  private readonly _source: TableSource;
  private readonly _view: KeptView;
  private _changed = new Signal<this, void>(this);
  private _isDisposed = false;
  private _isStarted = false;
  private _isVisible = false;
  private _looks = 0;
  /** The query of the rows at the last check. */
  private _question: IRowQuery | null = null;
  private _refreshError: SmxError | null = null;
  private _shown: readonly IShownColumn[] = [];
  private _state: State = { is: 'loading' };
  private _updatedTime: number | null = null;
  private _viewChanged = new Signal<this, void>(this);
  private _window: IWindow | null = null;
}

export namespace TableModel {
  /** Options of a table. */
  export interface IOptions extends ISourceOptions {
    store: IViewStore;
    pollIntervalMs: () => number;
    /** Returns the statistic of metric columns for which the user has chosen none. */
    defaultStatistic: () => Statistic;
  }
}
