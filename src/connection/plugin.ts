/** Provides the connections, their commands, and the item in the status bar. */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { IStateDB } from '@jupyterlab/statedb';
import { IStatusBar } from '@jupyterlab/statusbar';
import { ITranslator, nullTranslator, TranslationBundle } from '@jupyterlab/translation';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

import { CommandIDs } from '../commands';
import { IConnections, ISmxClient, PLUGIN_PREFIX } from '../tokens';
import { connectionText } from '../ui/pieces/chip';
import { cloudIcon, localIcon } from '../ui/pieces/icons';
import { showMenuReasons } from '../ui/shell/menureasons';
import { inRegion } from './ids';
import { ConnectionsModel } from './model';
import { ConnectionStatus } from './statusitem';

const CONNECTION_ARGS = {
  type: 'object',
  properties: {
    connectionId: { type: 'string', description: 'The id of a connection that the server allows.' }
  }
} as const;

const REGION_ARGS = {
  type: 'object',
  properties: {
    region: { type: 'string', description: 'An AWS region, such as eu-west-1.' }
  }
} as const;

/** The id of the connection in the arguments of a command; empty if there is none. */
function idIn(args: ReadonlyPartialJSONObject): string {
  return typeof args.connectionId === 'string' ? args.connectionId : '';
}

function regionIn(args: ReadonlyPartialJSONObject): string {
  return typeof args.region === 'string' ? args.region : '';
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
        await model.ready;
        model.select(idIn(args));
        return;
      }
      const { chooseConnection } = await import('./choosedialog');
      await chooseConnection(model, app.commands, trans);
    }
  });
  app.commands.addCommand(CommandIDs.selectRegion, {
    label: args => regionIn(args) || trans.__('Region…'),
    caption: trans.__('Choose the AWS region that the SageMaker panels look at'),
    describedBy: { args: REGION_ARGS },
    isEnabled: () => model.current?.kind === 'aws',
    isToggleable: true,
    isToggled: args => Boolean(args.region) && args.region === model.current?.region,
    execute: async args => {
      if (model.current && regionIn(args)) {
        model.select(inRegion(model.current.id, regionIn(args)));
      } else {
        await app.commands.execute(CommandIDs.selectConnection);
      }
    }
  });
  app.commands.addCommand(CommandIDs.useLocalService, {
    label: trans.__('Use the local service'),
    caption: trans.__('Let the SageMaker panels look at the local service, which needs no account'),
    describedBy: { args: { type: 'object', properties: {} } },
    isEnabled: () => model.connections.some(({ kind }) => kind === 'local'),
    execute: async () => {
      await model.ready;
      const local = model.connections.find(({ kind }) => kind === 'local');
      if (local) {
        model.select(local.id);
      }
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
    for (const command of [
      CommandIDs.selectConnection,
      CommandIDs.selectRegion,
      CommandIDs.useLocalService,
      CommandIDs.testConnection
    ]) {
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
