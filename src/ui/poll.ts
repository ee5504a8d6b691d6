/** Polls while the result is visible, and less often while polls fail. */
import { IDisposable } from '@lumino/disposable';
import { ISignal, Signal } from '@lumino/signaling';

import { SmxError } from '../api/errors';
import type { IConnection } from '../api/types';

/** Used while the connections are not known; the server's own default. */
const DEFAULT_INTERVAL_MS = 10_000;

/** The longest pause between two tries, in milliseconds. */
export const MAX_PAUSE_MS = 5 * 60 * 1000;

interface IPollOptions {
  /** The function to call. A rejection doubles the pause, except for errors of the credentials. */
  poll: () => Promise<void>;
  /** The pause after a success, in milliseconds; it is asked for each time. */
  interval: () => number;
}

/** Return how often a connection may be polled, in milliseconds. */
export function pollIntervalMs(connection: IConnection | null | undefined): number {
  return connection?.poll_interval_ms ?? DEFAULT_INTERVAL_MS;
}

/**
 * Calls `poll` at once and then by `interval`, only while `visible` and the page is not hidden.
 *
 * #### Notes
 * A poll starts invisible. When it becomes visible, it polls at once if the last poll is older than
 * the pause.
 */
export class LivePoll implements IDisposable {
  constructor(options: IPollOptions) {
    this._options = options;
    document.addEventListener('visibilitychange', this._onVisibility);
  }

  /** `failures` or `nextTime` has changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** How many polls have failed since the last success. */
  get failures(): number {
    return this._failures;
  }

  /** When the next poll is due, in epoch milliseconds; null during a poll and while invisible. */
  get nextTime(): number | null {
    return this._nextTime;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Whether the widget with the result is visible. */
  get visible(): boolean {
    return this._visible;
  }
  set visible(visible: boolean) {
    if (visible !== this._visible) {
      this._visible = visible;
      this._schedule();
    }
  }

  dispose(): void {
    this._isDisposed = true;
    document.removeEventListener('visibilitychange', this._onVisibility);
    window.clearTimeout(this._timer);
    Signal.clearData(this);
  }

  /** Forget earlier failures, and poll as soon as the result is visible. */
  restart(): void {
    this._turn++;
    this._running = false;
    this._failures = 0;
    this._endTime = 0;
    this._schedule();
  }

  /** Poll now, even if invisible; resolves when the poll has ended, successfully or not. */
  async refresh(): Promise<void> {
    if (this._isDisposed) {
      return;
    }
    window.clearTimeout(this._timer);
    this._nextTime = null;
    const turn = ++this._turn;
    this._running = true;
    const failed = await this._options.poll().then(
      () => false,
      // The user is probably renewing the credentials, and waits for this poll.
      (reason: unknown) => !SmxError.from(reason).code.startsWith('credentials_')
    );
    // A later poll has replaced this one.
    if (turn !== this._turn || this._isDisposed) {
      return;
    }
    this._running = false;
    this._failures = failed ? this._failures + 1 : 0;
    this._endTime = Date.now();
    this._schedule();
    this._changed.emit();
  }

  private _pause(): number {
    const interval = this._options.interval();
    return Math.max(interval, Math.min(interval * 2 ** this._failures, MAX_PAUSE_MS));
  }

  private _schedule(): void {
    window.clearTimeout(this._timer);
    this._nextTime = null;
    if (!this._visible || document.hidden || this._running || this._isDisposed) {
      return;
    }
    this._nextTime = Math.max(Date.now(), this._endTime + this._pause());
    this._timer = window.setTimeout(() => void this.refresh(), this._nextTime - Date.now());
  }

  private _onVisibility = (): void => this._schedule();

  private readonly _options: IPollOptions;
  private _changed = new Signal<this, void>(this);
  private _endTime = 0;
  private _failures = 0;
  private _isDisposed = false;
  private _nextTime: number | null = null;
  private _running = false;
  private _timer = 0;
  private _turn = 0;
  private _visible = false;
}
