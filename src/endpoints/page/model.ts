/** The state of one endpoint's tab: its description, and the requests sent to it. */
import type { IDisposable } from '@lumino/disposable';
import { ISignal, Signal } from '@lumino/signaling';

import type { SmxClient } from '../../api/client';
import { SmxError } from '../../api/errors';
import type { IEndpoint, IInvocationResult, IOperation } from '../../api/types';
import type { IOpenEndpointArgs } from '../../commands';
import type { IConnections, IOperations } from '../../tokens';
import { LivePoll, pollIntervalMs } from '../../ui/poll';
import { bodyOf, type IDraftRequest, type IFileBody, invocationOf } from './body';

export type Tab = NonNullable<IOpenEndpointArgs['tab']>;

export const TABS: readonly Tab[] = ['inference', 'settings', 'logs'];

/** The state of the description. */
type State =
  | { is: 'loading' }
  | { is: 'ready'; endpoint: IEndpoint; updatedTime: number }
  | { is: 'failed'; error: SmxError }
  | { is: 'gone' };

/** One request and its result. */
export interface IInvocation {
  readonly id: number;
  readonly contentType: string;
  /** The beginning of the body, or the name of the file. */
  readonly summary: string;
  readonly request: IDraftRequest;
  /** Epoch milliseconds. */
  readonly startTime: number;
  readonly outcome: Outcome;
}

export type Outcome =
  | { is: 'pending' }
  | { is: 'complete'; result: IInvocationResult; durationMs: number }
  | { is: 'failed'; error: SmxError; durationMs: number };

/** What is kept over a reload. */
export interface IEndpointSnapshot extends IOpenEndpointArgs {
  contentType?: string;
  body?: string;
}

type EndpointClient = Pick<SmxClient, 'describeEndpoint' | 'invokeEndpoint'>;

/** The history holds this many requests. Our choice. */
const MAX_HISTORY = 50;
/** Larger bodies are not saved in the workspace file, in characters. Our choice. */
const MAX_SAVED_BODY_LENGTH = 20_000;

/** Uses the client; does not depend on the screen. */
export class EndpointModel implements IDisposable {
  constructor(options: {
    client: EndpointClient;
    connections: IConnections;
    operations: IOperations;
    snapshot: IEndpointSnapshot;
  }) {
    const { connectionId, endpointName, tab, contentType, body } = options.snapshot;
    this.connectionId = connectionId;
    this.endpointName = endpointName;
    this._client = options.client;
    this._tab = tab ?? 'inference';
    this._draft = {
      contentType: contentType ?? 'application/json',
      text: body ?? '',
      file: null
    };
    this._poll = new LivePoll({
      poll: () => this._read(),
      interval: () => pollIntervalMs(options.connections.find(connectionId))
    });
    this._poll.changed.connect(() => this._changed.emit());
    options.operations.changed.connect(this._onOperation, this);
  }

  readonly connectionId: string;
  readonly endpointName: string;

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get state(): State {
    return this._state;
  }

  /** Why the description is out of date; null if it is not. */
  get staleError(): SmxError | null {
    return this._staleError;
  }

  get nextTime(): number | null {
    return this._poll.nextTime;
  }

  get tab(): Tab {
    return this._tab;
  }

  set tab(tab: Tab) {
    this._tab = tab;
    this._changed.emit();
  }

  get draft(): IDraftRequest {
    return this._draft;
  }

  edit(change: Partial<IDraftRequest>): void {
    this._draft = { ...this._draft, ...change };
    this._changed.emit();
  }

  /** The requests, newest first. */
  get history(): readonly IInvocation[] {
    return this._history;
  }

  /** The request whose answer is shown; null before the first. */
  get current(): IInvocation | null {
    return this._history.find(({ id }) => id === this._currentId) ?? null;
  }

  /** Show the answer of another request. */
  choose(id: number): void {
    this._currentId = id;
    this._changed.emit();
  }

  /** Whether the tab is on the screen. */
  set visible(visible: boolean) {
    this._poll.visible = visible;
  }

  refresh(): Promise<void> {
    return this._poll.refresh();
  }

  /** Send the request in the form. Never rejects: a failure is an outcome. */
  async send(): Promise<void> {
    const request = this._draft;
    const invocation: IInvocation = {
      id: ++this._lastId,
      contentType: request.contentType,
      summary: request.file?.name ?? request.text.slice(0, 200),
      request,
      startTime: Date.now(),
      outcome: { is: 'pending' }
    };
    const aborter = new AbortController();
    this._aborters.set(invocation.id, aborter);
    this._history = [invocation, ...this._history].slice(0, MAX_HISTORY);
    this._currentId = invocation.id;
    this._changed.emit();
    const begun = performance.now();
    const outcome = await this._invoke(request, aborter.signal).then(
      (result): Outcome => ({
        is: 'complete',
        result,
        durationMs: result.duration_ms
      }),
      (reason): Outcome => ({
        is: 'failed',
        error: SmxError.from(reason),
        durationMs: performance.now() - begun
      })
    );
    this._aborters.delete(invocation.id);
    if (!this.isDisposed) {
      this._history = this._history.map(each =>
        each.id === invocation.id ? { ...each, outcome } : each
      );
      this._changed.emit();
    }
  }

  /** Stop waiting for the answer that is shown. */
  stop(): void {
    if (this._currentId !== null) {
      this._aborters.get(this._currentId)?.abort();
    }
  }

  snapshot(): IEndpointSnapshot {
    const { contentType, text } = this._draft;
    return {
      connectionId: this.connectionId,
      endpointName: this.endpointName,
      tab: this._tab,
      contentType,
      ...(text.length <= MAX_SAVED_BODY_LENGTH && { body: text })
    };
  }

  get isDisposed(): boolean {
    return this._poll.isDisposed;
  }

  dispose(): void {
    this._poll.dispose();
    this._aborters.forEach(aborter => aborter.abort());
    Signal.clearData(this);
  }

  private async _invoke(request: IDraftRequest, signal: AbortSignal): Promise<IInvocationResult> {
    return this._client.invokeEndpoint(
      this.connectionId,
      this.endpointName,
      invocationOf(request.contentType, await bodyOf(request)),
      signal
    );
  }

  private async _read(): Promise<void> {
    if (this._state.is === 'gone') {
      return; // it does not come back: a new endpoint of that name is another endpoint
    }
    const turn = ++this._turn;
    const answer = await this._client
      .describeEndpoint(this.connectionId, this.endpointName)
      .catch(SmxError.from);
    if (turn !== this._turn || this.isDisposed) {
      return;
    }
    if (!(answer instanceof SmxError)) {
      this._staleError = null;
      this._set({ is: 'ready', endpoint: answer, updatedTime: Date.now() });
    } else if (answer.code === 'not_found') {
      this._set({ is: 'gone' });
    } else if (this._state.is === 'ready') {
      this._staleError = answer;
      this._changed.emit();
      throw answer;
    } else {
      this._set({ is: 'failed', error: answer });
      throw answer;
    }
  }

  private _onOperation(_sender: IOperations, operation: IOperation): void {
    const isCleanedUp = operation.kind === 'clean_up' && operation.state !== 'running';
    const isOfThis = operation.result.endpoint_name === this.endpointName;
    if (
      operation.connection_id === this.connectionId &&
      (isOfThis || isCleanedUp) &&
      this._poll.visible
    ) {
      void this._poll.refresh();
    }
  }

  private _set(state: State): void {
    this._state = state;
    this._changed.emit();
  }

  private _state: State = { is: 'loading' };
  private _staleError: SmxError | null = null;
  private _tab: Tab;
  private _draft: IDraftRequest;
  private _history: readonly IInvocation[] = [];
  private _currentId: number | null = null;
  private _lastId = 0;
  private _turn = 0;
  private readonly _aborters = new Map<number, AbortController>();
  private readonly _client: EndpointClient;
  private readonly _poll: LivePoll;
  private readonly _changed = new Signal<this, void>(this);
}

export type { IDraftRequest, IFileBody };
