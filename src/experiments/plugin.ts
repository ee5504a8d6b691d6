/** Adds the experiments browser to the left sidebar, and its commands. */
import { ILayoutRestorer, JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { ILauncher } from '@jupyterlab/launcher';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { IStateDB } from '@jupyterlab/statedb';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { CommandIDs } from '../commands';
import { IConnections, IOperations, ISmxClient, PLUGIN_PREFIX } from '../tokens';
import { flaskIcon } from '../ui/pieces/icons';
import { LazyFeature } from '../ui/shell/lazyfeature';
import { LazyPanel } from '../ui/shell/lazypanel';
import { onExperimentsChanged } from '../ui/operations';

const PLUGIN_ID = `${PLUGIN_PREFIX}:experiments`;
const PANEL_ID = 'smx-lab-experiments';
/** Below the file browser and the running sessions, above the extension manager. */
const PANEL_RANK = 310;

/** The commands in the palette. The others act on rows, and are in the menu of the rows. */
const PALETTE = [
  CommandIDs.showExperiments,
  CommandIDs.refreshExperiments,
  CommandIDs.focusFilter,
  CommandIDs.clearExperimentFilters,
  CommandIDs.goUp,
  CommandIDs.openSelectedInTable,
  CommandIDs.openSelectedDetails,
  CommandIDs.copyLoadingCode,
  CommandIDs.copyArn
];

const plugin: JupyterFrontEndPlugin<void> = {
  id: PLUGIN_ID,
  description: 'The experiments browser in the left sidebar.',
  autoStart: true,
  requires: [ISmxClient, IConnections, IOperations],
  optional: [ITranslator, ILayoutRestorer, IStateDB, ICommandPalette, ILauncher, ISettingRegistry],
  activate: (
    app: JupyterFrontEnd,
    client: ISmxClient,
    connections: IConnections,
    operations: IOperations,
    translatorOrNull: ITranslator | null,
    restorer: ILayoutRestorer | null,
    stateDB: IStateDB | null,
    palette: ICommandPalette | null,
    launcher: ILauncher | null,
    settingRegistry: ISettingRegistry | null
  ): void => {
    const translator = translatorOrNull ?? nullTranslator;
    const trans = translator.load('smx_lab');
    const panel: LazyPanel = new LazyPanel(
      { id: PANEL_ID, caption: trans.__('SageMaker Experiment List'), icon: flaskIcon },
      () => feature.get()
    );
    const feature = new LazyFeature(
      app,
      () => import('./feature'),
      ({ ExperimentsFeature }) =>
        new ExperimentsFeature({
          app,
          client,
          connections,
          sidebar: panel,
          stateDB,
          translator,
          settings: settingRegistry?.load(PLUGIN_ID) ?? null
        })
    );
    app.commands.addCommand(CommandIDs.showExperiments, {
      describedBy: {
        args: {
          type: 'object',
          properties: { experimentName: { type: 'string' }, trialName: { type: 'string' } }
        }
      },
      label: trans.__('Experiments'),
      caption: trans.__('Show the SageMaker Experiment List'),
      icon: flaskIcon,
      execute: async args => {
        if (typeof args.experimentName === 'string') {
          (await feature.get()).open(args);
        }
        app.shell.activateById(PANEL_ID);
      }
    });
    onExperimentsChanged(operations, connectionId => {
      if (connectionId === connections.current?.id) {
        void feature.now?.model.refresh();
      }
    });
    app.shell.add(panel, 'left', { rank: PANEL_RANK, type: 'SageMaker Experiment List' });
    restorer?.add(panel, PANEL_ID);

    const category = trans.__('SageMaker');
    PALETTE.forEach(command => palette?.addItem({ command, category }));
    launcher?.add({ command: CommandIDs.showExperiments, category, rank: 1 });
    launcher?.add({ command: CommandIDs.selectConnection, category, rank: 3 });
  }
};

export default plugin;
