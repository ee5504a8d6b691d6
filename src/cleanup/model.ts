/** The state of one clean-up: its plan, its confirmation, its progress. */
import type { IDisposable } from '@lumino/disposable';
import { ISignal, Signal } from '@lumino/signaling';

import type { SmxClient } from '../api/client';
import { SmxError } from '../api/errors';
import type { ICleanUpPlan, ICleanUpRequest, IOperation } from '../api/types';
import type { ICleanUpArgs } from '../commands';
import type { IOperations } from '../tokens';

type State =
  /** The plan is being read. */
  | { is: 'planning' }
  /** `error` is why the clean-up could not be started. */
  | { is: 'planned'; plan: ICleanUpPlan; error: SmxError | null }
  /** There is no plan. */
  | { is: 'failed'; error: SmxError }
  /** The clean-up runs or has ended; `error` is why Stop or Retry failed. */
  | { is: 'cleaning'; operation: IOperation; error: SmxError | null };

/** The values of the checkboxes. */
interface IChoices {
  readonly keepTrialComponents: boolean;
  readonly deleteEndpoints: boolean;
}

interface ICleanUpOptions {
  client: Pick<SmxClient, 'planCleanUp' | 'createCleanUp'>;
  operations: IOperations;
  args: Readonly<ICleanUpArgs>;
  codeStyle: ICleanUpRequest['code_style'];
}

/** Uses the client and the operations; does not depend on the screen. */
export class CleanUpModel implements IDisposable {
  constructor(private readonly _options: ICleanUpOptions) {
    _options.operations.changed.connect(this._onOperation, this);
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get state(): State {
    return this._state;
  }

  get args(): Readonly<ICleanUpArgs> {
    return this._options.args;
  }

  get choices(): IChoices {
    return this._choices;
  }

  /** The text that the user has typed to confirm the name. */
  get typedName(): string {
    return this._typedName;
  }

  /** Whether the plan is out of date, or the clean-up is being started. */
  get isBusy(): boolean {
    return this._isBusy;
  }

  /** Whether everything that has to be confirmed is confirmed. */
  get canBegin(): boolean {
    const { state } = this;
    if (state.is !== 'planned' || this._isBusy || state.plan.counts.to_delete === 0) {
      return false;
    }
    const wanted = state.plan.name_to_type;
    return wanted === null || wanted === this._typedName.trim();
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Read the plan. Never rejects. */
  async plan(): Promise<void> {
    const turn = ++this._turn;
    this._isBusy = true;
    this._set(this._state.is === 'planned' ? this._state : { is: 'planning' });
    const state = await this._ask().catch((reason: unknown): State => ({
      is: 'failed',
      error: SmxError.from(reason)
    }));
    // Drop an answer that belongs to earlier choices.
    if (turn === this._turn) {
      this._isBusy = false;
      this._set(state);
    }
  }

  /** Change checkboxes, and read the plan again. */
  async choose(changed: Partial<IChoices>): Promise<void> {
    this._choices = { ...this._choices, ...changed };
    await this.plan();
  }

  type(name: string): void {
    this._typedName = name;
    this._changed.emit();
  }

  /** Start the clean-up, if it is confirmed. Never rejects. */
  async begin(): Promise<void> {
    const { state } = this;
    if (!this.canBegin || state.is !== 'planned') {
      return;
    }
    const { client, operations, args } = this._options;
    const { plan } = state;
    this._isBusy = true;
    this._set({ ...state, error: null });
    try {
      const operation = await client.createCleanUp(args.connectionId, {
        ...this._request(),
        typed_name: this._typedName.trim(),
        fingerprint: plan.fingerprint
      });
      operations.follow(operation);
      this._isBusy = false;
      this._set({ is: 'cleaning', operation, error: null });
    } catch (reason) {
      await this._refused(SmxError.from(reason));
    }
  }

  /** Show a clean-up that was started before. */
  show(operation: IOperation): void {
    this._turn++;
    this._isBusy = false;
    this._set({ is: 'cleaning', operation, error: null });
  }

  /** Resume the interrupted clean-up that the plan names. */
  async resume(operationId: string): Promise<void> {
    const { state } = this;
    try {
      this.show(await this._options.operations.retry(operationId));
    } catch (reason) {
      if (state.is === 'planned') {
        this._set({ ...state, error: SmxError.from(reason) });
      }
    }
  }

  stop(): Promise<void> {
    return this._act(id => this._options.operations.cancel(id));
  }

  retry(): Promise<void> {
    return this._act(id => this._options.operations.retry(id));
  }

  dispose(): void {
    this._isDisposed = true;
    Signal.clearData(this);
  }

  /** Return the state with the plan, or with the same clean-up if it is already running. */
  private async _ask(): Promise<State> {
    const { client, operations, args } = this._options;
    const plan = await client.planCleanUp(args.connectionId, this._request());
    if (plan.unfinished !== null) {
      const operation = await operations.read(plan.unfinished);
      if (operation.state === 'running') {
        return { is: 'cleaning', operation, error: null };
      }
    }
    return { is: 'planned', plan, error: null };
  }

  /** Read the plan again before the error is shown, because it may be out of date. */
  private async _refused(error: SmxError): Promise<void> {
    if (error.code === 'conflict') {
      await this.plan();
    }
    this._isBusy = false;
    if (this._state.is === 'planned') {
      this._set({ ...this._state, error });
    }
  }

  private async _act(act: (operationId: string) => Promise<IOperation>): Promise<void> {
    const { state } = this;
    if (state.is !== 'cleaning') {
      return;
    }
    try {
      this._set({ is: 'cleaning', operation: await act(state.operation.id), error: null });
    } catch (reason) {
      this._set({ ...state, error: SmxError.from(reason) });
    }
  }

  private _request(): ICleanUpRequest {
    const { args, codeStyle } = this._options;
    return {
      experiments: args.experiments ?? [],
      trials: args.trials ?? [],
      trial_components: args.trialComponents ?? [],
      keep_trial_components: this._choices.keepTrialComponents,
      delete_endpoints: this._choices.deleteEndpoints,
      code_style: codeStyle
    };
  }

  private _onOperation(_sender: IOperations, operation: IOperation): void {
    const { state } = this;
    if (state.is === 'cleaning' && state.operation.id === operation.id) {
      this._set({ ...state, operation });
    }
  }

  private _set(state: State): void {
    if (!this._isDisposed) {
      this._state = state;
      this._changed.emit();
    }
  }

  private _changed = new Signal<this, void>(this);
  private _choices: IChoices = { keepTrialComponents: false, deleteEndpoints: false };
  private _isBusy = false;
  private _isDisposed = false;
  private _state: State = { is: 'planning' };
  private _turn = 0;
  private _typedName = '';
}
