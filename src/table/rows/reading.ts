/** How far the server is with reading a table from SageMaker, and when to look again. */
import { SmxError } from '../../api/errors';
import type { ITableState } from '../../api/types';

/** Where a table stands. */
export type State =
  | { is: 'loading' }
  | { is: 'ready'; table: ITableState }
  /** What the table was opened on was deleted. */
  | { is: 'gone' }
  | { is: 'failed'; error: SmxError };

/** While rows are still being read, the next look is this far away; our choice. */
export const SYNC_INTERVAL_MS = 400;

/** What a table was opened on seldom comes back: it is looked for this many times less often. */
const GONE = 10;

/** Whether the server is reading the table for the first time. */
export function isReading(state: State): boolean {
  return (
    state.is === 'ready' && !state.table.complete && !state.table.error && !state.table.stopped
  );
}

/** Whether the user has stopped that. */
export function isStopped(state: State): boolean {
  return state.is === 'ready' && !state.table.complete && state.table.stopped === true;
}

/** How many trial components there are to read, where SageMaker tells. */
export function expected(state: State): number | null {
  return state.is === 'ready' ? (state.table.expected ?? null) : null;
}

/** Whether SageMaker is being asked for what is new in a table that is there. */
export function isRefreshing(state: State): boolean {
  return state.is === 'ready' && state.table.reading === true;
}

/** Why the rows of a table are older than they might be; null if they are not. */
export function tableError(state: State): SmxError | null {
  const error = state.is === 'ready' ? state.table.error : null;
  return error ? new SmxError(error.message, error.code, 0, error.details ?? {}) : null;
}

/** The table once nothing has changed: then it is not being read either. */
export function unchanged(state: State): State {
  return isRefreshing(state) && state.is === 'ready'
    ? { is: 'ready', table: { ...state.table, reading: false } }
    : state;
}

/** Milliseconds until the next look at what is all there. After a failure SageMaker is not asked sooner. */
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
