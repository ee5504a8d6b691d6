/** Opens trial component lists as tabs, and brings them back after a reload. */
import {
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette, InputDialog, MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { IStateDB } from '@jupyterlab/statedb';
import { ITranslator, type TranslationBundle } from '@jupyterlab/translation';

import type { Statistic } from '../api/types';
import { CommandIDs, IOpenTableArgs } from '../commands';
import { IConnections, ISmxClient, PLUGIN_PREFIX } from '../tokens';
import { showMenuReasons } from '../ui/menureasons';
import { PALETTE, addCommands } from './commands';
import { isEmpty, originOf } from './origin';
import type { TablePanel } from './panel';
import { TableTabs } from './tabs';

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
    const tabs = new TableTabs({
      app,
      client,
      connections,
      tracker,
      translator,
      state
    });
    addOpenCommand(app, connections, tabs, trans);
    addCommands({
      commands: app.commands,
      connections,
      trans,
      table: () => tracker.currentWidget?.content ?? null
    });
    void restorer?.restore(tracker, {
      command: CommandIDs.openTable,
      args: tab => tabs.argsOf(tab),
      name: tab => tab.id
    });
    const category = trans.__('SageMaker');
    PALETTE.forEach(({ command, args = {} }) => palette?.addItem({ command, args, category }));
    showMenuReasons();
    connections.changed.connect(() => app.commands.notifyCommandChanged());
    void settingRegistry?.load(PLUGIN_ID).then(settings => {
      const follow = (): void => {
        tabs.defaultStatistic = settings.composite.statistic as Statistic;
      };
      settings.changed.connect(follow);
      follow();
    });
  }
};

function addOpenCommand(
  app: JupyterFrontEnd,
  connections: IConnections,
  tabs: TableTabs,
  trans: TranslationBundle
): void {
  app.commands.addCommand(CommandIDs.openTable, {
    label: trans.__('Open in trial component list'),
    caption: trans.__('Compare trial components in a table'),
    describedBy: { args: OPEN_ARGS },
    execute: async args => {
      const asked = args as Partial<IOpenTableArgs> & { key?: string };
      const connectionId = asked.connectionId ?? connections.current?.id;
      if (connectionId === undefined) {
        throw connections.error ?? new Error(trans.__('No connection is known yet.'));
      }
      let origin = originOf(asked);
      if (isEmpty(origin)) {
        const name = await askForExperiment(trans);
        if (name === null) {
          return null;
        }
        origin = originOf({ experiments: [name] });
      }
      return tabs.open(connectionId, origin, {
        newTab: asked.newTab ?? false,
        key: asked.key
      });
    }
  });
}

/** The name of an experiment, from the palette where none is selected; null if given up. */
async function askForExperiment(trans: TranslationBundle): Promise<string | null> {
  const answer = await InputDialog.getText({
    title: trans.__('Open in trial component list'),
    label: trans.__('Experiment'),
    okLabel: trans.__('Open')
  });
  return (answer.button.accept && answer.value?.trim()) || null;
}

export default plugin;
