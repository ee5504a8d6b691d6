/** The experiments browser: where one is, what is listed there, what is selected. */
import type { IStateDB } from '@jupyterlab/statedb';
import { PromiseDelegate } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import { ISignal, Signal } from '@lumino/signaling';

import { SmxError } from '../api/errors';
import type { IListQuery } from '../api/types';
import type { IConnections } from '../tokens';
import type { IColumnFilter } from '../ui/filters';
import { LivePoll } from '../ui/poll';
import { ListSelection } from '../ui/selection';
import { KeptFilters, queryFilters } from './filters';
import { askPage, IListClient } from './listing';
import { IPage, nextTokenOf, pageOfRow, Pages, rowsOf, withFirstPages, withPage } from './pages';
import {
  IBrowserRow,
  IPlace,
  keyOfPlace,
  Level,
  levelOf,
  parentOf,
  placeBelow,
  placeFrom
} from './rows';

/** Where place, sort and filter are kept. */
const STATE_KEY = 'smx-lab:experiments';
/** What is typed is asked for after this pause, in milliseconds. */
const FILTER_PAUSE_MS = 250;
/** Pages read again at once after a change; beyond them only what is visible is. */
const REREAD_PAGES = 5;
/** The next page is read once this many rows or fewer are left below. */
const READ_AHEAD_ROWS = 40;

export type SortBy = NonNullable<IListQuery['sort_by']>;
export interface ISort {
  by: SortBy;
  order: NonNullable<IListQuery['sort_order']>;
}
/** Newest change first. */
export const DEFAULT_SORT: ISort = { by: 'LastModifiedTime', order: 'Descending' };

export type State =
  | { is: 'loading' }
  /** The user has stopped the first load. */
  | { is: 'stopped' }
  | {
      is: 'ready';
      rows: readonly IBrowserRow[];
      /** Whether the end of the list has been read. */
      complete: boolean;
      /** Why the last refresh failed; the rows are older then. */
      error: SmxError | null;
    }
  | { is: 'failed'; error: SmxError }
  /** The experiment or trial one is in is gone. */
  | { is: 'gone'; error: SmxError };

export interface IExperimentsOptions {
  client: IListClient;
  connections: IConnections;
  stateDB: IStateDB | null;
}

/** Knows the client and the connections, and nothing of the screen. */
export class ExperimentsModel implements IDisposable {
  constructor(options: IExperimentsOptions) {
    this._options = options;
    this._connectionId = options.connections.current?.id;
    options.connections.changed.connect(this._onConnection, this);
  }

  /** What is refreshed while somebody looks. */
  readonly poll = new LivePoll({
    poll: () => this._refresh(),
    interval: () => this._options.connections.current?.poll_interval_ms ?? 10_000
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
    return this._sort;
  }

  /** The text that names must contain. */
  get filter(): string {
    return this._filter;
  }

  /** What the rows of this list must meet besides, all of it. */
  get filters(): readonly IColumnFilter[] {
    return this._filters.get(this._listKey());
  }

  get rows(): readonly IBrowserRow[] {
    return this._state.is === 'ready' ? this._state.rows : [];
  }

  get selectedRows(): IBrowserRow[] {
    return this.rows.filter(row => this.selection.selected.has(row.key));
  }

  /** Names what is on the screen: connection, place, sort and filter. */
  get listId(): string {
    return this._listId;
  }

  /** Whether another sort or filter has been asked for than `state` shows. */
  get isChanging(): boolean {
    return this._state.is === 'ready' && this._listId !== this._wantedId();
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      window.clearTimeout(this._filterTimer);
      this.poll.dispose();
      this._options.connections.changed.disconnect(this._onConnection, this);
      Signal.clearData(this);
    }
  }

  /** Resolves once place, sort and filter of the last time are taken up. */
  get restored(): Promise<void> {
    return this._whenRestored.promise;
  }

  /** Take up place, sort and filter of the last time. */
  async restore(): Promise<void> {
    const { stateDB } = this._options;
    const saved = (await stateDB?.fetch(STATE_KEY)) as Record<string, unknown> | undefined;
    if (saved) {
      this._places = new Map(
        Object.entries(saved.places ?? {}).map(([id, place]) => [id, placeFrom(place)])
      );
      this._sort = sortFrom(saved.sort);
      this._filter = typeof saved.filter === 'string' ? saved.filter : '';
      this._filters.restore(saved.filters);
      this._isWidened = saved.widened === true;
    }
    this._restored = true;
    this._connectionId = this._options.connections.current?.id;
    this._place = this._places.get(this._connectionId ?? '') ?? {};
    this._start();
    this._whenRestored.resolve();
  }

  /** Whether the panel was given its room once; what the user made of it since is kept. */
  get isWidened(): boolean {
    return this._isWidened;
  }

  setWidened(): void {
    this._isWidened = true;
    this._save();
  }

  /** Go to a place, and put the focus on `focusKey` there if it is listed. */
  open(place: IPlace, focusKey: string | null = null): void {
    this._place = place;
    this._dropTyped();
    this._filter = '';
    this._focusKey = focusKey;
    this._start();
    this._save();
  }

  /** Go into a row; false for a trial component, which has no inside. */
  enter(row: IBrowserRow): boolean {
    const place = placeBelow(this._place, row);
    if (place) {
      this.open(place);
    }
    return place !== null;
  }

  /** Go one level up, onto the row one came from. */
  goUp(): void {
    const parent = parentOf(this._place);
    if (parent) {
      this.open(parent, keyOfPlace(this._place));
    }
  }

  /** What stands in the filter box: `filter`, or what it becomes once typing pauses. */
  get typed(): string {
    return this._typed ?? this._filter;
  }

  /** Show only names that contain this text, once typing pauses. */
  setFilter(filter: string): void {
    this._dropTyped();
    this._typed = filter;
    this._filterTimer = window.setTimeout(() => {
      this._typed = null;
      if (filter !== this._filter) {
        this._filter = filter;
        this._change();
        this._save();
      }
    }, FILTER_PAUSE_MS);
    this._stateChanged.emit();
  }

  /** What was typed last belongs to the list that is left. */
  private _dropTyped(): void {
    window.clearTimeout(this._filterTimer);
    this._typed = null;
  }

  /** Show only what meets all of these. */
  setFilters(filters: readonly IColumnFilter[]): void {
    this._filters.set(this._listKey(), filters);
    this._change();
    this._save();
  }

  /** The keys of tags at this level that start with a text. */
  async listTagKeys(prefix: string): Promise<readonly string[]> {
    const level = this.level === 'components' ? 'trial-components' : this.level;
    const { client } = this._options;
    return (await client.listTagKeys(this._connectionId ?? '', level, prefix)).keys;
  }

  /** First click: names increasing, times decreasing; second the other way; third as before. */
  sortBy(by: SortBy): void {
    const first = by === 'Name' ? 'Ascending' : 'Descending';
    const second = by === 'Name' ? 'Descending' : 'Ascending';
    if (this._sort.by !== by) {
      this._sort = { by, order: first };
    } else if (this._sort.order === first) {
      this._sort = { by, order: second };
    } else {
      this._sort = by === DEFAULT_SORT.by ? { by, order: first } : DEFAULT_SORT;
    }
    this._change();
    this._save();
  }

  /** Give up the first load. */
  stop(): void {
    if (this._state.is === 'loading') {
      this._turn++;
      this._set({ is: 'stopped' });
    }
  }

  /** Ask again now. */
  refresh(): Promise<void> {
    if (this._state.is === 'stopped' || this._state.is === 'failed') {
      this._set({ is: 'loading' });
    }
    return this.poll.refresh();
  }

  /** These rows are on the screen: read on if the end of what is known comes near. */
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
      // The first connection to be known is that of the last time, and so is the filter.
      if (this._connectionId !== undefined) {
        this._dropTyped();
        this._filter = '';
      }
      this._connectionId = current.id;
      this._place = this._places.get(current.id) ?? {};
      this._start();
    } else if (this._restored && !current && error) {
      this._set({ is: 'failed', error });
    }
    this._stateChanged.emit();
  }

  /** Another list: forget this one, and ask for the first page. */
  private _start(): void {
    this._turn++;
    this._pages = [];
    this._listId = this._wantedId();
    this.selection.reset();
    this._set({ is: 'loading' });
    this.poll.restart();
  }

  /** The same list in another way: its rows stay until the answer comes. */
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
    const { _connectionId, _place, _sort, _filter } = this;
    return JSON.stringify([_connectionId, _place, _sort, _filter, this.filters]);
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
      // A connection that is found starts its list.
      await connections.refresh();
      if (connections.error) {
        throw connections.error;
      }
      return;
    }
    const turn = this._turn;
    const look = ++this._looks;
    // What an earlier look found later is older; the same list may be looked at twice at once.
    const isLatest = (): boolean => turn === this._turn && look === this._looks;
    try {
      const renew = await this._reread(this._pages);
      if (isLatest()) {
        this._setPages(renew(this._pages));
        this.setVisible(...this._visible);
      }
    } catch (reason) {
      if (isLatest()) {
        this._fail(SmxError.from(reason));
        throw reason;
      }
    }
  }

  /**
   * Read all of the few pages again, or the first ones and those on the screen; answers what
   * that makes of the pages known by then: more may have been read on below.
   */
  private async _reread(old: Pages): Promise<(pages: Pages) => Pages> {
    const first = await this._ask(undefined, old[0]?.etag);
    if (first === null) {
      return this._rereadVisible(old);
    }
    const fresh: IPage[] = [first];
    while (fresh.length < Math.min(old.length, REREAD_PAGES) && nextTokenOf(fresh) !== null) {
      fresh.push((await this._ask(nextTokenOf(fresh)!))!);
    }
    return pages => withFirstPages(pages, fresh) ?? fresh;
  }

  private async _rereadVisible(old: Pages): Promise<(pages: Pages) => Pages> {
    const fresh: [number, IPage][] = [];
    const [first, last] = this._visible.map(row => pageOfRow(old, row));
    for (let index = Math.max(1, first); index <= last; index++) {
      const page = await this._ask(old[index].token, old[index].etag);
      if (page) {
        fresh.push([index, page]);
      }
    }
    return pages => fresh.reduce((all, [index, page]) => withPage(all, index, page), pages);
  }

  private async _readOn(): Promise<void> {
    const token = nextTokenOf(this._pages);
    if (this._readingOn === this._turn || token === null) {
      return;
    }
    const turn = (this._readingOn = this._turn);
    try {
      const page = await this._ask(token);
      // A refresh in between may have read on, or joined pages anew.
      if (page && turn === this._turn && token === nextTokenOf(this._pages)) {
        this._setPages([...this._pages, page]);
      }
    } catch (reason) {
      // The poll that follows goes on reading, in its own time.
      if (turn === this._turn) {
        this._fail(SmxError.from(reason));
      }
      return;
    } finally {
      this._readingOn = -1;
    }
    this.setVisible(...this._visible);
  }

  /** One page; null if it is still as `etag` says. */
  private _ask(token?: string, etag?: string): Promise<IPage | null> {
    return askPage(
      this._options.client,
      this._connectionId!,
      this._place,
      {
        next_token: token,
        sort_by: this._sort.by,
        sort_order: this._sort.order,
        name_contains: this._filter || undefined,
        filters: queryFilters(this.filters)
      },
      etag
    );
  }

  private _setPages(pages: Pages): void {
    if (pages === this._pages && this._state.is === 'ready' && !this._state.error) {
      return; // Nothing new: nothing is drawn.
    }
    const unchanged = pages === this._pages && this._state.is === 'ready';
    const rows = unchanged ? this.rows : this._withUnassigned(pages);
    this._pages = pages;
    if (this.isChanging) {
      this._listId = this._wantedId();
      this.selection.restart();
    }
    this.selection.setKeys(rows.map(row => row.key));
    if (this._focusKey !== null && this.selection.indexOf(this._focusKey) >= 0) {
      this.selection.click(this._focusKey);
    }
    // A row that comes with a later page must not take the focus from where the user is by then.
    this._focusKey = null;
    this._set({ is: 'ready', rows, complete: nextTokenOf(pages) === null, error: null });
  }

  /** The unassigned entry stands first, whatever the sort or filter. */
  private _withUnassigned(pages: Pages): IBrowserRow[] {
    const { unassigned } = pages[0];
    return unassigned ? [unassigned, ...rowsOf(pages)] : rowsOf(pages);
  }

  private _fail(error: SmxError): void {
    if (error.code === 'not_found' && this.level !== 'experiments') {
      this._set({ is: 'gone', error });
    } else if (this._state.is === 'ready') {
      this._set({ ...this._state, error });
    } else {
      this._set({ is: 'failed', error });
    }
  }

  private _set(state: State): void {
    this._state = state;
    this._stateChanged.emit();
  }

  private _save(): void {
    if (this._connectionId) {
      this._places.set(this._connectionId, this._place);
    }
    void this._options.stateDB?.save(STATE_KEY, {
      places: Object.fromEntries(this._places) as never,
      sort: { ...this._sort },
      filter: this._filter,
      filters: this._filters.toJSON() as never,
      widened: this._isWidened
    });
  }

  private readonly _options: IExperimentsOptions;
  private _connectionId: string | undefined;
  private _filter = '';
  private readonly _filters = new KeptFilters();
  private _filterTimer = 0;
  private _focusKey: string | null = null;
  private _isDisposed = false;
  private _isWidened = false;
  private _listId = '';
  private _looks = 0;
  private _pages: Pages = [];
  private _place: IPlace = {};
  private _places = new Map<string, IPlace>();
  private _readingOn = -1;
  private _restored = false;
  private _sort: ISort = DEFAULT_SORT;
  private _state: State = { is: 'loading' };
  private _stateChanged = new Signal<this, void>(this);
  private _turn = 0;
  private _typed: string | null = null;
  private _whenRestored = new PromiseDelegate<void>();
  private _visible: [number, number] = [0, 0];
}

function sortFrom(saved: unknown): ISort {
  const { by, order } = (saved ?? {}) as Partial<ISort>;
  const known = by === 'Name' || by === 'CreationTime' || by === 'LastModifiedTime';
  return known && (order === 'Ascending' || order === 'Descending') ? { by, order } : DEFAULT_SORT;
}
