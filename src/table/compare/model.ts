/** A few rows of a table side by side, kept up to date. */
import type { IDisposable } from '@lumino/disposable';
import { ISignal, Signal } from '@lumino/signaling';

import { SYNC_INTERVAL_MS } from '../rows/reading';
import type { SmxClient } from '../../api/client';
import { SmxError } from '../../api/errors';
import type { IRowWindow, ITableState } from '../../api/types';
import type { IOpenComparisonArgs } from '../../commands';
import { LivePoll } from '../../ui/poll';
import type { IShownColumn } from '../view/columns';
import { comparedFields } from './comparison';
import { viewColumn } from '../view/view';
import { originOf } from '../view/origin';

export type CompareClient = Pick<SmxClient, 'openTable' | 'describeTable' | 'listRowsById'>;

export type ComparisonState =
  | { is: 'loading' }
  /** `error` is why the last refresh failed. */
  | {
      is: 'ready';
      table: ITableState;
      fields: readonly IShownColumn[];
      window: IRowWindow;
      error: SmxError | null;
    }
  | { is: 'failed'; error: SmxError };

/** Uses the client; does not depend on the screen. */
export class ComparisonModel implements IDisposable {
  constructor(
    private readonly _client: CompareClient,
    args: IOpenComparisonArgs,
    pollIntervalMs: () => number
  ) {
    this._args = args;
    this.poll = new LivePoll({
      poll: () => this._look(),
      interval: () =>
        this._state.is === 'ready' && !this._state.table.complete
          ? SYNC_INTERVAL_MS
          : pollIntervalMs()
    });
  }

  readonly poll: LivePoll;

  /** State or arguments have changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** The arguments that open the comparison again have changed. */
  get argsChanged(): ISignal<this, void> {
    return this._argsChanged;
  }

  get state(): ComparisonState {
    return this._state;
  }

  /** The arguments that open this comparison again. */
  get args(): IOpenComparisonArgs {
    return this._args;
  }

  get isDisposed(): boolean {
    return this.poll.isDisposed;
  }

  dispose(): void {
    this.poll.dispose();
    Signal.clearData(this);
  }

  /** Change the arguments. Other rows are read. */
  update(change: Partial<IOpenComparisonArgs>): void {
    this._args = { ...this._args, ...change };
    this._changed.emit();
    this._argsChanged.emit();
    if (change.rows || change.hiddenColumns !== undefined) {
      this._isStale = true;
      void this.poll.refresh();
    }
  }

  private async _look(): Promise<void> {
    const look = ++this._looks;
    // Drop the result of an earlier reading, which may be of other rows.
    const isLatest = (): boolean => look === this._looks && !this.isDisposed;
    try {
      const table = await this._table();
      if (!isLatest()) {
        return;
      }
      const before = this._state;
      const isSame =
        before.is === 'ready' && before.table.version === table.version && !this._isStale;
      if (isSame) {
        // Nothing is drawn if nothing has changed, so that the focus and a text selection stay.
        if (before.error || before.table.complete !== table.complete) {
          this._set({ ...before, table, error: null });
        }
        return;
      }
      const { connectionId, rows } = this._args;
      const fields = comparedFields(table.columns, this._args);
      const columns = fields.map(viewColumn);
      const window = await this._client.listRowsById(
        connectionId,
        table.table_id,
        { columns },
        rows
      );
      if (isLatest()) {
        this._isStale = false;
        this._set({ is: 'ready', table, fields, window, error: null });
      }
    } catch (reason) {
      if (!isLatest()) {
        return;
      }
      const error = SmxError.from(reason);
      this._set(this._state.is === 'ready' ? { ...this._state, error } : { is: 'failed', error });
      throw error;
    }
  }

  private async _table(): Promise<ITableState> {
    const { connectionId } = this._args;
    if (this._state.is === 'ready' && !this._state.error) {
      const { table } = this._state;
      try {
        const answer = await this._client.describeTable(
          connectionId,
          table.table_id,
          table.version
        );
        return answer.data ?? table;
      } catch (reason) {
        // The server was restarted and needs the origin again.
        if (SmxError.from(reason).code !== 'not_found') {
          throw reason;
        }
      }
    }
    return this._client.openTable(connectionId, originOf(this._args));
  }

  private _set(state: ComparisonState): void {
    this._state = state;
    this._changed.emit();
  }

  private _args: IOpenComparisonArgs;
  private _argsChanged = new Signal<this, void>(this);
  private _changed = new Signal<this, void>(this);
  /** Whether the arguments ask for other rows or columns than `state` has. */
  private _isStale = false;
  private _looks = 0;
  private _state: ComparisonState = { is: 'loading' };
}
