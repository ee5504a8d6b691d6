/** The connections that the server allows, the current one, and the actions that are allowed. */
import type { IStateDB } from '@jupyterlab/statedb';
import type { TranslationBundle } from '@jupyterlab/translation';
import { PromiseDelegate } from '@lumino/coreutils';
import { ISignal, Signal } from '@lumino/signaling';

import type { SmxClient } from '../api/client';
import { SmxError } from '../api/errors';
import type { IConnection, IConnectionDetails } from '../api/types';
import type { Action, IConnections } from '../tokens';
import { deriveConnection, withoutRegion } from './ids';

/** The key under which the chosen connection is kept. */
const STATE_KEY = 'smx-lab:connection';

interface IConnectionsOptions {
  client: Pick<SmxClient, 'listConnections' | 'describeConnection'>;
  trans: TranslationBundle;
  /** Without it, the choice lasts as long as the page. */
  stateDB: IStateDB | null;
}

/** Uses the client and the state database; does not depend on the screen. */
export class ConnectionsModel implements IConnections {
  constructor(options: IConnectionsOptions) {
    this._options = options;
    // Only a caller that waits for `ready` handles the rejection.
    this._ready.promise.catch(() => undefined);
  }

  get connections(): readonly IConnection[] {
    return this._connections;
  }

  get regions(): readonly string[] {
    return this._regions.get(withoutRegion(this._current?.id ?? '')) ?? [];
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
    return (
      this._connections.find(({ id }) => id === connectionId) ??
      deriveConnection(connectionId, this._connections)
    );
  }

  select(connectionId: string): void {
    const chosen = this.find(connectionId);
    if (chosen && chosen.id !== this._current?.id) {
      this._current = chosen;
      this._list();
      void this._options.stateDB?.save(STATE_KEY, { connectionId });
      this._changed.emit();
      void this._describe(chosen);
    }
  }

  async listRegions(connectionId: string): Promise<readonly string[]> {
    const baseId = withoutRegion(connectionId);
    const known = this._regions.get(baseId);
    if (known) {
      return known;
    }
    const details = await this._options.client.describeConnection(connectionId);
    this._take(details);
    return details.regions;
  }

  async refresh(): Promise<void> {
    try {
      const [answer, kept] = await Promise.all([
        this._options.client.listConnections(),
        this._current ? undefined : this._restore()
      ]);
      // Another connection may have been chosen in the meantime.
      const chosen = this._current?.id ?? kept;
      this._connections = answer.connections;
      this._forbidden = new Set(answer.disabled_actions);
      this._readOnly = answer.read_only;
      this._unavailable = answer.unavailable_formats;
      this._current =
        this.find(chosen ?? '') ??
        this._connections.find(connection => connection.is_default) ??
        this._connections[0] ??
        null;
      this._list();
      this._error = null;
      this._ready.resolve();
      if (this._current) {
        void this._describe(this._current);
      }
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

  whyNoFormat(format: string): string | null {
    return this._unavailable[format] ?? null;
  }

  /** Add the current connection to the list, also one in another region. */
  private _list(): void {
    const { _current: current, _connections: all } = this;
    if (current && !all.some(({ id }) => id === current.id)) {
      const base = all.findIndex(({ id }) => id === withoutRegion(current.id));
      this._connections = [...all.slice(0, base + 1), current, ...all.slice(base + 1)];
    }
  }

  /**
   * Ask AWS for the account of a connection. The list works without it, so a failure is ignored.
   */
  private async _describe({ id, kind }: IConnection): Promise<void> {
    if (kind === 'local') {
      return;
    }
    try {
      this._take(await this._options.client.describeConnection(id));
    } catch (reason) {
      // Other requests on this connection fail in the same way, and show the error.
      console.warn('smx-lab: a connection could not be described.', reason);
    }
  }

  private _take({ connection, regions }: IConnectionDetails): void {
    this._regions.set(withoutRegion(connection.id), regions);
    const is = (one: IConnection): boolean => one.id === connection.id;
    this._connections = this._connections.map(one => (is(one) ? connection : one));
    if (this._current && is(this._current)) {
      this._current = connection;
    }
    this._changed.emit();
  }

  private _rejectReady(error: SmxError): void {
    if (this._connections.length) {
      return; // It was ready before; what is known still holds.
    }
    this._ready.reject(error);
    // The next refresh may succeed. Whoever waits from now on gets its result.
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
  private readonly _regions = new Map<string, readonly string[]>();
  private _unavailable: Readonly<Record<string, string>> = {};
  private _ready = new PromiseDelegate<void>();
}
