/** The commands of the endpoints browser and of an endpoint's tab. */
import { showErrorMessage } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

import { SmxError } from '../api/errors';
import { CommandIDs, IEndpointArgs, IOpenEndpointArgs } from '../commands';
import type { IConnections, IOperations, ISmxClient } from '../tokens';
import { copy } from '../ui/clipboard';
import { networkIcon } from '../ui/pieces/icons';
import { explainDisabled } from '../ui/shell/menureasons';
import { describingCode } from './page/code';
import { confirmDeletion } from './deletion/dialog';
import type { EndpointsModel } from './model';
import type { EndpointsPanel } from './panel';

interface ICommandParts {
  commands: CommandRegistry;
  client: ISmxClient;
  connections: IConnections;
  operations: IOperations;
  model: EndpointsModel;
  panel: EndpointsPanel;
  /** The endpoint whose tab is in front; null if none is. */
  inFront: () => IEndpointArgs | null;
  /** Bring the panel to the front. */
  show: () => void;
  /** Open the tab of an endpoint, or show the one that is open. */
  open: (args: ReadonlyPartialJSONObject & IOpenEndpointArgs) => Promise<unknown>;
  trans: TranslationBundle;
}

const NO_ARGS = { type: 'object', properties: {} } as const;

const ENDPOINT_ARGS = {
  type: 'object',
  properties: {
    connectionId: {
      type: 'string',
      description: 'Where the endpoint is; default: the current.'
    },
    endpointName: {
      type: 'string',
      description: 'Its name; default: that of the tab in front, or selected in the panel.'
    },
    from: {
      type: 'string',
      enum: ['panel', 'focus'],
      description: 'Take the row that is selected, or has the focus, whatever tab is in front.'
    }
  }
} as const;

const OPEN_ARGS = {
  ...ENDPOINT_ARGS,
  properties: {
    ...ENDPOINT_ARGS.properties,
    tab: {
      type: 'string',
      enum: ['inference', 'settings', 'logs'],
      description: 'The part to show; default: the one that was shown last.'
    }
  }
} as const;

export function addCommands(parts: ICommandParts): void {
  const { commands, connections, model, panel } = parts;
  addListCommands(parts);
  addOpenCommands(parts);
  addCopyCommands(parts);
  addDeleteCommand(parts);
  const changed = (): void => {
    for (const id of [
      CommandIDs.openEndpoint,
      CommandIDs.testInference,
      CommandIDs.copyEndpointCode,
      CommandIDs.copyEndpointArn,
      CommandIDs.deleteEndpoint
    ]) {
      commands.notifyCommandChanged(id);
    }
  };
  connections.changed.connect(changed);
  model.changed.connect(changed);
  panel.selection.changed.connect(changed);
}

/** The endpoint that a command acts on; null if there is not exactly one. */
function target(
  { connections, inFront, panel, model }: ICommandParts,
  args: ReadonlyPartialJSONObject
): IEndpointArgs | null {
  const { endpointName, connectionId = connections.current?.id } = args as Partial<IEndpointArgs>;
  if (endpointName && connectionId) {
    return { endpointName, connectionId };
  }
  const chosen = args.from ? null : inFront();
  const selected = args.from === 'focus' ? panel.focused : panel.selected;
  if (chosen || !selected || model.connectionId === null) {
    return chosen;
  }
  return {
    endpointName: selected.endpoint_name,
    connectionId: model.connectionId
  };
}

/** Options of a command on one endpoint, which show why it is disabled. */
function onEndpoint(
  parts: ICommandParts,
  whyNot: () => string | null = () => null
): Pick<CommandRegistry.ICommandOptions, 'isEnabled' | 'dataset' | 'caption'> {
  const reason = (args: ReadonlyPartialJSONObject): string | null =>
    whyNot() ?? (target(parts, args) ? null : parts.trans.__('Select one endpoint.'));
  return explainDisabled(reason);
}

function addListCommands({ commands, model, panel, show, trans }: ICommandParts): void {
  commands.addCommand(CommandIDs.refreshEndpoints, {
    describedBy: { args: NO_ARGS },
    label: trans.__('Refresh Endpoints'),
    execute: () => model.refresh()
  });
  commands.addCommand(CommandIDs.openEndpointMenu, {
    describedBy: { args: NO_ARGS },
    label: trans.__('Open Context Menu of Endpoint'),
    execute: () => panel.openMenu()
  });
  commands.addCommand(CommandIDs.filterEndpoints, {
    describedBy: { args: NO_ARGS },
    label: trans.__('Filter Endpoints'),
    execute: () => {
      panel.wantFilter();
      show();
    }
  });
  commands.addCommand(CommandIDs.copyEndpointRows, {
    describedBy: { args: NO_ARGS },
    label: trans.__('Copy Endpoint Rows'),
    execute: () => copy(panel.selectedText, trans, trans.__('Copied'))
  });
}

function addOpenCommands(parts: ICommandParts): void {
  const { commands, connections, open, trans } = parts;
  const openAs = async (args: ReadonlyPartialJSONObject, tab?: 'inference'): Promise<unknown> => {
    const endpoint = target(parts, args);
    return endpoint && open({ ...args, ...endpoint, ...(tab && { tab }) });
  };
  commands.addCommand(CommandIDs.openEndpoint, {
    ...onEndpoint(parts),
    describedBy: { args: OPEN_ARGS },
    label: args => (args.from === 'panel' ? trans.__('Open') : trans.__('Open Endpoint')),
    icon: networkIcon,
    execute: args => openAs(args)
  });
  commands.addCommand(CommandIDs.testInference, {
    ...onEndpoint(parts, () => connections.whyNot('invoke')),
    describedBy: { args: ENDPOINT_ARGS },
    label: trans.__('Test inference'),
    execute: args => openAs(args, 'inference')
  });
}

function addCopyCommands(parts: ICommandParts): void {
  const { commands, client, connections, model, trans } = parts;
  commands.addCommand(CommandIDs.copyEndpointCode, {
    ...onEndpoint(parts),
    describedBy: { args: ENDPOINT_ARGS },
    label: trans.__('Copy code'),
    execute: async args => {
      const endpoint = target(parts, args);
      if (endpoint) {
        const connection = connections.find(endpoint.connectionId);
        const code = describingCode(connection, endpoint.endpointName);
        await copy(code, trans, trans.__('Copied'));
      }
    }
  });
  commands.addCommand(CommandIDs.copyEndpointArn, {
    ...onEndpoint(parts),
    describedBy: { args: ENDPOINT_ARGS },
    label: trans.__('Copy ARN'),
    execute: async args => {
      const endpoint = target(parts, args);
      if (endpoint) {
        const { connectionId, endpointName } = endpoint;
        const listed = connectionId === model.connectionId ? model.find(endpointName) : undefined;
        const known = listed ?? (await client.describeEndpoint(connectionId, endpointName));
        await copy(known.endpoint_arn, trans, trans.__('Copied'));
      }
    }
  });
}

function addDeleteCommand(parts: ICommandParts): void {
  const { commands, client, connections, operations, model, trans } = parts;
  commands.addCommand(CommandIDs.deleteEndpoint, {
    ...onEndpoint(parts, () => connections.whyNot('delete')),
    describedBy: { args: ENDPOINT_ARGS },
    label: args => (args.from === 'panel' ? trans.__('Delete…') : trans.__('Delete Endpoint…')),
    execute: async args => {
      const endpoint = target(parts, args);
      if (!endpoint) {
        return;
      }
      const { connectionId, endpointName } = endpoint;
      try {
        const plan = await client.planEndpointDeletion(connectionId, endpointName);
        const also = await confirmDeletion(plan, trans);
        if (also) {
          operations.follow(await client.deleteEndpoint(connectionId, endpointName, also));
          await model.refresh();
        }
      } catch (reason) {
        await showErrorMessage(
          trans.__('The endpoint %1 was not deleted', endpointName),
          SmxError.from(reason).message
        );
      }
    }
  });
}
