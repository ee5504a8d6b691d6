/** Opens trial component lists as tabs, and restores them after a reload. */
import {
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette, type MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import { IDefaultFileBrowser } from '@jupyterlab/filebrowser';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { IStateDB } from '@jupyterlab/statedb';
import { ITranslator } from '@jupyterlab/translation';

import { CommandIDs } from '../commands';
import { IConnections, IOperations, ISmxClient, PLUGIN_PREFIX } from '../tokens';
import { LazyFeature } from '../ui/shell/lazyfeature';
import { onExperimentsChanged } from '../ui/operations';
import { addComparisons } from './compare/commands';
import type { TablePanel } from './panel';
import { addViewFiles } from './views/factory';

const PLUGIN_ID = `${PLUGIN_PREFIX}:table`;

const NAMES = { type: 'array', items: { type: 'string' } };
const OPEN_ARGS = {
  type: 'object',
  properties: {
    connectionId: {
      type: 'string',
      description: 'Where to look; default: the current connection.'
    },
    experiments: { ...NAMES, description: 'Names of experiments.' },
    trials: { ...NAMES, description: 'Names of trials.' },
    unassigned: {
      type: 'boolean',
      description: 'Trial components that belong to no trial.'
    },
    newTab: {
      type: 'boolean',
      description: 'Open another tab for what is open already.'
    },
    view: {
      type: 'object',
      description: 'A view to begin with, as in a .smxview file; opens a tab of its own.'
    },
    viewName: { type: 'string', description: 'The name of a saved view to begin with.' },
    viewFile: { type: 'string', description: 'The file that the view was read from.' }
  }
};

const plugin: JupyterFrontEndPlugin<void> = {
  id: PLUGIN_ID,
  description: 'The trial component list.',
  autoStart: true,
  requires: [ISmxClient, IConnections, IOperations, ITranslator],
  optional: [
    ILayoutRestorer,
    IStateDB,
    ICommandPalette,
    ISettingRegistry,
    IDefaultFileBrowser,
    IRenderMimeRegistry
  ],
  activate: (
    app: JupyterFrontEnd,
    client: ISmxClient,
    connections: IConnections,
    operations: IOperations,
    translator: ITranslator,
    restorer: ILayoutRestorer | null,
    state: IStateDB | null,
    palette: ICommandPalette | null,
    settingRegistry: ISettingRegistry | null,
    fileBrowser: IDefaultFileBrowser | null,
    rendermime: IRenderMimeRegistry | null
  ): void => {
    const trans = translator.load('smx_lab');
    const tracker = new WidgetTracker<MainAreaWidget<TablePanel>>({
      namespace: 'smx-table'
    });
    // All other commands act on an open table, so they are loaded with its code.
    const feature = new LazyFeature(
      app,
      () => import('./feature'),
      ({ TableFeature }) =>
        new TableFeature({
          app,
          client,
          connections,
          tracker,
          translator,
          state,
          palette,
          rendermime,
          folder: () => fileBrowser?.model.path ?? '',
          settings: settingRegistry?.load(PLUGIN_ID) ?? null
        })
    );
    app.commands.addCommand(CommandIDs.openTable, {
      label: trans.__('Open in trial component list'),
      caption: trans.__('Compare trial components in a table'),
      describedBy: { args: OPEN_ARGS },
      execute: async args => (await feature.get()).open(args)
    });
    onExperimentsChanged(operations, connectionId => feature.now?.tabs.refresh(connectionId));
    palette?.addItem({ command: CommandIDs.openTable, category: trans.__('SageMaker') });
    addViewFiles({ app, connections, trans });
    addComparisons({ app, client, connections, translator, restorer });
    void restorer?.restore(tracker, {
      command: CommandIDs.openTable,
      args: tab => feature.now!.tabs.argsOf(tab),
      name: tab => tab.id
    });
  }
};

export default plugin;
