/** The deletions of endpoints that are running, or have failed. */
import type { IDisposable } from '@lumino/disposable';
import { ISignal, Signal } from '@lumino/signaling';

import { SmxError } from '../../api/errors';
import type { IOperation } from '../../api/types';
import type { IOperations } from '../../tokens';

/** Follows the operations that delete endpoints. Those that succeed are removed from the list. */
export class Deletions implements IDisposable {
  constructor(private readonly _operations: IOperations) {
    _operations.changed.connect(this._onOperation, this);
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** The deletions of one connection, oldest first. */
  of(connectionId: string | null): IOperation[] {
    return [...this._shown.values()].filter(({ connection_id }) => connection_id === connectionId);
  }

  /** The deletion of an endpoint; undefined if there is none. */
  find(connectionId: string, endpointName: string): IOperation | undefined {
    return this.of(connectionId).find(({ result }) => result.endpoint_name === endpointName);
  }

  /** Why Stop or Retry failed the last time. */
  get error(): SmxError | null {
    return this._error;
  }

  stop(operationId: string): Promise<void> {
    return this._act(this._operations.cancel(operationId));
  }

  async retry(operationId: string): Promise<void> {
    await this._act(
      this._operations.retry(operationId).then(operation => {
        if (operation.id !== operationId) {
          this._shown.delete(operationId);
        }
      })
    );
  }

  /** Remove a failed deletion from the screen. */
  dismiss(operationId: string): void {
    this._shown.delete(operationId);
    this._changed.emit();
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    Signal.clearData(this);
  }

  private async _act(answer: Promise<unknown>): Promise<void> {
    this._error = await answer.then(() => null, SmxError.from);
    this._changed.emit();
  }

  private _onOperation(_sender: IOperations, operation: IOperation): void {
    if (operation.kind !== 'endpoint_deletion') {
      return;
    }
    if (operation.state === 'succeeded') {
      this._shown.delete(operation.id);
    } else {
      this._shown.set(operation.id, operation);
    }
    this._changed.emit();
  }

  private _error: SmxError | null = null;
  private _isDisposed = false;
  private readonly _shown = new Map<string, IOperation>();
  private readonly _changed = new Signal<this, void>(this);
}
