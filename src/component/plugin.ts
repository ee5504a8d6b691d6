/** Opens **Describe Trial Component** documents, and stops training jobs. */
import { ILayoutRestorer, JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { WidgetTracker } from '@jupyterlab/apputils';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { CommandIDs, IOpenTrialComponentArgs, IStopTrainingJobArgs } from '../commands';
import { IConnections, IOperations, ISmxClient, PLUGIN_PREFIX } from '../tokens';
import { onExperimentsChanged } from '../ui/operations';
import type { IComponentParts } from './feature';
import type { TrialComponentPage } from './page';

const name = { type: 'string' } as const;

const plugin: JupyterFrontEndPlugin<void> = {
  id: `${PLUGIN_PREFIX}:component`,
  description: 'Describes one trial component in a tab.',
  autoStart: true,
  requires: [ISmxClient, IConnections, IOperations],
  optional: [ITranslator, ILayoutRestorer],
  activate: (
    app: JupyterFrontEnd,
    client: ISmxClient,
    connections: IConnections,
    operations: IOperations,
    translatorOrNull: ITranslator | null,
    restorer: ILayoutRestorer | null
  ): void => {
    const translator = translatorOrNull ?? nullTranslator;
    const trans = translator.load('smx_lab');
    const tracker = new WidgetTracker<TrialComponentPage>({ namespace: 'smx-trial-component' });

    const parts: IComponentParts = { app, client, connections, tracker, translator, trans };

    app.commands.addCommand(CommandIDs.openTrialComponent, {
      label: trans.__('Open in trial details'),
      describedBy: {
        args: {
          type: 'object',
          properties: {
            connectionId: name,
            trialComponentName: name,
            trialName: name,
            experimentName: name,
            tab: name
          },
          required: ['connectionId', 'trialComponentName']
        }
      },
      // The code of the page is loaded when the first page is opened.
      execute: async args => {
        const { openPage } = await import('./feature');
        return openPage(parts, args as unknown as IOpenTrialComponentArgs);
      }
    });
    app.commands.addCommand(CommandIDs.stopTrainingJob, {
      label: trans.__('Stop training job'),
      describedBy: {
        args: {
          type: 'object',
          properties: { connectionId: name, trainingJobName: name },
          required: ['connectionId', 'trainingJobName']
        }
      },
      isEnabled: () => connections.whyNot('stop') === null,
      execute: async args => {
        const { stop } = await import('./feature');
        if (await stop(parts, args as unknown as IStopTrainingJobArgs)) {
          tracker.forEach(page => page.refresh());
        }
      }
    });
    onExperimentsChanged(operations, () => tracker.forEach(page => page.refresh()));
    void restorer?.restore(tracker, {
      command: CommandIDs.openTrialComponent,
      args: page => ({ ...page.snapshot() }),
      name: page => page.id
    });
  }
};

export default plugin;
