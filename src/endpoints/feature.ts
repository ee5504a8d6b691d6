/** The part of the endpoints that is loaded after the start of JupyterLab. */
import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Notification, type WidgetTracker } from '@jupyterlab/apputils';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { IStateDB } from '@jupyterlab/statedb';
import type { IStatusBar } from '@jupyterlab/statusbar';
import type { ITranslator, TranslationBundle } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';
import { Throttler } from '@lumino/polling';
import type { Panel } from '@lumino/widgets';

import type { IOperation } from '../api/types';
import { CommandIDs, IEndpointArgs } from '../commands';
import { type IConnections, type IOperations, type ISmxClient, PLUGIN_PREFIX } from '../tokens';
import { LONG_MS, areNotificationsOn } from '../ui/notify';
import { showDocument } from '../ui/shell/documents';
import { saveOnChange } from '../ui/shell/savestate';
import { localeOf } from '../ui/words/time';
import { addCommands } from './commands';
import { Deletions } from './deletion/deletions';
import type { IEndpointSnapshot } from './page/model';
import { DEFAULT_VIEW, EndpointsModel, IEndpointsView } from './model';
import type { EndpointPage } from './page/page';
import { EndpointsPanel } from './panel';
import { EndpointsStatus } from './statusitem';

const PLUGIN_ID = `${PLUGIN_PREFIX}:endpoints`;
const VIEW_KEY = `${PLUGIN_ID}:view`;
/** The view is saved at most once in this time, in milliseconds. */
const SAVE_MS = 500;
const SHOWN_MS = 8000;

/** The list of endpoints, the commands on them and the item in the status bar. */
export class EndpointsFeature {
  constructor(options: EndpointsFeature.IOptions) {
    const { app, client, connections, operations, translator, tracker, sidebar } = options;
    const { stateDB, statusBar, settings } = options;
    const trans = translator.load('smx_lab');
    this._settings = settings;
    this._trans = trans;
    const locale = localeOf(translator);
    const { commands } = app;
    const model = new EndpointsModel({ client, connections, operations });
    const deletions = new Deletions(operations);
    const panel = new EndpointsPanel({ model, deletions, connections, commands, trans, locale });
    const parts = { app, client, connections, operations, deletions, tracker, trans, locale };
    addCommands({
      commands,
      client,
      connections,
      operations,
      model,
      panel,
      inFront: () => inFront(app, tracker),
      show: () => app.shell.activateById(sidebar.id),
      open: args => open(parts, args),
      trans
    });
    sidebar.addWidget(panel);
    addStatusItem(app, model, statusBar, trans);
    void keepView(model, stateDB);
    // The first request must not delay the start of JupyterLab.
    void app.restored.then(() => model.start());
  }

  /** Notify that a deletion has ended. */
  async notify(operation: IOperation): Promise<void> {
    const trans = this._trans;
    if (operation.kind !== 'endpoint_deletion' || operation.state === 'cancelled') {
      return;
    }
    if (!(await areNotificationsOn(this._settings, PLUGIN_ID))) {
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
        autoClose: LONG_MS
      });
    }
  }

  private readonly _settings: ISettingRegistry | null;
  private readonly _trans: TranslationBundle;
}

/** The parts of JupyterLab and of this extension that the tab of an endpoint uses. */
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
  // The code of the page is loaded when the first page is opened.
  const [{ EndpointPage }, { EndpointModel }] = await Promise.all([
    import('./page/page'),
    import('./page/model')
  ]);
  const opened = tracker.find(
    ({ model }) => model.connectionId === connectionId && model.endpointName === endpointName
  );
  // The tab of an endpoint that is gone stays. A new endpoint of that name gets a new tab.
  if (opened && opened.model.state.is === 'gone') {
    opened.close();
  } else if (opened) {
    opened.model.tab = tab ?? opened.model.tab;
    show(app, opened);
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
  show(app, page);
  return page;
}

function show(app: JupyterFrontEnd, page: EndpointPage): void {
  const { connectionId, endpointName } = page.model;
  showDocument(app, page, 'Endpoint', {
    command: CommandIDs.openEndpoint,
    args: { connectionId, endpointName }
  });
}

function addStatusItem(
  app: JupyterFrontEnd,
  model: EndpointsModel,
  statusBar: IStatusBar | null,
  trans: TranslationBundle
): void {
  if (statusBar) {
    statusBar.registerStatusItem(PLUGIN_ID, {
      align: 'left',
      rank: 51,
      item: new EndpointsStatus(model, app.commands, trans)
    });
  }
}

/** Keep filter and order over a reload, until the returned object is disposed. */
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

export namespace EndpointsFeature {
  /** The parts of JupyterLab and of this extension that the endpoints use. */
  export interface IOptions {
    app: JupyterFrontEnd;
    client: ISmxClient;
    connections: IConnections;
    operations: IOperations;
    translator: ITranslator;
    tracker: WidgetTracker<EndpointPage>;
    /** The panel that the list is added to. */
    sidebar: Panel;
    stateDB: IStateDB | null;
    statusBar: IStatusBar | null;
    settings: ISettingRegistry | null;
  }
}
