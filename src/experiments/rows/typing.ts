/** A text that is being typed, and is taken once typing pauses. */
import { Debouncer } from '@lumino/polling';

/** A text is taken after this pause, in milliseconds. Our choice. */
const PAUSE_MS = 250;

export class TypedText {
  constructor(private readonly _onPause: (text: string) => void) {}

  /** The text that has not been taken yet; null if there is none. */
  get pending(): string | null {
    return this._pending;
  }

  type(text: string): void {
    this._pending = text;
    void this._typing.invoke();
  }

  /** Forget the text that has not been taken yet. */
  drop(): void {
    this._pending = null;
  }

  private _pending: string | null = null;
  private readonly _typing = new Debouncer(() => {
    const text = this._pending;
    if (text !== null) {
      this._pending = null;
      this._onPause(text);
    }
  }, PAUSE_MS);
}
