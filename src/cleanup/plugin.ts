/** **Clean up…** deletes experiments with all that is in them, and notifies when it has ended. */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { ILauncher } from '@jupyterlab/launcher';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator } from '@jupyterlab/translation';
import { deleteIcon } from '@jupyterlab/ui-components';

import { CommandIDs } from '../commands';
import { IConnections, IOperations, ISmxClient, PLUGIN_PREFIX } from '../tokens';
import { LazyFeature } from '../ui/shell/lazyfeature';
import { reasonDataset } from '../ui/shell/menureasons';

const NAMES = { type: 'array', items: { type: 'string' } };
const ARGS = {
  type: 'object',
  properties: {
    connectionId: { type: 'string', description: 'Where they are; default: the current.' },
    experiments: { ...NAMES, description: 'Names of experiments, with all that is in them.' },
    trials: { ...NAMES, description: 'Names of trials, with their trial components.' },
    trialComponents: { ...NAMES, description: 'Names of trial components.' },
    operationId: { type: 'string', description: 'A clean-up that was begun, to look at.' }
  }
};

const plugin: JupyterFrontEndPlugin<void> = {
  id: `${PLUGIN_PREFIX}:cleanup`,
  description: 'Deletes experiments with what is in them.',
  autoStart: true,
  requires: [ISmxClient, IConnections, IOperations, ITranslator],
  optional: [ICommandPalette, ILauncher, ISettingRegistry],
  activate: (
    app: JupyterFrontEnd,
    client: ISmxClient,
    connections: IConnections,
    operations: IOperations,
    translator: ITranslator,
    palette: ICommandPalette | null,
    launcher: ILauncher | null,
    settings: ISettingRegistry | null
  ): void => {
    const trans = translator.load('smx_lab');
    const feature = new LazyFeature(
      app,
      () => import('./feature'),
      ({ CleanUpFeature }) =>
        new CleanUpFeature({ app, client, connections, operations, translator, settings })
    );
    const command = CommandIDs.cleanUp;
    app.commands.addCommand(command, {
      label: trans.__('Clean up…'),
      caption: () =>
        connections.whyNot('delete') ??
        trans.__('Delete experiments, trials or trial components with what is in them'),
      dataset: () => reasonDataset(connections.whyNot('delete')),
      icon: deleteIcon,
      describedBy: { args: ARGS },
      isEnabled: () => connections.whyNot('delete') === null,
      execute: async args => (await feature.get()).open(args)
    });
    connections.changed.connect(() => app.commands.notifyCommandChanged(command));
    operations.ended.connect((_, operation) => {
      if (operation.kind === 'clean_up') {
        void feature.get().then(cleanUp => cleanUp.notify(operation));
      }
    });
    const category = trans.__('SageMaker');
    palette?.addItem({ command, category });
    launcher?.add({ command, category, rank: 3.5 });
  }
};

export default plugin;
