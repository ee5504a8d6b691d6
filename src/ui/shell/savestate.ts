/** Keeps what a reload needs of a tab up to date, and writes nothing while that stays the same. */
import { Throttler } from '@lumino/polling';
import type { ISignal } from '@lumino/signaling';
import type { Widget } from '@lumino/widgets';

/** A tab is saved at most so often while one types, in milliseconds: a choice. */
const SAVE_MS = 500;

/**
 * Save a widget's state after each change of it.
 *
 * #### Notes
 * Models tell every poll; a save at each would write the workspace once a second for nothing.
 */
export function saveOnChange<T>(
  widget: Widget,
  changed: ISignal<T, void>,
  snapshot: () => unknown,
  save: () => Promise<void>
): void {
  let saved = JSON.stringify(snapshot());
  const saving = new Throttler(save, { limit: SAVE_MS, edge: 'trailing' });
  changed.connect(() => {
    const now = JSON.stringify(snapshot());
    if (now !== saved) {
      saved = now;
      void saving.invoke();
    }
  });
  widget.disposed.connect(() => saving.dispose());
}
