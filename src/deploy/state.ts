/** The state of a Deploy model page, and the part of it that is kept over a reload. */
import type { SmxError } from '../api/errors';
import type { IOperation } from '../api/types';
import type { IDeployModelArgs } from '../commands';
import type { IDraft } from './draft';

export type State =
  /** Waiting for the first plan, or after a reload for the operation. */
  | { is: 'loading' }
  /** There is no plan, so there is no form. */
  | { is: 'failed'; error: SmxError }
  | { is: 'editing'; checking: boolean; refused: IRefusal | null }
  | { is: 'sending' }
  /** The operation runs or has ended; `undoing` deletes what a failed one created. */
  | {
      is: 'deploying';
      operation: IOperation;
      undoing: IOperation | null;
      error: SmxError | null;
    };

/**
 * Why a deployment was not started. A new refusal is a new object, so that the focus moves again.
 */
export interface IRefusal {
  readonly error: SmxError | null;
}

/** What is kept over a reload. */
export interface IDeploySnapshot extends IDeployModelArgs {
  draft?: IDraft;
  operationId?: string;
  undoingId?: string;
}
