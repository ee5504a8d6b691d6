/** Opens trial component lists as tabs, and brings them back after a reload. */
import {
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette, type MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { IStateDB } from '@jupyterlab/statedb';
import { ITranslator } from '@jupyterlab/translation';

import { CommandIDs } from '../commands';
import { IConnections, ISmxClient, PLUGIN_PREFIX } from '../tokens';
import { Late } from '../ui/late';
import type { TablePanel } from './panel';

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
    }
  }
};

const plugin: JupyterFrontEndPlugin<void> = {
  id: PLUGIN_ID,
  description: 'The trial component list.',
  autoStart: true,
  requires: [ISmxClient, IConnections, ITranslator],
  optional: [ILayoutRestorer, IStateDB, ICommandPalette, ISettingRegistry],
  activate: (
    app: JupyterFrontEnd,
    client: ISmxClient,
    connections: IConnections,
    translator: ITranslator,
    restorer: ILayoutRestorer | null,
    state: IStateDB | null,
    palette: ICommandPalette | null,
    settingRegistry: ISettingRegistry | null
  ): void => {
    const trans = translator.load('smx_lab');
    const tracker = new WidgetTracker<MainAreaWidget<TablePanel>>({
      namespace: 'smx-table'
    });
    // All other commands act on an open table, so they come with its code.
    const feature = new Late(
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
          settings: settingRegistry?.load(PLUGIN_ID) ?? null
        })
    );
    app.commands.addCommand(CommandIDs.openTable, {
      label: trans.__('Open in trial component list'),
      caption: trans.__('Compare trial components in a table'),
      describedBy: { args: OPEN_ARGS },
      execute: async args => (await feature.get()).open(args)
    });
    palette?.addItem({ command: CommandIDs.openTable, category: trans.__('SageMaker') });
    void restorer?.restore(tracker, {
      command: CommandIDs.openTable,
      args: tab => feature.now!.tabs.argsOf(tab),
      name: tab => tab.id
    });
  }
};

export default plugin;
