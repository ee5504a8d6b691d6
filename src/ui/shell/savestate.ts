/** Saves the state that a tab needs after a reload, only when it has changed. */
import { Throttler } from '@lumino/polling';
import type { ISignal } from '@lumino/signaling';
import type { Widget } from '@lumino/widgets';

/** A tab is saved at most once in this time, in milliseconds. Our choice. */
const SAVE_MS = 500;

/**
 * Save the state of a widget after each change of it.
 *
 * #### Notes
 * Models signal every poll. Without the comparison, the workspace would be written once a second.
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
