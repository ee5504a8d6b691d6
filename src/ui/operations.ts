/** The effect of finished operations on other parts of the screen. */
import type { IOperation } from '../api/types';
import type { IOperations } from '../tokens';

const KINDS: readonly string[] = ['clean_up', 'experiment_copy'];

/** Call back when an operation has created or deleted experiments of a connection. */
export function onExperimentsChanged(
  operations: IOperations,
  callback: (connectionId: string) => void
): void {
  operations.ended.connect((_, { kind, connection_id }: IOperation) => {
    if (KINDS.includes(kind)) {
      callback(connection_id);
    }
  });
}
