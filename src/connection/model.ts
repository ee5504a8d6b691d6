/** The connections that the server allows, which one is looked at, and what may be done there. */
import type { IStateDB } from '@jupyterlab/statedb';
import type { TranslationBundle } from '@jupyterlab/translation';
import { PromiseDelegate } from '@lumino/coreutils';
import { ISignal, Signal } from '@lumino/signaling';

import type { SmxClient } from '../api/client';
import { SmxError } from '../api/errors';
import type { IConnection } from '../api/types';
import type { Action, IConnections } from '../tokens';

/** Where the chosen connection is kept. */
const STATE_KEY = 'smx-lab:connection';

export interface IConnectionsOptions {
  client: Pick<SmxClient, 'listConnections'>;
  trans: TranslationBundle;
  /** Without it the choice lasts as long as the page. */
  stateDB: IStateDB | null;
}

/** Knows the client and the state database, and nothing of the screen. */
export class ConnectionsModel implements IConnections {
  constructor(options: IConnectionsOptions) {
    this._options = options;
    // Who waits for `ready` meets the rejection; nobody else has to.
    this._ready.promise.catch(() => undefined);
  }

  get connections(): readonly IConnection[] {
    return this._connections;
  }

  get current(): IConnection | null {
    return this._current;
  }

  get error(): SmxError | null {
    return this._error;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get ready(): Promise<void> {
    return this._ready.promise;
  }

  find(connectionId: string): IConnection | undefined {
    return this._connections.find(({ id }) => id === connectionId);
  }

  select(connectionId: string): void {
    const chosen = this.find(connectionId);
    if (chosen && chosen !== this._current) {
      this._current = chosen;
      void this._options.stateDB?.save(STATE_KEY, { connectionId });
      this._changed.emit();
    }
  }

  async refresh(): Promise<void> {
    try {
      const [answer, chosen] = await Promise.all([
        this._options.client.listConnections(),
        this._current?.id ?? this._restore()
      ]);
      this._connections = answer.connections;
      this._forbidden = new Set(answer.disabled_actions);
      this._readOnly = answer.read_only;
      this._current =
        this.find(chosen ?? '') ??
        this._connections.find(connection => connection.is_default) ??
        this._connections[0] ??
        null;
      this._error = null;
      this._ready.resolve();
    } catch (reason) {
      this._error = SmxError.from(reason);
      this._rejectReady(this._error);
    }
    this._changed.emit();
  }

  whyNot(action: Action): string | null {
    return this._readOnly || this._forbidden.has(action)
      ? this._options.trans.__('Disabled by your administrator')
      : null;
  }

  private _rejectReady(error: SmxError): void {
    if (this._connections.length) {
      return; // It was ready before; what is known still holds.
    }
    this._ready.reject(error);
    // The next refresh may succeed, and whoever asks after it gets that answer.
    this._ready = new PromiseDelegate<void>();
    this._ready.promise.catch(() => undefined);
  }

  private async _restore(): Promise<string | undefined> {
    const saved = await this._options.stateDB?.fetch(STATE_KEY);
    const id = (saved as { connectionId?: unknown } | undefined)?.connectionId;
    return typeof id === 'string' ? id : undefined;
  }

  private readonly _options: IConnectionsOptions;
  private _changed = new Signal<this, void>(this);
  private _connections: readonly IConnection[] = [];
  private _current: IConnection | null = null;
  private _error: SmxError | null = null;
  private _forbidden: ReadonlySet<string> = new Set();
  private _readOnly = false;
  private _ready = new PromiseDelegate<void>();
}
