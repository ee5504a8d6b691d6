/** Copies experiments between connections, and notifies when a copy has ended. */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import type { IOperation } from '../api/types';
import { CommandIDs, ICopyExperimentArgs } from '../commands';
import { IConnections, IOperations, ISmxClient, PLUGIN_PREFIX } from '../tokens';
import { notifyEnd } from '../ui/notify';
import { localeOf } from '../ui/words/time';
import { CopyModel } from './model';

const ARGS = {
  type: 'object',
  properties: {
    connectionId: { type: 'string', description: 'The id of the connection it is in.' },
    experimentName: { type: 'string', description: 'The name of the experiment.' },
    operationId: { type: 'string', description: 'A copy that was begun, to look at.' }
  },
  required: ['connectionId', 'experimentName']
} as const;

const plugin: JupyterFrontEndPlugin<void> = {
  id: `${PLUGIN_PREFIX}:copying`,
  description: 'Copies experiments between connections.',
  autoStart: true,
  requires: [ISmxClient, IConnections, IOperations],
  optional: [ITranslator],
  activate: (
    app: JupyterFrontEnd,
    client: ISmxClient,
    connections: IConnections,
    operations: IOperations,
    translator: ITranslator | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('smx_lab');
    /** The copy that a dialog shows. The dialog itself says how it ends. */
    let shown: CopyModel | null = null;
    app.commands.addCommand(CommandIDs.copyExperiment, {
      label: trans.__('Copy to another connection…'),
      caption: trans.__('Create the experiment in another connection too'),
      describedBy: { args: ARGS },
      isEnabled: () => connections.whyNot('copy') === null,
      execute: async args => {
        const { operationId, ...rest } = args;
        const model = new CopyModel({
          client,
          connections,
          operations,
          args: rest as unknown as ICopyExperimentArgs
        });
        if (typeof operationId === 'string') {
          model.show(await operations.read(operationId));
        }
        const { showCopy } = await import('./dialog');
        shown = model;
        await showCopy({ model, trans, locale: localeOf(translator ?? nullTranslator) });
        shown = null;
      }
    });
    operations.ended.connect((_, operation) => {
      const state = shown?.state;
      const isShown = state?.is === 'copying' && state.operation.id === operation.id;
      if (operation.kind === 'experiment_copy' && !isShown) {
        notify(operation);
      }
    });

    function notify(operation: IOperation): void {
      const { id, result } = operation;
      const show = (): void =>
        void app.commands.execute(CommandIDs.copyExperiment, {
          connectionId: result.source,
          experimentName: result.experiment_name,
          operationId: id
        });
      notifyEnd(operation, show, trans);
    }
  }
};

export default plugin;
