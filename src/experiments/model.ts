/** The state of the experiments browser: the place, the rows listed there, the selection. */
import type { IStateDB } from '@jupyterlab/statedb';
import { PromiseDelegate } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import { ISignal, Signal } from '@lumino/signaling';

import { SmxError } from '../api/errors';
import type { IConnections } from '../tokens';
import type { IColumnFilter } from '../ui/filters/filters';
import { LivePoll, pollIntervalMs } from '../ui/poll';
import { ListSelection } from '../ui/list/selection';
import { queryFilters } from './rows/filters';
import { KeptState } from './rows/kept';
import { askPage, IListClient } from './rows/listing';
import { nextTokenOf, Pages, withUnassigned } from './rows/pages';
import { ReadPage, reread } from './rows/rereading';
import { IBrowserRow, IPlace, keyOfPlace, Level, levelOf, parentOf, placeBelow } from './rows/rows';
import { ISort, nextSort, SortBy } from './rows/sort';
import { State, failedState } from './rows/state';
import { TypedText } from './rows/typing';

/** The next page is read once this many rows or fewer are left below. */
const READ_AHEAD_ROWS = 40;

interface IExperimentsOptions {
  client: IListClient;
  connections: IConnections;
  stateDB: IStateDB | null;
}

/** Uses the client and the connections; does not depend on the screen. */
export class ExperimentsModel implements IDisposable {
  constructor(options: IExperimentsOptions) {
    this._options = options;
    this._kept = new KeptState(options.stateDB);
    this._connectionId = options.connections.current?.id;
    options.connections.changed.connect(this._onConnection, this);
  }

  /** Refreshes the list while it is visible. */
  readonly poll = new LivePoll({
    poll: () => this._refresh(),
    interval: () => pollIntervalMs(this._options.connections.current)
  });
  readonly selection = new ListSelection();

  get stateChanged(): ISignal<this, void> {
    return this._stateChanged;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  get state(): State {
    return this._state;
  }

  get place(): IPlace {
    return this._place;
  }

  get level(): Level {
    return levelOf(this._place);
  }

  get sort(): ISort {
    return this._kept.sort;
  }

  /** The text that names must contain. */
  get filter(): string {
    return this._kept.filter;
  }

  /** The filters of this list; a row has to pass all of them. */
  get filters(): readonly IColumnFilter[] {
    return this._kept.filters.get(this._listKey());
  }

  get rows(): readonly IBrowserRow[] {
    return this._state.is === 'ready' ? this._state.rows : [];
  }

  get selectedRows(): IBrowserRow[] {
    return this.rows.filter(row => this.selection.selected.has(row.key));
  }

  /** Identifies the list on the screen: connection, place, sort and filter. */
  get listId(): string {
    return this._listId;
  }

  /** Whether another sort or filter was chosen than the one that `state` shows. */
  get isChanging(): boolean {
    return this._state.is === 'ready' && this._listId !== this._wantedId();
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._typed.drop();
      this.poll.dispose();
      this._options.connections.changed.disconnect(this._onConnection, this);
      Signal.clearData(this);
    }
  }

  /** Resolves once place, sort and filter of the last session are restored. */
  get restored(): Promise<void> {
    return this._whenRestored.promise;
  }

  /** Restore place, sort and filter of the last session. */
  async restore(): Promise<void> {
    await this._kept.restore();
    this._restored = true;
    this._enterConnection(this._options.connections.current?.id);
    this._start();
    this._whenRestored.resolve();
  }

  /** Whether the panel was widened once. After that, its width is left to the user. */
  get isWidened(): boolean {
    return this._kept.isWidened;
  }

  setWidened(): void {
    this._kept.isWidened = true;
    this._save();
  }

  /** Go to a place, and focus the row `focusKey` there if it is listed. */
  open(place: IPlace, focusKey: string | null = null): void {
    this._place = place;
    this._asked = this._restored && this._connectionId ? null : place;
    this._typed.drop();
    this._kept.filter = '';
    this._focusKey = focusKey;
    this._start();
    this._save();
  }

  /** Open a row; return false for a trial component, which contains nothing. */
  enter(row: IBrowserRow): boolean {
    const place = placeBelow(this._place, row);
    if (place) {
      this.open(place);
    }
    return place !== null;
  }

  /** Go one level up, to the row of the place that was left. */
  goUp(): void {
    const parent = parentOf(this._place);
    if (parent) {
      this.open(parent, keyOfPlace(this._place));
    }
  }

  /** The text in the filter box: `filter`, or what it becomes once typing pauses. */
  get typed(): string {
    return this._typed.pending ?? this.filter;
  }

  /** Show only names that contain this text, once typing pauses. */
  setFilter(filter: string): void {
    this._typed.type(filter);
    this._stateChanged.emit();
  }

  /** Show only rows that pass all of these filters. */
  setFilters(filters: readonly IColumnFilter[]): void {
    this._kept.filters.set(this._listKey(), filters);
    this._change();
    this._save();
  }

  /** The keys of tags at this level that start with a text. */
  async listTagKeys(prefix: string): Promise<readonly string[]> {
    const level = this.level === 'components' ? 'trial-components' : this.level;
    const { client } = this._options;
    return (await client.listTagKeys(this._connectionId ?? '', level, prefix)).keys;
  }

  /** Sort by a column; if it is the current one, change to its next order. */
  sortBy(by: SortBy): void {
    this._kept.sort = nextSort(this.sort, by);
    this._change();
    this._save();
  }

  /** Stop the first load. */
  stop(): void {
    if (this._state.is === 'loading') {
      this._turn++;
      this._set({ is: 'stopped' });
    }
  }

  /** Read the list again now. */
  refresh(): Promise<void> {
    if (this._state.is === 'stopped' || this._state.is === 'failed') {
      this._set({ is: 'loading' });
    }
    return this.poll.refresh();
  }

  /** Report which rows are visible; the next page is read when its place comes near. */
  setVisible(first: number, last: number): void {
    this._visible = [first, last];
    const { state } = this;
    if (state.is === 'ready' && !state.complete && last > state.rows.length - READ_AHEAD_ROWS) {
      void this._readOn();
    }
  }

  private _onConnection(connections: IConnections): void {
    const { current, error } = connections;
    if (this._restored && current && current.id !== this._connectionId) {
      // Place and filter of the last session belong to its connection, the first one that is known.
      if (this._connectionId !== undefined) {
        this._typed.drop();
        this._kept.filter = '';
      }
      this._enterConnection(current.id);
      this._start();
    } else if (this._restored && !current && error) {
      this._set({ is: 'failed', error });
    }
    this._stateChanged.emit();
  }

  /**
   * Go to the last place on a connection, or to the place that was asked for before it was known.
   */
  private _enterConnection(id: string | undefined): void {
    this._connectionId = id;
    this._kept.filter = this._asked ? '' : this.filter;
    this._place = this._asked ?? this._kept.place(id);
    this._asked = id === undefined ? this._asked : null;
  }

  /** Start another list with its first page. */
  private _start(): void {
    this._turn++;
    this._pages = [];
    this._listId = this._wantedId();
    this.selection.reset();
    this._set({ is: 'loading' });
    this.poll.restart();
  }

  /** Change sort or filter; the old rows stay until the answer arrives. */
  private _change(): void {
    if (this._state.is !== 'ready') {
      this._start();
      return;
    }
    this._turn++;
    this._pages = [];
    this.poll.restart();
    this._stateChanged.emit();
  }

  private _wantedId(): string {
    const { sort, filter, filters } = this;
    return JSON.stringify([this._connectionId, this._place, sort, filter, filters]);
  }

  private _listKey(): string {
    return JSON.stringify([this._connectionId, this._place]);
  }

  private async _refresh(): Promise<void> {
    const { connections } = this._options;
    if (this._state.is === 'stopped') {
      return;
    }
    if (!connections.current) {
      // When a connection is found, its list is started.
      await connections.refresh();
      if (connections.error) {
        throw connections.error;
      }
      return;
    }
    const turn = this._turn;
    const look = ++this._looks;
    // Drop the result of an earlier reading: the same list may be read twice at once.
    const isLatest = (): boolean => turn === this._turn && look === this._looks;
    try {
      const renew = await reread(this._pages, () => this._visible, this._ask);
      if (isLatest()) {
        this._setPages(renew(this._pages));
        this.setVisible(...this._visible);
      }
    } catch (reason) {
      if (isLatest()) {
        this._set(failedState(this._state, this.level, SmxError.from(reason)));
        throw reason;
      }
    }
  }

  private async _readOn(): Promise<void> {
    const token = nextTokenOf(this._pages);
    if (this._readingOn === this._turn || token === null) {
      return;
    }
    const turn = (this._readingOn = this._turn);
    try {
      const page = await this._ask(token);
      // A refresh in the meantime may have read more pages, or joined them again.
      if (page && turn === this._turn && token === nextTokenOf(this._pages)) {
        this._setPages([...this._pages, page]);
      }
    } catch (reason) {
      // The next poll goes on reading.
      if (turn === this._turn) {
        this._set(failedState(this._state, this.level, SmxError.from(reason)));
      }
      return;
    } finally {
      this._readingOn = -1;
    }
    this.setVisible(...this._visible);
  }

  /** Read one page; null if it has not changed since the answer with `etag`. */
  private readonly _ask: ReadPage = (token, etag) =>
    askPage(
      this._options.client,
      this._connectionId!,
      this._place,
      {
        next_token: token,
        sort_by: this.sort.by,
        sort_order: this.sort.order,
        name_contains: this.filter || undefined,
        filters: queryFilters(this.filters)
      },
      etag
    );

  private _setPages(pages: Pages): void {
    if (pages === this._pages && this._state.is === 'ready' && !this._state.error) {
      return; // Nothing has changed, so nothing is drawn.
    }
    const unchanged = pages === this._pages && this._state.is === 'ready';
    const rows = unchanged ? this.rows : withUnassigned(pages);
    this._pages = pages;
    if (this.isChanging) {
      this._listId = this._wantedId();
      this.selection.restart();
    }
    this.selection.setKeys(rows.map(row => row.key));
    if (this._focusKey !== null && this.selection.indexOf(this._focusKey) >= 0) {
      this.selection.click(this._focusKey);
    }
    // A row that arrives with a later page must not take the focus from where the user is by then.
    this._focusKey = null;
    this._set({ is: 'ready', rows, complete: nextTokenOf(pages) === null, error: null });
  }

  private _set(state: State): void {
    this._state = state;
    this._stateChanged.emit();
  }

  private _save(): void {
    this._kept.save(this._connectionId, this._place);
  }

  private readonly _kept: KeptState;
  private readonly _options: IExperimentsOptions;
  private _asked: IPlace | null = null;
  private _connectionId: string | undefined;
  private _focusKey: string | null = null;
  private _isDisposed = false;
  private _listId = '';
  private _looks = 0;
  private _pages: Pages = [];
  private _place: IPlace = {};
  private _readingOn = -1;
  private _restored = false;
  private _state: State = { is: 'loading' };
  private _stateChanged = new Signal<this, void>(this);
  private _turn = 0;
  private readonly _typed = new TypedText(filter => {
    if (filter !== this.filter) {
      this._kept.filter = filter;
      this._change();
      this._save();
    }
  });
  private _whenRestored = new PromiseDelegate<void>();
  private _visible: [number, number] = [0, 0];
}
