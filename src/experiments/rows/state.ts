/** The state of the browser's list. Pure. */
import type { SmxError } from '../../api/errors';
import type { IBrowserRow, Level } from './rows';

export type State =
  | { is: 'loading' }
  /** The user has stopped the first load. */
  | { is: 'stopped' }
  | {
      is: 'ready';
      rows: readonly IBrowserRow[];
      /** Whether the end of the list has been read. */
      complete: boolean;
      /** Why the last refresh failed; the rows are older then. */
      error: SmxError | null;
    }
  | { is: 'failed'; error: SmxError }
  /** The experiment or trial was deleted. */
  | { is: 'gone'; error: SmxError };

/** Return the state after a failed read. Rows that are there stay. */
export function failedState(state: State, level: Level, error: SmxError): State {
  if (error.code === 'not_found' && level !== 'experiments') {
    return { is: 'gone', error };
  }
  return state.is === 'ready' ? { ...state, error } : { is: 'failed', error };
}
