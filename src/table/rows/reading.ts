/** The progress of the server in reading a table, and when to ask again. */
import { SmxError } from '../../api/errors';
import type { ITableState } from '../../api/types';

/** The state of a table. */
export type State =
  | { is: 'loading' }
  | { is: 'ready'; table: ITableState }
  /** The origin of the table was deleted. */
  | { is: 'gone' }
  | { is: 'failed'; error: SmxError };

/** The poll interval while rows are being read, in milliseconds. Our choice. */
export const SYNC_INTERVAL_MS = 400;

/** A deleted origin seldom comes back: it is polled this many times less often. */
const GONE = 10;

/** Whether the server is reading the table for the first time. */
export function isReading(state: State): boolean {
  return (
    state.is === 'ready' && !state.table.complete && !state.table.error && !state.table.stopped
  );
}

/** Whether the user has stopped the first reading. */
export function isStopped(state: State): boolean {
  return state.is === 'ready' && !state.table.complete && state.table.stopped === true;
}

/** Return the number of trial components to read; null if SageMaker does not tell. */
export function expected(state: State): number | null {
  return state.is === 'ready' ? (state.table.expected ?? null) : null;
}

/** Whether the server is asking SageMaker for changes of a table that is read. */
export function isRefreshing(state: State): boolean {
  return state.is === 'ready' && state.table.reading === true;
}

/** Return why the rows of a table are out of date; null if they are not. */
export function tableError(state: State): SmxError | null {
  const error = state.is === 'ready' ? state.table.error : null;
  return error ? new SmxError(error.message, error.code, 0, error.details ?? {}) : null;
}

/** Return the state after an answer without changes, when the table is not being read either. */
export function unchanged(state: State): State {
  return isRefreshing(state) && state.is === 'ready'
    ? { is: 'ready', table: { ...state.table, reading: false } }
    : state;
}

/**
 * Return the milliseconds until the next poll of a table that is read. After a failure it is not
 * shorter.
 */
export function pollInterval(state: State, usual: number): number {
  if (isRefreshing(state)) {
    return SYNC_INTERVAL_MS;
  }
  if (state.is === 'gone') {
    return Math.max(1, usual * GONE);
  }
  const retry = state.is === 'ready' && state.table.error ? (state.table.retry_s ?? 0) : 0;
  return Math.max(1, usual, 1000 * retry);
}
