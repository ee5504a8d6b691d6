/**
 * The rows of a table that are in the browser, in blocks.
 *
 * The cache is told which rows and columns are wanted, and asks for those that are missing, one
 * request at a time. It does not depend on the screen: rows are numbers, columns are keys.
 */
import { IDisposable } from '@lumino/disposable';
import { ISignal, Signal } from '@lumino/signaling';

import { SmxError } from '../../api/errors';
import type { IExtent, IGroupSummary, IRow, IRowWindow } from '../../api/types';
import { BLOCK, Block, IPartialRow, Known, withPending } from './blocks';
import type { Cell, IRowFacts, IRowQuery } from '../view/options';
import type { IShownColumn } from '../view/columns';
import { isSameOrder } from '../view/comparing';
import { IDemand, IMissing, isWanted, missingOf, visibleBlocks } from './demand';

/** What the server is asked for. */
export interface IRowRequest {
  readonly query: IRowQuery;
  readonly columns: readonly IShownColumn[];
  readonly offset: number;
  readonly limit: number;
}

type ListRows = (request: IRowRequest, signal: AbortSignal) => Promise<IRowWindow>;

/** The maximum number of rows in one answer of the server. */
const MAX_LIMIT = 1000;
/**
 * With more cells than this, blocks far from the screen are dropped: about 10 MB of numbers. Our
 * choice.
 */
const MAX_CELLS = 400_000;

interface IFlight {
  readonly known: Known;
  readonly missing: IMissing;
  readonly abort: AbortController;
}

function isSame(one: IRowQuery | undefined, other: IRowQuery): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** A cache of rows. {@link changed} is emitted when something else can be drawn. */
export class RowCache implements IDisposable {
  constructor(private readonly _listRows: ListRows) {}

  /** Rows, cells or totals have changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** A request has failed. Nothing is asked until {@link retry}. */
  get failed(): ISignal<this, SmxError> {
    return this._failed;
  }

  /** The number of rows that pass the filters; null before the first answer. */
  get total(): number | null {
    return this._shown && this._shown.version >= 0 ? this._shown.total : null;
  }

  get hiddenByType(): number {
    return this._shown?.hiddenByType ?? 0;
  }

  /** The version of the newest answer; -1 before the first. */
  get version(): number {
    return this._shown?.version ?? -1;
  }

  /** The query of the rows on the screen; null before the first answer. */
  get query(): IRowQuery | null {
    return this._shown && this._shown.version >= 0 ? this._shown.query : null;
  }

  /** Changes with each query whose rows come onto the screen. */
  get generation(): number {
    return this._generation;
  }

  /** Whether the rows on the screen belong to an earlier query. */
  get isStale(): boolean {
    return this._next !== null;
  }

  /** Whether rows in another order are loading; unfolding a group does not count. */
  get isReordering(): boolean {
    return this._next !== null && !(this.query && isSameOrder(this.query, this._next.query));
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    this._flight?.abort.abort();
    this._flight = null;
    Signal.clearData(this);
  }

  row(index: number): IRowFacts | undefined {
    return this._shown?.blocks.get(Math.floor(index / BLOCK))?.rows[index % BLOCK];
  }

  /** Return a cell; undefined if it is not loaded. */
  cell(index: number, key: string): Cell | undefined {
    return this._shown?.blocks.get(Math.floor(index / BLOCK))?.cells.get(key)?.[index % BLOCK];
  }

  /** Return the decimals of all numbers of a column; null for scientific notation. */
  decimals(key: string): number | null {
    return this._shown?.decimals.get(key) ?? null;
  }

  /** Return the summary of a cell of a group; undefined for a row. */
  summary(index: number, key: string): IGroupSummary | undefined {
    return this._shown?.blocks.get(Math.floor(index / BLOCK))?.summaries.get(key)?.[index % BLOCK];
  }

  /** Return the range of a metric; null if it has no numbers, or it was not asked for. */
  extent(key: string): IExtent | null {
    return this._shown?.extents.get(key) ?? null;
  }

  /** The baseline, which is on the first line; null without one. */
  get baseline(): IRowFacts | null {
    return this._shown?.baseline ?? null;
  }

  baselineCell(key: string): Cell | undefined {
    return this._shown?.baselineCells.get(key);
  }

  /** The number of rows that pass the filters, also those in folded groups. */
  get passed(): number {
    return this._shown?.passed ?? 0;
  }

  /** The number of groups; null if the rows are not grouped. */
  get groups(): number | null {
    return this._shown?.groups ?? null;
  }

  /** Return the index of a row, if it is known. */
  indexOf(id: string): number | undefined {
    return this._shown?.index.get(id);
  }

  /** The number of loaded rows. */
  get loadedCount(): number {
    let count = 0;
    this._shown?.blocks.forEach(({ rows }) => (count += rows.length));
    return count;
  }

  /** Whether all rows that pass are loaded. Those of a folded group need not be. */
  get isWhole(): boolean {
    return this.loadedCount === (this.total ?? 0) && this.groups === null;
  }

  /** The loaded rows, in their order. */
  *loaded(): Iterable<[number, IRowFacts]> {
    const blocks = [...(this._shown?.blocks.values() ?? [])].sort((a, b) => a.index - b.index);
    for (const block of blocks) {
      for (const [at, row] of block.rows.entries()) {
        yield [block.index * BLOCK + at, row];
      }
    }
  }

  /**
   * Set the query, and ask for what is on the screen. The old rows stay until the first answer
   * arrives.
   */
  setQuery(query: IRowQuery, demand: IDemand | null = this._demand): void {
    this._demand = demand;
    if (this._shown === null) {
      this._shown = new Known(query);
    } else if (!isSame((this._next ?? this._shown).query, query)) {
      this._next = isSame(this._shown.query, query) ? null : new Known(query);
    }
    this._pump();
  }

  /**
   * Set the version of the table. Older rows are asked for again, and stay until then.
   *
   * #### Notes
   * Answers may be newer than this version. They do not make other blocks out of date: while a
   * table is read for the first time each answer is newer, and the screen would never come to rest.
   */
  setVersion(version: number): void {
    if (version > this._wantedVersion) {
      this._wantedVersion = version;
      this._pump();
    }
  }

  /** Report what is on the screen. */
  want(demand: IDemand): void {
    this._demand = demand;
    this._pump();
  }

  /** Ask again after a failure. */
  retry(): void {
    this._isPaused = false;
    this._pump();
  }

  /** Forget everything but the query, because the table was opened again. */
  clear(): void {
    const query = (this._next ?? this._shown)?.query;
    this._flight?.abort.abort();
    this._flight = null;
    this._wantedVersion = -1;
    this._next = query ? new Known(query) : null;
    this._isPaused = false;
    this._pump();
  }

  /** Read cells of any rows without the cache, for copies. `first` and `last` are included. */
  async read(
    first: number,
    last: number,
    columns: readonly IShownColumn[],
    signal: AbortSignal
  ): Promise<IRow[]> {
    const query = (this._next ?? this._shown)?.query;
    const rows: IRow[] = [];
    while (query && first + rows.length <= last) {
      const offset = first + rows.length;
      const limit = Math.min(MAX_LIMIT, last - offset + 1);
      const window = await this._listRows({ query, columns, offset, limit }, signal);
      rows.push(...window.rows);
      if (window.rows.length === 0) {
        break;
      }
    }
    return rows;
  }

  /** Start the next request, unless one that is still useful is running. */
  private _pump(): void {
    const known = this._next ?? this._shown;
    const demand = this._demand;
    if (this._isDisposed || this._isPaused || !known || !demand) {
      return;
    }
    const missing = missingOf(known, demand, this._wantedVersion);
    if (this._flight) {
      if (this._flight.known === known && isWanted(this._flight.missing, known, demand)) {
        return;
      }
      this._flight.abort.abort();
      this._flight = null;
    }
    if (missing) {
      void this._ask(known, missing);
    }
  }

  private async _ask(known: Known, missing: IMissing): Promise<void> {
    const flight: IFlight = { known, missing, abort: new AbortController() };
    this._flight = flight;
    const { from, to, columns } = missing;
    const request: IRowRequest = {
      query: known.query,
      columns,
      offset: from * BLOCK,
      limit: Math.min(MAX_LIMIT, (to - from + 1) * BLOCK)
    };
    try {
      const window = await this._listRows(request, flight.abort.signal);
      if (this._flight === flight) {
        this._flight = null;
        this._take(known, missing, window);
      }
    } catch (reason) {
      // An aborted request has been replaced by another one.
      if (this._flight === flight) {
        this._flight = null;
        this._isPaused = true;
        this._failed.emit(SmxError.from(reason));
      }
    }
  }

  private _take(known: Known, missing: IMissing, window: IRowWindow): void {
    known.takeWhole(missing.columns, window);
    const rows = withPending(window);
    for (let index = missing.from; index <= missing.to; index++) {
      const start = (index - missing.from) * BLOCK;
      this._takeBlock(known, missing.columns, index, rows.slice(start, start + BLOCK));
    }
    for (const index of [...known.blocks.keys()]) {
      if (index * BLOCK >= known.total) {
        known.remove(index);
      }
    }
    if (known === this._next) {
      this._shown = known;
      this._next = null;
      this._generation++;
    }
    this._evict();
    this._changed.emit();
    this._pump();
  }

  private _takeBlock(
    known: Known,
    columns: readonly IShownColumn[],
    index: number,
    rows: readonly IPartialRow[]
  ): void {
    const old = known.blocks.get(index);
    const block =
      old?.version === known.version
        ? old
        : new Block(
            index,
            known.version,
            rows.map(({ cells: _, ...facts }) => facts)
          );
    if (block !== old) {
      known.add(block);
    }
    block.takeSummaries(columns, rows);
    columns.forEach((column, at) =>
      block.cells.set(
        column.key,
        rows.map(row => row.cells[at])
      )
    );
  }

  /** Drop the blocks that are farthest from the screen. */
  private _evict(): void {
    const known = this._shown;
    if (!known || !this._demand) {
      return;
    }
    const middle = (this._demand.first + this._demand.last) / 2 / BLOCK;
    const [from, to] = visibleBlocks(known, this._demand);
    let cells = 0;
    for (const block of known.blocks.values()) {
      cells += block.cellCount;
    }
    const far = [...known.blocks.values()]
      .filter(block => block.index < from - 1 || block.index > to + 1)
      .sort((a, b) => Math.abs(b.index - middle) - Math.abs(a.index - middle));
    for (const block of far) {
      if (cells <= MAX_CELLS) {
        return;
      }
      cells -= block.cellCount;
      known.remove(block.index);
    }
  }

  private _changed = new Signal<this, void>(this);
  private _demand: IDemand | null = null;
  private _failed = new Signal<this, SmxError>(this);
  private _flight: IFlight | null = null;
  private _generation = 0;
  private _isDisposed = false;
  private _isPaused = false;
  private _next: Known | null = null;
  private _shown: Known | null = null;
  private _wantedVersion = -1;
}
