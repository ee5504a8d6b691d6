/** A text that is being typed, and is taken once typing pauses. */

/** What is typed is taken after this pause, in milliseconds. */
const PAUSE_MS = 250;

export class TypedText {
  constructor(private readonly _onPause: (text: string) => void) {}

  /** What has been typed and not been taken; null if there is nothing such. */
  get pending(): string | null {
    return this._pending;
  }

  type(text: string): void {
    this.drop();
    this._pending = text;
    this._timer = window.setTimeout(() => {
      this._pending = null;
      this._onPause(text);
    }, PAUSE_MS);
  }

  /** Forget what has not been taken. */
  drop(): void {
    window.clearTimeout(this._timer);
    this._pending = null;
  }

  private _pending: string | null = null;
  private _timer = 0;
}
