/** Provides the operations that this window follows. */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IStateDB } from '@jupyterlab/statedb';

import { IOperations, ISmxClient } from '../tokens';
import { IOperationStore, Operations } from './model';

const STATE_KEY = 'smx-lab:operations:running';

function storeIn(state: IStateDB | null): IOperationStore {
  return {
    load: async () => ((await state?.fetch(STATE_KEY)) as string[] | undefined) ?? [],
    save: async ids => {
      await state?.save(STATE_KEY, [...ids]);
    }
  };
}

const plugin: JupyterFrontEndPlugin<IOperations> = {
  id: 'smx-lab:operations',
  description: 'Follows deployments and deletions until they end.',
  autoStart: true,
  requires: [ISmxClient],
  optional: [IStateDB],
  provides: IOperations,
  activate: (_app: JupyterFrontEnd, client: ISmxClient, state: IStateDB | null): IOperations =>
    new Operations({ client, store: storeIn(state) })
};

export default plugin;
