/** Adds the Deploy model page, and notifies when a deployment has ended. */
import {
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette, WidgetTracker } from '@jupyterlab/apputils';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator } from '@jupyterlab/translation';

import { CommandIDs } from '../commands';
import { IConnections, IOperations, ISmxClient, PLUGIN_PREFIX } from '../tokens';
import { deployIcon } from '../ui/pieces/icons';
import { reasonDataset } from '../ui/shell/menureasons';
import type { IDeployParts } from './feature';
import type { DeployPage } from './page';

const PLUGIN_ID = `${PLUGIN_PREFIX}:deploy`;
const ARGS = {
  type: 'object',
  properties: {
    connectionId: {
      type: 'string',
      description: 'Where the training job is; default: the current.'
    },
    trialComponentName: {
      type: 'string',
      description: 'The trial component of a completed training job; without it, it is asked for.'
    },
    metrics: {
      type: 'object',
      description: 'Metrics to show on the page: name to text.',
      additionalProperties: { type: 'string' }
    }
  }
};

const plugin: JupyterFrontEndPlugin<void> = {
  id: PLUGIN_ID,
  description: 'Deploys the model of a training job to an endpoint.',
  autoStart: true,
  requires: [ISmxClient, IConnections, IOperations, ITranslator],
  optional: [ILayoutRestorer, ICommandPalette, ISettingRegistry],
  activate: (
    app: JupyterFrontEnd,
    client: ISmxClient,
    connections: IConnections,
    operations: IOperations,
    translator: ITranslator,
    restorer: ILayoutRestorer | null,
    palette: ICommandPalette | null,
    settings: ISettingRegistry | null
  ): void => {
    const trans = translator.load('smx_lab');
    const tracker = new WidgetTracker<DeployPage>({ namespace: 'smx-deploy' });
    const parts: IDeployParts = {
      app,
      client,
      connections,
      operations,
      tracker,
      translator,
      trans,
      settings
    };
    addCommand(parts);
    void restorer?.restore(tracker, {
      command: CommandIDs.deployModel,
      args: page => page.snapshot(),
      name: page => page.id
    });
    palette?.addItem({
      command: CommandIDs.deployModel,
      category: trans.__('SageMaker')
    });
    operations.ended.connect((_, operation) => {
      if (operation.kind === 'deployment') {
        void import('./feature').then(({ notify }) => notify(parts, operation));
      }
    });
  }
};

function addCommand(parts: IDeployParts): void {
  const { app, connections, trans } = parts;
  app.commands.addCommand(CommandIDs.deployModel, {
    label: trans.__('Deploy model'),
    caption: () =>
      connections.whyNot('deploy') ?? trans.__("Create an endpoint from a training job's model"),
    dataset: () => reasonDataset(connections.whyNot('deploy')),
    icon: deployIcon,
    describedBy: { args: ARGS },
    // A page that was open stays open after a reload, even if deploying is switched off: it shows
    // why.
    isEnabled: args => connections.whyNot('deploy') === null || 'pageId' in args,
    execute: async args => {
      // The code of the page is loaded when the first page is opened.
      const { openPage } = await import('./feature');
      return openPage(parts, args);
    }
  });
  connections.changed.connect(() => app.commands.notifyCommandChanged(CommandIDs.deployModel));
}

export default plugin;
