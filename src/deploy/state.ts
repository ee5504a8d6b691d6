/** Where a Deploy model page stands, and what of it survives a reload. */
import type { SmxError } from '../api/errors';
import type { IOperation } from '../api/types';
import type { IDeployModelArgs } from '../commands';
import type { IDraft } from './draft';

export type State =
  /** The first plan, or after a reload the operation, has not come yet. */
  | { is: 'loading' }
  /** There is no plan, so there is no form. */
  | { is: 'failed'; error: SmxError }
  | { is: 'editing'; checking: boolean; refused: IRefusal | null }
  | { is: 'sending' }
  /** Also after its end; `undoing` deletes what a failed one created. */
  | {
      is: 'deploying';
      operation: IOperation;
      undoing: IOperation | null;
      error: SmxError | null;
    };

/** Why a deployment was not begun; a new one is a new object, so that focus moves again. */
export interface IRefusal {
  readonly error: SmxError | null;
}

/** What survives a reload. */
export interface IDeploySnapshot extends IDeployModelArgs {
  draft?: IDraft;
  operationId?: string;
  undoingId?: string;
}
