/** The row under the pointer, in the table or in one of its charts. */
import { ISignal, Signal } from '@lumino/signaling';

export class HoveredRow {
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** The id of the row; null while the pointer is on no row. */
  get id(): string | null {
    return this._id;
  }
  set id(id: string | null) {
    if (id !== this._id) {
      this._id = id;
      this._changed.emit();
    }
  }

  private _changed = new Signal<this, void>(this);
  private _id: string | null = null;
}
