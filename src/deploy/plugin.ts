/** Adds the Deploy model page, and tells when a deployment has ended. */
import {
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette, InputDialog, Notification, WidgetTracker } from '@jupyterlab/apputils';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, type TranslationBundle } from '@jupyterlab/translation';
import { type ReadonlyPartialJSONObject, UUID } from '@lumino/coreutils';

import type { IOperation } from '../api/types';
import { CommandIDs, IDeployModelArgs } from '../commands';
import { IConnections, IOperations, ISmxClient, PLUGIN_PREFIX } from '../tokens';
import { addDocument } from '../ui/documents';
import { deployIcon } from '../ui/icons';
import { reasonDataset } from '../ui/menureasons';
import { saveOnChange } from '../ui/remember';
import { localeOf } from '../ui/time';
import type { DeployModel, IDeploySnapshot } from './model';
import type { DeployPage } from './page';

const PLUGIN_ID = `${PLUGIN_PREFIX}:deploy`;
/** How long a notification stays before it moves to the notification centre, in milliseconds. */
const SHOWN_MS = 20_000;

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

/** The parts of JupyterLab and of ours that the feature works with. */
interface IParts {
  app: JupyterFrontEnd;
  client: ISmxClient;
  connections: IConnections;
  operations: IOperations;
  tracker: WidgetTracker<DeployPage>;
  translator: ITranslator;
  trans: TranslationBundle;
}

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
    const parts = {
      app,
      client,
      connections,
      operations,
      tracker,
      translator,
      trans
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
        void notify(parts, settings, operation);
      }
    });
  }
};

function addCommand(parts: IParts): void {
  const { app, connections, trans } = parts;
  app.commands.addCommand(CommandIDs.deployModel, {
    label: trans.__('Deploy model'),
    caption: () =>
      connections.whyNot('deploy') ?? trans.__("Create an endpoint from a training job's model"),
    dataset: () => reasonDataset(connections.whyNot('deploy')),
    icon: deployIcon,
    describedBy: { args: ARGS },
    // A page that was open stays open, whatever has been switched off since: it says so itself.
    isEnabled: args => connections.whyNot('deploy') === null || 'pageId' in args,
    execute: async args => {
      const snapshot = await completed(parts, args);
      return snapshot ? open(parts, snapshot, args.pageId as string | undefined) : null;
    }
  });
  connections.changed.connect(() => app.commands.notifyCommandChanged(CommandIDs.deployModel));
}

/** The arguments with what is missing asked for; null if the user gave up. */
async function completed(
  { connections, trans }: IParts,
  args: Partial<IDeploySnapshot>
): Promise<IDeploySnapshot | null> {
  const { connectionId = connections.current?.id, trialComponentName } = args;
  if (connectionId === undefined) {
    throw connections.error ?? new Error(trans.__('No connection is known yet.'));
  }
  if (trialComponentName) {
    return { ...args, connectionId, trialComponentName };
  }
  const answer = await InputDialog.getText({
    title: trans.__('Deploy model'),
    label: trans.__('Trial component of a completed training job'),
    okLabel: trans.__('Go on')
  });
  const name = answer.button.accept ? answer.value?.trim() : '';
  return name ? { ...args, connectionId, trialComponentName: name } : null;
}

async function open(
  parts: IParts,
  snapshot: IDeploySnapshot,
  pageId?: string
): Promise<DeployPage> {
  const { app, tracker } = parts;
  // The page's code is loaded when the first one is opened.
  const [{ DeployPage }, { DeployModel }] = await Promise.all([
    import('./page'),
    import('./model')
  ]);
  const opened = pageId === undefined && tracker.find(page => isFor(page, snapshot));
  const page = opened || create(DeployPage, DeployModel, parts, snapshot, pageId ?? UUID.uuid4());
  if (!tracker.has(page)) {
    await tracker.add(page);
    saveOnChange(
      page,
      page.model.changed,
      () => page.snapshot(),
      () => tracker.save(page)
    );
    nameApart(parts);
    page.disposed.connect(() => nameApart(parts));
  }
  if (!page.isAttached) {
    const { connectionId, trialComponentName, metrics = {} } = snapshot;
    addDocument(app, page, 'Deploy model', {
      command: CommandIDs.deployModel,
      args: { connectionId, trialComponentName, metrics }
    });
  }
  app.shell.activateById(page.id);
  return page;
}

function create(
  Page: typeof DeployPage,
  Model: typeof DeployModel,
  { app, client, connections, operations, translator, trans }: IParts,
  snapshot: IDeploySnapshot & { pageId?: string },
  pageId: string
): DeployPage {
  const { connectionId } = snapshot;
  const execute = (endpointName: string, args: ReadonlyPartialJSONObject = {}): void =>
    void app.commands.execute(CommandIDs.openEndpoint, {
      connectionId,
      endpointName,
      ...args
    });
  const { pageId: _, ...rest } = snapshot;
  return new Page({
    model: new Model({ client, operations, trans, snapshot: rest }),
    pageId,
    connections,
    endpoints: {
      open: endpointName => execute(endpointName, { tab: 'settings' }),
      test: endpointName => execute(endpointName, { tab: 'inference' })
    },
    trans,
    locale: localeOf(translator)
  });
}

/** A page with its form for the same component is shown again; a finished deployment is not. */
function isFor(page: DeployPage, { connectionId, trialComponentName }: IDeployModelArgs): boolean {
  const { args, state } = page.model;
  const over = state.is === 'deploying' && state.operation.state !== 'running';
  return (
    args.connectionId === connectionId && args.trialComponentName === trialComponentName && !over
  );
}

/** Two pages bear the name of what they deploy; one alone does not need it. */
function nameApart({ tracker, trans }: IParts): void {
  const pages: DeployPage[] = [];
  tracker.forEach(page => {
    if (!page.isDisposed) {
      pages.push(page);
    }
  });
  for (const page of pages) {
    page.title.label =
      pages.length === 1
        ? trans.__('Deploy model')
        : trans.__('Deploy model: %1', page.model.args.trialComponentName);
  }
}

async function notify(
  parts: IParts,
  settings: ISettingRegistry | null,
  operation: IOperation
): Promise<void> {
  const { app, tracker, trans } = parts;
  const wanted = await settings?.get(PLUGIN_ID, 'notifications').catch(() => undefined);
  const endpointName = operation.result.endpoint_name ?? operation.title;
  const connectionId = operation.connection_id;
  const show = (tab: string) => () =>
    void app.commands.execute(CommandIDs.openEndpoint, {
      connectionId,
      endpointName,
      tab
    });
  if (wanted?.composite === false || operation.state === 'cancelled') {
    return;
  }
  if (operation.state === 'succeeded') {
    Notification.success(trans.__('The endpoint %1 is InService.', endpointName), {
      autoClose: SHOWN_MS,
      actions: [
        {
          label: trans.__('Open endpoint'),
          callback: show('settings'),
          displayType: 'link'
        },
        {
          label: trans.__('Test inference'),
          callback: show('inference'),
          displayType: 'link'
        }
      ]
    });
    return;
  }
  const page = tracker.find(({ model }) => model.operationId === operation.id);
  const reason = operation.error?.message ?? '';
  Notification.error(trans.__('The endpoint %1 was not deployed. %2', endpointName, reason), {
    autoClose: SHOWN_MS,
    actions: page
      ? [
          {
            label: trans.__('Show'),
            callback: () => app.shell.activateById(page.id)
          }
        ]
      : [
          {
            label: trans.__('Open endpoint'),
            callback: show('settings'),
            displayType: 'link'
          }
        ]
  });
}

export default plugin;
