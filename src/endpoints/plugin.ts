/** Puts the endpoints browser into the left sidebar, an item into the status bar, and opens tabs. */
import {
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette, Notification, WidgetTracker } from '@jupyterlab/apputils';
import { ILauncher } from '@jupyterlab/launcher';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { IStateDB } from '@jupyterlab/statedb';
import { IStatusBar } from '@jupyterlab/statusbar';
import { ITranslator, type TranslationBundle } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';
import { Throttler } from '@lumino/polling';

import type { IOperation } from '../api/types';
import { CommandIDs, IEndpointArgs } from '../commands';
import { IConnections, IOperations, ISmxClient, PLUGIN_PREFIX } from '../tokens';
import { addDocument } from '../ui/documents';
import { saveOnChange } from '../ui/remember';
import { localeOf } from '../ui/time';
import { addCommands } from './commands';
import { Deletions } from './deletions';
import type { IEndpointSnapshot } from './document';
import { DEFAULT_VIEW, EndpointsModel, IEndpointsView } from './model';
import type { EndpointPage } from './page';
import { EndpointsPanel } from './panel';

const PLUGIN_ID = `${PLUGIN_PREFIX}:endpoints`;
const VIEW_KEY = `${PLUGIN_ID}:view`;
/** Just below the experiments browser. */
const PANEL_RANK = 311;
/** The view is remembered at most so often, in milliseconds. */
const SAVE_MS = 500;
const SHOWN_MS = 8000;
const FAILURE_SHOWN_MS = 20_000;

const PALETTE = [
  CommandIDs.showEndpoints,
  CommandIDs.refreshEndpoints,
  CommandIDs.filterEndpoints,
  CommandIDs.openEndpoint,
  CommandIDs.testInference,
  CommandIDs.copyEndpointCode,
  CommandIDs.copyEndpointArn,
  CommandIDs.deleteEndpoint
];

/** The parts of JupyterLab and of ours that an endpoint's tab works with. */
interface IParts {
  app: JupyterFrontEnd;
  client: ISmxClient;
  connections: IConnections;
  operations: IOperations;
  deletions: Deletions;
  tracker: WidgetTracker<EndpointPage>;
  trans: TranslationBundle;
  locale: string;
}

const plugin: JupyterFrontEndPlugin<void> = {
  id: PLUGIN_ID,
  description: 'The endpoints browser in the left sidebar, and the tabs of endpoints.',
  autoStart: true,
  requires: [ISmxClient, IConnections, IOperations, ITranslator],
  optional: [ILayoutRestorer, IStateDB, ICommandPalette, ILauncher, IStatusBar, ISettingRegistry],
  activate: (
    app: JupyterFrontEnd,
    client: ISmxClient,
    connections: IConnections,
    operations: IOperations,
    translator: ITranslator,
    restorer: ILayoutRestorer | null,
    stateDB: IStateDB | null,
    palette: ICommandPalette | null,
    launcher: ILauncher | null,
    statusBar: IStatusBar | null,
    settings: ISettingRegistry | null
  ): void => {
    const trans = translator.load('smx_lab');
    const locale = localeOf(translator);
    const { commands } = app;
    const model = new EndpointsModel({ client, connections, operations });
    const deletions = new Deletions(operations);
    const panel = new EndpointsPanel({
      model,
      deletions,
      connections,
      commands,
      trans,
      locale
    });
    const tracker = new WidgetTracker<EndpointPage>({
      namespace: 'smx-endpoints'
    });
    const parts = {
      app,
      client,
      connections,
      operations,
      deletions,
      tracker,
      trans,
      locale
    };
    addCommands({
      commands,
      client,
      connections,
      operations,
      model,
      panel,
      inFront: () => inFront(app, tracker),
      show: () => app.shell.activateById(panel.id),
      open: args => open(parts, args),
      trans
    });
    app.shell.add(panel, 'left', {
      rank: PANEL_RANK,
      type: 'SageMaker Endpoint List'
    });
    restorer?.add(panel, panel.id);
    void restorer?.restore(tracker, {
      command: CommandIDs.openEndpoint,
      args: page => page.snapshot(),
      name: page => page.id
    });
    const category = trans.__('SageMaker');
    PALETTE.forEach(command => palette?.addItem({ command, category }));
    launcher?.add({ command: CommandIDs.showEndpoints, category, rank: 2 });
    operations.ended.connect((_, operation) => void notify(settings, operation, trans));
    void addStatusItem(app, model, statusBar, trans);
    void keepView(model, stateDB);
    // What the first look costs must not delay JupyterLab itself.
    void app.restored.then(() => model.start());
  }
};

function inFront(app: JupyterFrontEnd, tracker: WidgetTracker<EndpointPage>): IEndpointArgs | null {
  const page = tracker.currentWidget;
  if (!page || app.shell.currentWidget !== page) {
    return null;
  }
  const { connectionId, endpointName } = page.model;
  return { connectionId, endpointName };
}

async function open(parts: IParts, snapshot: IEndpointSnapshot): Promise<EndpointPage> {
  const { app, client, connections, operations, deletions, tracker, trans, locale } = parts;
  const { connectionId, endpointName, tab } = snapshot;
  // The page's code is loaded when the first one is opened.
  const [{ EndpointPage }, { EndpointModel }] = await Promise.all([
    import('./page'),
    import('./document')
  ]);
  const opened = tracker.find(
    ({ model }) => model.connectionId === connectionId && model.endpointName === endpointName
  );
  // A tab of an endpoint that is gone stays; a new endpoint of that name gets a new one.
  if (opened && opened.model.state.is === 'gone') {
    opened.close();
  } else if (opened) {
    opened.model.tab = tab ?? opened.model.tab;
    app.shell.activateById(opened.id);
    return opened;
  }
  const page = new EndpointPage({
    model: new EndpointModel({ client, connections, operations, snapshot }),
    deletions,
    connections,
    commands: app.commands,
    trans,
    locale
  });
  await tracker.add(page);
  saveOnChange(
    page,
    page.model.changed,
    () => page.snapshot(),
    () => tracker.save(page)
  );
  addDocument(app, page, 'Endpoint', {
    command: CommandIDs.openEndpoint,
    args: { connectionId, endpointName }
  });
  app.shell.activateById(page.id);
  return page;
}

async function addStatusItem(
  app: JupyterFrontEnd,
  model: EndpointsModel,
  statusBar: IStatusBar | null,
  trans: TranslationBundle
): Promise<void> {
  if (statusBar) {
    const { EndpointsStatus } = await import('./statusitem');
    statusBar.registerStatusItem(PLUGIN_ID, {
      align: 'left',
      rank: 51,
      item: new EndpointsStatus(model, app.commands, trans)
    });
  }
}

/** Filter and order survive a reload. Disposing of what comes back ends the saving. */
async function keepView(model: EndpointsModel, stateDB: IStateDB | null): Promise<IDisposable> {
  const kept = (await stateDB?.fetch(VIEW_KEY)) as Partial<IEndpointsView> | undefined;
  model.view = { ...DEFAULT_VIEW, ...kept };
  let saved = model.view;
  const saving = new Throttler(() => stateDB?.save(VIEW_KEY, { ...model.view }), {
    limit: SAVE_MS,
    edge: 'trailing'
  });
  model.changed.connect(() => {
    if (model.view !== saved) {
      saved = model.view;
      void saving.invoke();
    }
  });
  return saving;
}

async function notify(
  settings: ISettingRegistry | null,
  operation: IOperation,
  trans: TranslationBundle
): Promise<void> {
  if (operation.kind !== 'endpoint_deletion' || operation.state === 'cancelled') {
    return;
  }
  const wanted = await settings?.get(PLUGIN_ID, 'notifications').catch(() => undefined);
  if (wanted?.composite === false) {
    return;
  }
  const name = operation.result.endpoint_name ?? operation.title;
  if (operation.state === 'succeeded') {
    Notification.success(trans.__('The endpoint %1 was deleted.', name), {
      autoClose: SHOWN_MS
    });
  } else {
    const reason = operation.error?.message ?? '';
    Notification.error(trans.__('The endpoint %1 was not deleted. %2', name, reason), {
      autoClose: FAILURE_SHOWN_MS
    });
  }
}

export default plugin;
