/** The Deploy model pages, and the notification when a deployment has ended. */
import type { JupyterFrontEnd } from '@jupyterlab/application';
import { InputDialog, Notification, type WidgetTracker } from '@jupyterlab/apputils';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { ITranslator, TranslationBundle } from '@jupyterlab/translation';
import { type ReadonlyPartialJSONObject, UUID } from '@lumino/coreutils';

import type { IOperation } from '../api/types';
import { CommandIDs, IDeployModelArgs } from '../commands';
import { type IConnections, type IOperations, type ISmxClient, PLUGIN_PREFIX } from '../tokens';
import { LONG_MS, areNotificationsOn } from '../ui/notify';
import { showDocument } from '../ui/shell/documents';
import { saveOnChange } from '../ui/shell/savestate';
import { localeOf } from '../ui/words/time';
import { DeployModel } from './model';
import { DeployPage } from './page';
import type { IDeploySnapshot } from './state';

const PLUGIN_ID = `${PLUGIN_PREFIX}:deploy`;
/** The parts of JupyterLab and of this extension that the feature uses. */
export interface IDeployParts {
  app: JupyterFrontEnd;
  client: ISmxClient;
  connections: IConnections;
  operations: IOperations;
  tracker: WidgetTracker<DeployPage>;
  translator: ITranslator;
  trans: TranslationBundle;
  settings: ISettingRegistry | null;
}

/** Open the page for the model of a training job; null if the user cancelled. */
export async function openPage(
  parts: IDeployParts,
  args: Partial<IDeploySnapshot> & { pageId?: string }
): Promise<DeployPage | null> {
  const snapshot = await askForMissing(parts, args);
  return snapshot ? open(parts, snapshot, args.pageId) : null;
}

/** Ask for the arguments that are missing; null if the user cancelled. */
async function askForMissing(
  { connections, trans }: IDeployParts,
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
  parts: IDeployParts,
  snapshot: IDeploySnapshot,
  pageId?: string
): Promise<DeployPage> {
  const { app, tracker } = parts;
  const opened = pageId === undefined && tracker.find(page => isFor(page, snapshot));
  if (opened) {
    show(app, opened);
    return opened;
  }
  const page = create(parts, snapshot, pageId ?? UUID.uuid4());
  await tracker.add(page);
  saveOnChange(
    page,
    page.model.changed,
    () => page.snapshot(),
    () => tracker.save(page)
  );
  namePages(parts);
  page.disposed.connect(() => namePages(parts));
  show(app, page);
  return page;
}

function show(app: JupyterFrontEnd, page: DeployPage): void {
  const { connectionId, trialComponentName, metrics = {} } = page.model.args;
  showDocument(app, page, 'Deploy model', {
    command: CommandIDs.deployModel,
    args: { connectionId, trialComponentName, metrics }
  });
}

function create(
  { app, client, connections, operations, translator, trans }: IDeployParts,
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
  return new DeployPage({
    model: new DeployModel({ client, operations, trans, snapshot: rest }),
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

/** Whether a page shows the form for this component. A finished deployment is not shown again. */
function isFor(page: DeployPage, { connectionId, trialComponentName }: IDeployModelArgs): boolean {
  const { args, state } = page.model;
  const over = state.is === 'deploying' && state.operation.state !== 'running';
  return (
    args.connectionId === connectionId && args.trialComponentName === trialComponentName && !over
  );
}

/** Name the pages. Several pages have the name of their trial component in the title. */
function namePages({ tracker, trans }: IDeployParts): void {
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

/** Notify that a deployment has ended. */
export async function notify(parts: IDeployParts, operation: IOperation): Promise<void> {
  const { app, settings, tracker, trans } = parts;
  const endpointName = operation.result.endpoint_name ?? operation.title;
  const connectionId = operation.connection_id;
  const show = (tab: string) => () =>
    void app.commands.execute(CommandIDs.openEndpoint, {
      connectionId,
      endpointName,
      tab
    });
  if (operation.state === 'cancelled' || !(await areNotificationsOn(settings, PLUGIN_ID))) {
    return;
  }
  if (operation.state === 'succeeded') {
    Notification.success(trans.__('The endpoint %1 is InService.', endpointName), {
      autoClose: LONG_MS,
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
    autoClose: LONG_MS,
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
