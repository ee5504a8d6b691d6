/** Offers the connections, their commands, and the item in the status bar. */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { IStateDB } from '@jupyterlab/statedb';
import { IStatusBar } from '@jupyterlab/statusbar';
import { ITranslator, nullTranslator, TranslationBundle } from '@jupyterlab/translation';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

import { CommandIDs } from '../commands';
import { IConnections, ISmxClient, PLUGIN_PREFIX } from '../tokens';
import { connectionText } from '../ui/chip';
import { cloudIcon, localIcon } from '../ui/icons';
import { showMenuReasons } from '../ui/menureasons';
import { ConnectionsModel } from './model';
import { ConnectionStatus } from './statusitem';

const CONNECTION_ARGS = {
  type: 'object',
  properties: {
    connectionId: { type: 'string', description: 'The id of a connection that the server allows.' }
  }
} as const;

/** The connection that a command is about; empty if none is named. */
function idIn(args: ReadonlyPartialJSONObject): string {
  return typeof args.connectionId === 'string' ? args.connectionId : '';
}

function addCommands(
  app: JupyterFrontEnd,
  model: ConnectionsModel,
  client: ISmxClient,
  trans: TranslationBundle
): void {
  app.commands.addCommand(CommandIDs.selectConnection, {
    label: args => {
      const connection = model.find(idIn(args));
      return connection ? connectionText(connection) : trans.__('Connection…');
    },
    icon: args => {
      const connection = model.find(idIn(args));
      return connection?.kind === 'local' ? localIcon : cloudIcon;
    },
    caption: trans.__('Choose where the SageMaker panels look'),
    describedBy: { args: CONNECTION_ARGS },
    isToggleable: true,
    isToggled: args => Boolean(args.connectionId) && args.connectionId === model.current?.id,
    execute: async args => {
      if (idIn(args)) {
        model.select(idIn(args));
        return;
      }
      const { chooseConnection } = await import('./choosedialog');
      await chooseConnection(model, app.commands, trans);
    }
  });
  app.commands.addCommand(CommandIDs.testConnection, {
    label: trans.__('Test connection'),
    caption: trans.__('Show the caller identity, the region and missing permissions'),
    describedBy: { args: CONNECTION_ARGS },
    isEnabled: () => model.current !== null,
    execute: async args => {
      const connection = model.find(idIn(args)) ?? model.current;
      if (connection) {
        const { showConnectionTest } = await import('./testdialog');
        await showConnectionTest(connection, client.testConnection(connection.id), trans);
      }
    }
  });
}

const plugin: JupyterFrontEndPlugin<IConnections> = {
  id: `${PLUGIN_PREFIX}:connection`,
  description: 'The connections that the server allows, and the current one.',
  autoStart: true,
  provides: IConnections,
  requires: [ISmxClient],
  optional: [IStateDB, ITranslator, ICommandPalette, IStatusBar],
  activate: (
    app: JupyterFrontEnd,
    client: ISmxClient,
    stateDB: IStateDB | null,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    statusBar: IStatusBar | null
  ): IConnections => {
    const trans = (translator ?? nullTranslator).load('smx_lab');
    const model = new ConnectionsModel({ client, trans, stateDB });
    addCommands(app, model, client, trans);
    showMenuReasons();
    for (const command of [CommandIDs.selectConnection, CommandIDs.testConnection]) {
      palette?.addItem({ command, category: trans.__('SageMaker') });
    }
    statusBar?.registerStatusItem(`${PLUGIN_PREFIX}:connection`, {
      align: 'left',
      rank: 50,
      item: new ConnectionStatus(model, app.commands, trans)
    });
    void model.refresh();
    return model;
  }
};

export default plugin;
