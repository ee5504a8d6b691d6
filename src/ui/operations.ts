/** What the end of an operation means for what is on the screen. */
import type { IOperation } from '../api/types';
import type { IOperations } from '../tokens';

const KINDS: readonly string[] = ['clean_up', 'experiment_copy'];

/** Call back when experiments of a connection have been made or deleted by an operation. */
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
