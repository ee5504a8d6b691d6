/** The state of one trial component, refreshed while it runs. */
import type { IDisposable } from '@lumino/disposable';
import { ISignal, Signal } from '@lumino/signaling';

import type { SmxClient } from '../api/client';
import { SmxError } from '../api/errors';
import type { ITrialComponent } from '../api/types';
import type { IOpenTrialComponentArgs } from '../commands';
import type { Action, IConnections } from '../tokens';
import { trainingJobName } from '../ui/words/arns';
import { LivePoll, pollIntervalMs } from '../ui/poll';

/** A component that has ended changes seldom: it is polled this many times less often. */
const CALM = 6;

type State =
  | { is: 'loading' }
  /** `error` is why the last refresh failed. */
  | { is: 'ready'; component: ITrialComponent; error: SmxError | null }
  | { is: 'failed'; error: SmxError }
  | { is: 'gone'; error: SmxError };

/** Uses the client; does not depend on the screen. */
export class TrialComponentModel implements IDisposable {
  constructor(
    private readonly _client: Pick<SmxClient, 'describeTrialComponent'>,
    private readonly _connections: IConnections,
    args: Readonly<IOpenTrialComponentArgs>
  ) {
    this._args = args;
  }

  readonly poll = new LivePoll({
    poll: () => this._refresh(),
    interval: () => this._interval()
  });

  get stateChanged(): ISignal<this, void> {
    return this._stateChanged;
  }

  get state(): State {
    return this._state;
  }

  /** The trial component, and the trial in which it is shown. */
  get args(): Readonly<IOpenTrialComponentArgs> {
    return this._args;
  }

  /** Show it in another trial that it belongs to. */
  lookIn(experimentName: string | undefined, trialName: string): void {
    if (trialName !== this._args.trialName) {
      this._args = { ...this._args, experimentName, trialName };
      this._stateChanged.emit();
    }
  }

  get isDisposed(): boolean {
    return this.poll.isDisposed;
  }

  /** Whether the trial component is still running. */
  get isRunning(): boolean {
    const { state } = this;
    return (
      state.is === 'ready' && ['InProgress', 'Stopping'].includes(state.component.status ?? '')
    );
  }

  /** The training job that wrote it; null if there is none. */
  get trainingJob(): string | null {
    return this._state.is === 'ready' ? trainingJobName(this._state.component.source_arn) : null;
  }

  whyNot(action: Action): string | null {
    return this._connections.whyNot(action);
  }

  dispose(): void {
    this.poll.dispose();
    Signal.clearData(this);
  }

  private _interval(): number {
    const interval = pollIntervalMs(this._connections.find(this.args.connectionId));
    return this._state.is === 'ready' && !this.isRunning ? interval * CALM : interval;
  }

  private async _refresh(): Promise<void> {
    const { connectionId, trialComponentName } = this.args;
    const turn = ++this._turn;
    const answer = await this._client
      .describeTrialComponent(connectionId, trialComponentName)
      .catch(SmxError.from);
    // An answer that comes late must not overwrite a newer one.
    if (turn !== this._turn) {
      return;
    }
    if (!(answer instanceof SmxError)) {
      this._set({ is: 'ready', component: answer, error: null });
      return;
    }
    if (answer.code === 'not_found') {
      this._set({ is: 'gone', error: answer });
    } else if (this._state.is === 'ready') {
      this._set({ ...this._state, error: answer });
    } else {
      this._set({ is: 'failed', error: answer });
    }
    throw answer;
  }

  private _set(state: State): void {
    // Nothing is drawn if nothing has changed, so that the focus and a text selection stay.
    if (!this.isDisposed && JSON.stringify(state) !== JSON.stringify(this._state)) {
      this._state = state;
      this._stateChanged.emit();
    }
  }

  private _args: Readonly<IOpenTrialComponentArgs>;
  private _state: State = { is: 'loading' };
  private _stateChanged = new Signal<this, void>(this);
  private _turn = 0;
}
