/** The state of one Deploy model page: the plan for the form, then the operation. */
import type { TranslationBundle } from '@jupyterlab/translation';
import type { JSONObject } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import { Debouncer } from '@lumino/polling';
import { ISignal, Signal } from '@lumino/signaling';

import type { SmxClient } from '../api/client';
import { SmxError } from '../api/errors';
import type { IDeploymentPlan, IDeploymentRequest, IFieldError, IOperation } from '../api/types';
import type { IDeployModelArgs } from '../commands';
import type { IOperations } from '../tokens';
import {
  EMPTY_DRAFT,
  fieldErrors,
  FIELDS,
  IDraft,
  missingName,
  OPTIONAL_FIELDS,
  problemsOf,
  requestOf,
  sameField
} from './draft';
import type { IDeploySnapshot, IRefusal, State } from './state';

type DeployClient = Pick<SmxClient, 'planDeployment' | 'createDeployment'>;

/** The plan is read after this pause in typing, in milliseconds. Our choice. */
const TYPING_MS = 300;

/** Uses the client and the operations; does not depend on the screen. */
export class DeployModel implements IDisposable {
  constructor(options: DeployModel.IOptions) {
    this._client = options.client;
    this._operations = options.operations;
    this._trans = options.trans;
    const { draft, operationId, undoingId, ...args } = options.snapshot;
    this._args = args;
    this._draft = { ...EMPTY_DRAFT, ...draft };
    this._operationId = operationId;
    this._undoingId = undoingId;
    this._typing = new Debouncer(() => this.plan(), options.typingMs ?? TYPING_MS);
    this._operations.changed.connect(this._onOperation, this);
    this._operations.lost.connect(this._onLost, this);
  }

  /** State, plan or draft have changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get state(): State {
    return this._state;
  }

  /** The newest plan; null before the first answer. */
  get latestPlan(): IDeploymentPlan | null {
    return this._plan;
  }

  get draft(): IDraft {
    return this._draft;
  }

  get args(): IDeployModelArgs {
    return this._args;
  }

  /** The id of the deployment that the page shows; undefined while it shows the form. */
  get operationId(): string | undefined {
    return this._operationId;
  }

  /** The container's variables that the plan adds to those of the form. */
  get derivedEnvironment(): Readonly<Record<string, string>> {
    const typed = this._asked?.environment ?? {};
    const planned = Object.entries(this._plan?.environment ?? {});
    return Object.fromEntries(planned.filter(([key]) => !(key in typed)));
  }

  /** The problems of the draft, one for each field, in the order of the form. */
  get problems(): readonly IFieldError[] {
    const now = this._request();
    const asked = this._asked;
    const all = [
      ...(this._attempted ? missingName(this._draft, this._trans) : []),
      ...problemsOf(this._draft, this._trans),
      ...(asked ? this._refusals.filter(({ field }) => sameField(now, asked, field)) : [])
    ];
    return FIELDS.flatMap(field => all.find(problem => problem.field === field) ?? []);
  }

  /** Read the first plan, or after a reload the operation. */
  async start(): Promise<void> {
    if (this._operationId) {
      // The plan only fills the summary here, so its failure must not hide the steps.
      await Promise.all([this._readOperations(), this.plan()]);
    } else {
      await this.plan();
    }
  }

  edit(change: Partial<IDraft>): void {
    this._draft = { ...this._draft, ...change };
    const asked = this._asked;
    const planned = asked && JSON.stringify(asked) === JSON.stringify(this._request());
    if (this._state.is === 'editing' && !this._state.checking && planned) {
      this._changed.emit(); // folded or unfolded: the plan still holds
      return;
    }
    if (this._state.is === 'editing') {
      this._state = { ...this._state, checking: true };
    }
    this._changed.emit();
    this._typing.invoke().catch(reason => {
      if (!this.isDisposed) {
        console.error('smx-lab: the plan failed.', reason);
      }
    });
  }

  /** Ask what the draft would create. Late answers are dropped. */
  async plan(): Promise<void> {
    if (this.isDisposed) {
      return;
    }
    const turn = ++this._turn;
    const request = this._request();
    const answer = await this._client
      .planDeployment(this._args.connectionId, request)
      .catch(SmxError.from);
    if (turn !== this._turn || this.isDisposed) {
      return;
    }
    if (answer instanceof SmxError) {
      this._planFailed(answer, request);
      return;
    }
    this._plan = answer;
    this._asked = request;
    this._refusals = answer.field_errors;
    if (this._state.is === 'editing') {
      // The error of an earlier try disappears when there is a new plan.
      const refused = this._state.refused?.error ? null : this._state.refused;
      this._set({ is: 'editing', checking: false, refused });
    } else if (['loading', 'failed'].includes(this._state.is) && !this._operationId) {
      this._set({ is: 'editing', checking: false, refused: this._lost });
      this._lost = null;
    } else {
      this._changed.emit();
    }
  }

  /** Create model, endpoint configuration and endpoint, if nothing is wrong. */
  async deploy(): Promise<void> {
    if (this._state.is !== 'editing') {
      return;
    }
    this._attempted = true;
    if (this.problems.length > 0) {
      this._refuse(null);
      return;
    }
    this._turn++; // the plan that is being read is no longer needed
    const request = this._request();
    this._set({ is: 'sending' });
    const answer = await this._client
      .createDeployment(this._args.connectionId, request)
      .catch(SmxError.from);
    if (this.isDisposed) {
      if (!(answer instanceof SmxError)) {
        this._operations.follow(answer); // its end is notified even if the page is closed
      }
      return;
    }
    if (answer instanceof SmxError) {
      this._sendFailed(answer, request);
      return;
    }
    this._operationId = answer.id;
    this._undoingId = undefined;
    this._set({
      is: 'deploying',
      operation: answer,
      undoing: null,
      error: null
    });
    this._operations.follow(answer);
  }

  /** Stop the running deployment after its current call. What it has created stays. */
  stop(): Promise<void> {
    return this._act(async operation => {
      await this._operations.cancel(operation.id);
    });
  }

  /** Go on from the step that failed. */
  retry(): Promise<void> {
    return this._act(async operation => {
      const again = await this._operations.retry(operation.id);
      this._operationId = again.id;
      this._undoingId = undefined;
      this._set({
        is: 'deploying',
        operation: again,
        undoing: null,
        error: null
      });
    });
  }

  /** Delete what the failed deployment created. */
  undo(): Promise<void> {
    return this._act(async operation => {
      const undoing = await this._operations.rollBack(operation.id);
      this._undoingId = undoing.id;
      this._set({ is: 'deploying', operation, undoing, error: null });
    });
  }

  /** Go on deleting, from the step that failed. */
  async retryUndo(): Promise<void> {
    const state = this._state;
    if (state.is === 'deploying' && state.undoing) {
      const { id } = state.undoing;
      await this._act(async operation => {
        const undoing = await this._operations.retry(id);
        this._undoingId = undoing.id;
        this._set({ is: 'deploying', operation, undoing, error: null });
      });
    }
  }

  /** Go back to the form, with its values as typed. */
  async change(): Promise<void> {
    this._operationId = undefined;
    this._undoingId = undefined;
    this._attempted = false;
    this._set(this._plan ? { is: 'editing', checking: true, refused: null } : { is: 'loading' });
    await this.plan();
  }

  snapshot(): IDeploySnapshot & JSONObject {
    return {
      ...this._args,
      draft: this._draft,
      ...(this._operationId && { operationId: this._operationId }),
      ...(this._undoingId && { undoingId: this._undoingId })
    } as unknown as IDeploySnapshot & JSONObject;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._typing.dispose();
      Signal.clearData(this);
    }
  }

  private async _readOperations(): Promise<void> {
    const id = this._operationId as string;
    const undoingId = this._undoingId;
    const answer = await Promise.all([
      this._operations.read(id),
      undoingId ? this._operations.read(undoingId) : null
    ]).catch(SmxError.from);
    if (this.isDisposed || this._operationId !== id) {
      return;
    }
    if (!(answer instanceof SmxError)) {
      this._set({
        is: 'deploying',
        operation: answer[0],
        undoing: answer[1],
        error: null
      });
    } else if (answer.code === 'not_found') {
      this._onLost(this._operations, { id, error: answer });
    } else {
      this._set({ is: 'failed', error: answer });
    }
  }

  private _planFailed(error: SmxError, request: IDeploymentRequest): void {
    if (this._state.is === 'editing') {
      this._asked = request;
      this._refusals = fieldErrors(error);
      const refused = this._refusals.length > 0 ? this._state.refused : { error };
      this._set({ is: 'editing', checking: false, refused });
    } else if (['loading', 'failed'].includes(this._state.is) && !this._operationId) {
      this._set({ is: 'failed', error });
    }
  }

  private _sendFailed(error: SmxError, request: IDeploymentRequest): void {
    this._asked = request;
    this._refusals = fieldErrors(error);
    this._refuse(this._refusals.length > 0 ? null : error);
  }

  private _refuse(error: SmxError | null): void {
    if (this.problems.some(({ field }) => OPTIONAL_FIELDS.some(name => name === field))) {
      this._draft = { ...this._draft, optionalOpen: true };
    }
    this._set({ is: 'editing', checking: false, refused: { error } });
  }

  private async _act(action: (operation: IOperation) => Promise<void>): Promise<void> {
    if (this._state.is !== 'deploying') {
      return;
    }
    try {
      await action(this._state.operation);
    } catch (reason) {
      // The operation may have changed in the meantime, so only the error is set.
      if (this._state.is === 'deploying') {
        this._set({ ...this._state, error: SmxError.from(reason) });
      }
    }
  }

  private _onOperation(_sender: IOperations, operation: IOperation): void {
    if (this._state.is !== 'deploying') {
      return;
    }
    if (operation.id === this._operationId) {
      this._set({ ...this._state, operation });
    } else if (operation.id === this._undoingId) {
      this._set({ ...this._state, undoing: operation });
    }
  }

  private _onLost(_sender: IOperations, { id, error }: { id: string; error: SmxError }): void {
    if (id === this._operationId) {
      // The list of endpoints shows what was created; the form says that the operation is gone.
      this._operationId = undefined;
      this._lost = { error };
      this._set({ is: 'failed', error });
      if (this._plan) {
        this._set({ is: 'editing', checking: false, refused: this._lost });
      }
    }
  }

  private _request(): IDeploymentRequest {
    return requestOf(this._args.trialComponentName, this._draft, this._plan);
  }

  private _set(state: State): void {
    if (!this.isDisposed) {
      this._state = state;
      this._changed.emit();
    }
  }

  private _state: State = { is: 'loading' };
  private _plan: IDeploymentPlan | null = null;
  private _draft: IDraft;
  /** The request of the newest plan, and the fields that the plan refused. */
  private _asked: IDeploymentRequest | null = null;
  private _refusals: readonly IFieldError[] = [];
  private _attempted = false;
  private _lost: IRefusal | null = null;
  private _turn = 0;
  private _operationId: string | undefined;
  private _undoingId: string | undefined;
  private _isDisposed = false;
  private readonly _args: IDeployModelArgs;
  private readonly _client: DeployClient;
  private readonly _operations: IOperations;
  private readonly _trans: TranslationBundle;
  private readonly _typing: Debouncer<void>;
  private readonly _changed = new Signal<this, void>(this);
}

export namespace DeployModel {
  /** What {@link DeployModel} needs. */
  export interface IOptions {
    client: DeployClient;
    operations: IOperations;
    trans: TranslationBundle;
    snapshot: IDeploySnapshot;
    /** The form is planned after this pause in typing; default 300 ms. */
    typingMs?: number;
  }
}
