/** Follows operations of the server until they end, also when their tabs are closed. */
import { Poll } from '@lumino/polling';
import { ISignal, Signal } from '@lumino/signaling';

import type { SmxClient } from '../api/client';
import { SmxError } from '../api/errors';
import type { IOperation } from '../api/types';
import type { IOperations } from '../tokens';

/** Keeps the ids of unfinished operations over a reload. */
export interface IOperationStore {
  load(): Promise<readonly string[]>;
  save(ids: readonly string[]): Promise<void>;
}

/** The parts of the client that are needed here. */
type OperationClient = Pick<
  SmxClient,
  'describeOperation' | 'cancelOperation' | 'retryOperation' | 'rollBackOperation'
>;

/** The poll interval. Our choice: the server is near, and an unchanged answer is a 304. */
const INTERVAL_MS = 1000;
const MAX_INTERVAL_MS = 30_000;

/**
 * The operations that this window has started or shown.
 *
 * #### Notes
 * One poll asks for all of them, and only while one is running and the window is visible.
 */
export class Operations implements IOperations {
  constructor(options: Operations.IOptions) {
    this._client = options.client;
    this._store = options.store;
    this._poll = new Poll<void, unknown>({
      name: 'smx-lab:operations',
      auto: false,
      standby: options.standby ?? 'when-hidden',
      frequency: {
        interval: options.intervalMs ?? INTERVAL_MS,
        backoff: true,
        max: MAX_INTERVAL_MS
      },
      factory: () => this._ask()
    });
    this.restored = this._restore();
  }

  /** Resolves once the operations from before the reload are followed again. */
  readonly restored: Promise<void>;

  get changed(): ISignal<IOperations, IOperation> {
    return this._changed;
  }

  get ended(): ISignal<IOperations, IOperation> {
    return this._ended;
  }

  get lost(): ISignal<IOperations, { id: string; error: SmxError }> {
    return this._lost;
  }

  find(operationId: string): IOperation | undefined {
    return this._known.get(operationId)?.operation;
  }

  follow(operation: IOperation): void {
    this._take(operation, undefined);
    this._wake();
  }

  async read(operationId: string): Promise<IOperation> {
    const { data, etag } = await this._client.describeOperation(operationId);
    const operation = data as IOperation;
    this._take(operation, etag);
    this._wake();
    return operation;
  }

  async cancel(operationId: string): Promise<IOperation> {
    return this._act(this._client.cancelOperation(operationId));
  }

  async retry(operationId: string): Promise<IOperation> {
    return this._act(this._client.retryOperation(operationId));
  }

  async rollBack(operationId: string): Promise<IOperation> {
    return this._act(this._client.rollBackOperation(operationId));
  }

  get isDisposed(): boolean {
    return this._poll.isDisposed;
  }

  dispose(): void {
    if (!this.isDisposed) {
      this._poll.dispose();
      Signal.clearData(this);
    }
  }

  private async _act(answer: Promise<IOperation>): Promise<IOperation> {
    const operation = await answer;
    this.follow(operation);
    return operation;
  }

  private async _restore(): Promise<void> {
    for (const id of await this._store.load()) {
      // Treat it as running, so that an end during the reload is notified.
      this._known.set(id, { operation: undefined, etag: undefined });
    }
    this._wake();
  }

  private _wake(): void {
    if (!this.isDisposed && this._running().length > 0) {
      void this._poll.refresh();
    }
  }

  private _running(): string[] {
    return [...this._known]
      .filter(([, { operation }]) => operation === undefined || operation.state === 'running')
      .map(([id]) => id);
  }

  /** Ask for all running operations. Rejects if one request fails, so that the poll backs off. */
  private async _ask(): Promise<void> {
    const answers = await Promise.allSettled(this._running().map(id => this._askOne(id)));
    if (this._running().length === 0) {
      void this._poll.stop();
    }
    const failure = answers.find(answer => answer.status === 'rejected');
    if (failure) {
      throw failure.reason;
    }
  }

  private async _askOne(id: string): Promise<void> {
    try {
      const asked = this._known.get(id);
      const { data, etag } = await this._client.describeOperation(id, asked?.etag);
      // Drop a slow answer if a later request or an action has changed the operation.
      if (data && !this.isDisposed && this._known.get(id) === asked) {
        this._take(data, etag);
      }
    } catch (reason) {
      const error = SmxError.from(reason);
      if (error.code !== 'not_found') {
        throw error;
      }
      this._known.delete(id);
      this._save();
      this._lost.emit({ id, error });
    }
  }

  private _take(operation: IOperation, etag: string | undefined): void {
    const before = this._known.get(operation.id);
    const wasRunning = before !== undefined && (before.operation?.state ?? 'running') === 'running';
    this._known.set(operation.id, { operation, etag });
    const isRunning = operation.state === 'running';
    if (wasRunning !== isRunning) {
      this._save();
    }
    this._changed.emit(operation);
    if (wasRunning && !isRunning) {
      this._ended.emit(operation);
    }
  }

  private _save(): void {
    this._store.save(this._running()).catch(reason => {
      console.warn('smx-lab: the running operations could not be remembered.', reason);
    });
  }

  private readonly _client: OperationClient;
  private readonly _store: IOperationStore;
  private readonly _poll: Poll<void, unknown>;
  private readonly _known = new Map<
    string,
    { operation: IOperation | undefined; etag: string | undefined }
  >();
  private readonly _changed = new Signal<this, IOperation>(this);
  private readonly _ended = new Signal<this, IOperation>(this);
  private readonly _lost = new Signal<this, { id: string; error: SmxError }>(this);
}

export namespace Operations {
  /** Options of {@link Operations}. */
  export interface IOptions {
    client: OperationClient;
    store: IOperationStore;
    /** Default: 1000 ms. */
    intervalMs?: number;
    /** Default: while the window is hidden. */
    standby?: Poll.Standby | (() => boolean | Poll.Standby);
  }
}
