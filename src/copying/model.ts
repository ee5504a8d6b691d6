/** The state of one copy of an experiment to another connection. */
import type { IDisposable } from '@lumino/disposable';
import { ISignal, Signal } from '@lumino/signaling';

import type { SmxClient } from '../api/client';
import { SmxError } from '../api/errors';
import type { IConnection, ICopyPlan, IOperation } from '../api/types';
import type { ICopyExperimentArgs } from '../commands';
import type { IConnections, IOperations } from '../tokens';

type State =
  | { is: 'choosing' }
  | { is: 'planning' }
  | { is: 'planned'; plan: ICopyPlan }
  | { is: 'copying'; operation: IOperation }
  | { is: 'failed'; error: SmxError };

interface ICopyOptions {
  client: Pick<SmxClient, 'planCopy' | 'createCopy'>;
  connections: IConnections;
  operations: IOperations;
  args: Readonly<ICopyExperimentArgs>;
}

/** Uses the client; does not depend on the screen. */
export class CopyModel implements IDisposable {
  constructor(private readonly _options: ICopyOptions) {
    _options.operations.changed.connect(this._onOperation, this);
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get state(): State {
    return this._state;
  }

  get args(): Readonly<ICopyExperimentArgs> {
    return this._options.args;
  }

  /** The connections that the experiment can be copied to. */
  get targets(): IConnection[] {
    const { connections, args } = this._options;
    return connections.connections.filter(({ id }) => id !== args.connectionId);
  }

  get targetId(): string {
    return this._targetId;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Choose the target, and read the plan for it. */
  async choose(targetId: string): Promise<void> {
    const turn = ++this._turn;
    this._targetId = targetId;
    if (!targetId) {
      this._set({ is: 'choosing' });
      return;
    }
    this._set({ is: 'planning' });
    const { client, args } = this._options;
    const state = await client.planCopy(targetId, args.connectionId, args.experimentName).then(
      (plan): State => ({ is: 'planned', plan }),
      (reason: unknown): State => ({ is: 'failed', error: SmxError.from(reason) })
    );
    // Drop an answer that belongs to an earlier choice.
    if (turn === this._turn) {
      this._set(state);
    }
  }

  async copy(): Promise<void> {
    const { client, operations, args } = this._options;
    await this._follow(
      client.createCopy(this._targetId, args.connectionId, args.experimentName).then(operation => {
        operations.follow(operation);
        return operation;
      })
    );
  }

  async stop(): Promise<void> {
    if (this._state.is === 'copying') {
      await this._follow(this._options.operations.cancel(this._state.operation.id));
    }
  }

  async retry(): Promise<void> {
    if (this._state.is === 'copying') {
      await this._follow(this._options.operations.retry(this._state.operation.id));
    } else {
      await this.choose(this._targetId);
    }
  }

  /** Show a copy that was started before. */
  show(operation: IOperation): void {
    this._targetId = operation.connection_id;
    this._set({ is: 'copying', operation });
  }

  dispose(): void {
    this._isDisposed = true;
    Signal.clearData(this);
  }

  private async _follow(answer: Promise<IOperation>): Promise<void> {
    try {
      this._set({ is: 'copying', operation: await answer });
    } catch (reason) {
      this._set({ is: 'failed', error: SmxError.from(reason) });
    }
  }

  private _onOperation(_sender: IOperations, operation: IOperation): void {
    if (this._state.is === 'copying' && this._state.operation.id === operation.id) {
      this._set({ is: 'copying', operation });
    }
  }

  private _set(state: State): void {
    if (!this._isDisposed) {
      this._state = state;
      this._changed.emit();
    }
  }

  private _changed = new Signal<this, void>(this);
  private _isDisposed = false;
  private _state: State = { is: 'choosing' };
  private _targetId = '';
  private _turn = 0;
}
