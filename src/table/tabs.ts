/** Opens the tabs of tables, finds those that are open, and names them. */
import type { JupyterFrontEnd } from '@jupyterlab/application';
import { MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import type { IStateDB } from '@jupyterlab/statedb';
import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { ITranslator, TranslationBundle } from '@jupyterlab/translation';
import { ReadonlyPartialJSONObject, UUID } from '@lumino/coreutils';

import type { IOpenTableRequest, Statistic } from '../api/types';
import { CommandIDs } from '../commands';
import type { IConnections, ISmxClient } from '../tokens';
import { clientCode } from '../ui/words/code';
import { showDocument } from '../ui/shell/documents';
import { tableIcon } from '../ui/pieces/icons';
import { remedies } from '../ui/pieces/remedies';
import { pollIntervalMs } from '../ui/poll';
import { localeOf } from '../ui/words/time';
import { whyNotAddChart } from './commands/charts';
import type { IViewStore } from './view/keptview';
import type { NamedViews } from './views/named';
import { originCaption, originKey, originText } from './view/origin';
import type { TablePanel } from './panel';
import { whyNotDeploy } from './commands/actions';
import { SavedView, applySaved, stableText } from './views/saved';
import { DEFAULT_VIEW, toJSON } from './view/view';
import type { ITableView } from './view/options';
import { viewText } from './commands/views';
import type { ViewFiles } from './views/files';

type Tab = MainAreaWidget<TablePanel>;
type Origin = Required<IOpenTableRequest>;

const STATE_PREFIX = 'smx-lab-table';

/** Options for opening a table. */
interface IOpening {
  readonly newTab: boolean;
  /** The key of a restored tab. */
  readonly key?: string;
  /** The view to start with, in a tab of its own. */
  readonly view?: SavedView;
  /** The name that `view` is saved under. */
  readonly viewName?: string;
  /** The file that `view` was read from. */
  readonly viewFile?: string;
}

/** What is known of a tab in addition to its model. */
interface ITabFacts {
  readonly key: string;
  readonly origin: Origin;
}

export class TableTabs {
  constructor(private readonly _options: TableTabs.IOptions) {
    this._trans = _options.translator.load('smx_lab');
  }

  /** The statistic of metric columns for which the user has chosen none. */
  get defaultStatistic(): Statistic {
    return this._defaultStatistic;
  }
  set defaultStatistic(statistic: Statistic) {
    if (statistic !== this._defaultStatistic) {
      this._defaultStatistic = statistic;
      this._options.tracker.forEach(tab => tab.content.model.settingsChanged());
    }
  }

  /** Show the table of an origin, in its open tab or in a new one. */
  async open(connectionId: string, origin: Origin, asked: IOpening): Promise<Tab> {
    const { app, tracker } = this._options;
    const plain = originKey(connectionId, origin);
    await this._options.viewsReady;
    const named =
      asked.viewName === undefined ? undefined : this._options.views.find(asked.viewName);
    const options = { ...asked, view: asked.view ?? named };
    const key = keyOf(plain, options);
    // The code of the table is loaded when the first one is opened.
    const parts = await Promise.all([import('./panel'), import('./model')]);
    const found = tracker.find(tab => {
      const facts = this._facts.get(tab);
      const { saved } = tab.content.model.view;
      if (options.viewFile !== undefined && options.key === undefined) {
        return saved !== null && 'file' in saved && saved.file === options.viewFile;
      }
      return key !== plain
        ? facts?.key === key
        : facts !== undefined && originKey(tab.content.model.connectionId, facts.origin) === plain;
    });
    const tab = found ?? this._make(parts, connectionId, { key, origin }, this._initial(options));
    this._noteFile(found, connectionId, origin, options);
    if (!found) {
      await tracker.add(tab);
      this._nameAll();
    }
    showDocument(app, tab, 'Trial Component List', {
      command: CommandIDs.openTable,
      args: { connectionId, ...origin, ...viewArgs(options) }
    });
    return tab;
  }

  /** Refresh the tables of a connection after a change. */
  refresh(connectionId: string): void {
    this._options.tracker.forEach(({ content: { model } }) => {
      if (model.connectionId === connectionId) {
        void model.refresh();
      }
    });
  }

  /** Return the arguments that open a tab again. */
  argsOf(tab: Tab): ReadonlyPartialJSONObject {
    const { key, origin } = this._facts.get(tab)!;
    return { connectionId: tab.content.model.connectionId, key, ...origin };
  }

  private _make(
    [{ TablePanel }, { TableModel }]: [typeof import('./panel'), typeof import('./model')],
    connectionId: string,
    facts: ITabFacts,
    initial: ITableView | null
  ): Tab {
    const { app, client, connections, translator } = this._options;
    const { commands } = app;
    const trans = this._trans;
    const model = new TableModel({
      client,
      connectionId,
      origin: facts.origin,
      store: this._store(facts.key, initial),
      pollIntervalMs: () => pollIntervalMs(connections.find(connectionId)),
      defaultStatistic: () => this._defaultStatistic
    });
    const panel: TablePanel = new TablePanel({
      model,
      trans,
      locale: localeOf(translator),
      contextMenu: app.contextMenu.menu,
      originText: originText(facts.origin, trans),
      code: () => this._loggingCode(connectionId, facts.origin),
      whyNotDeploy: () => whyNotDeploy(model, action => connections.whyNot(action), trans),
      whyNotAddChart: () => whyNotAddChart(model, trans),
      onAddChart: () => void commands.execute(CommandIDs.addTableChart),
      onChart: (command, args) => void commands.execute(command, args),
      rendermime: this._options.rendermime,
      onDeploy: () => void commands.execute(CommandIDs.deployTableRow),
      onExport: () => void commands.execute(CommandIDs.openExportMenu),
      onViews: () => void commands.execute(CommandIDs.openViewsMenu),
      viewText: () => viewText(model, this._options.views, this._options.files, trans),
      onOpen: () => void commands.execute(CommandIDs.openTableRow),
      onClose: () => tab.close(),
      onBack: commands.hasCommand(CommandIDs.showExperiments)
        ? () => void commands.execute(CommandIDs.showExperiments)
        : null,
      remedies: (error, onRetry) =>
        remedies({ error, connectionId, commands, trans, onRetry, isDocument: true })
    });
    const tab = new MainAreaWidget({ content: panel });
    tab.id = `smx-table:${encodeURIComponent(facts.key)}`;
    tab.title.icon = tableIcon;
    tab.title.closable = true;
    tab.toolbar.hide();
    this._facts.set(tab, facts);
    this._name(tab);
    const rename = (): void => {
      this._name(tab);
      panel.head.update();
    };
    connections.changed.connect(rename);
    model.viewChanged.connect(() => this._name(tab));
    tab.disposed.connect(() => {
      connections.changed.disconnect(rename);
      if (facts.key !== originKey(connectionId, facts.origin)) {
        // An additional tab cannot be opened again by its origin.
        void this._options.state?.remove(this._stateId(facts.key));
      }
      this._nameAll();
    });
    void model.ready.then(async () => {
      const { saved } = model.view;
      if (saved && 'file' in saved && !this._options.files.known(saved.file)) {
        // After a reload, the contents of the file tell whether the view has changed.
        await this._options.files.look(saved.file).catch(() => null);
        panel.head.update();
      }
    });
    return tab;
  }

  /** Name the tabs. Several tables have the name of their origin in their title. */
  private _nameAll(): void {
    this._options.tracker.forEach(tab => this._name(tab));
  }

  private _name(tab: Tab): void {
    const facts = this._facts.get(tab);
    if (!facts || tab.isDisposed) {
      return;
    }
    const { connections, tracker } = this._options;
    const { connectionId } = tab.content.model;
    const trans = this._trans;
    const others = tracker.filter(other => other !== tab && !other.isDisposed).length;
    const { saved } = tab.content.model.view;
    const file = saved && 'file' in saved ? saved.file : null;
    const subject = file?.split('/').at(-1) ?? originText(facts.origin, trans);
    tab.title.label = others
      ? trans.__('Trial Component List: %1', subject)
      : trans.__('Trial Component List');
    const label = connections.find(connectionId)?.label ?? connectionId;
    const caption = originCaption(facts.origin, label, trans);
    tab.title.caption = file === null ? caption : `${caption}\n${trans.__('View: %1', file)}`;
  }

  /** Return the view that a new table starts with; null for the standard view. */
  private _initial({ view, viewName, viewFile }: IOpening): ITableView | null {
    const { views } = this._options;
    if (view) {
      const saved = viewFile ? { file: viewFile } : viewName ? { name: viewName } : null;
      return applySaved(DEFAULT_VIEW, view, saved);
    }
    const name = views.defaultName;
    const standard = name === null ? undefined : views.find(name);
    return standard && name !== null ? applySaved(DEFAULT_VIEW, standard, { name }) : null;
  }

  /** Remember the contents of a file, and show them if the tab was opened with others. */
  private _noteFile(
    tab: Tab | undefined,
    connectionId: string,
    origin: Origin,
    { view, viewFile }: IOpening
  ): void {
    const { files } = this._options;
    if (view && viewFile !== undefined) {
      const known = files.known(viewFile);
      files.note(viewFile, { connectionId, origin, view });
      if (known && stableText(known) !== stableText(view)) {
        tab?.content.model.update(old => applySaved(old, view, { file: viewFile }));
      }
    }
  }

  private _store(key: string, initial: ITableView | null): IViewStore {
    const { state } = this._options;
    const id = this._stateId(key);
    return {
      load: async (): Promise<unknown> => {
        const kept: unknown = await state?.fetch(id);
        if (kept === undefined && initial !== null) {
          // Save now: after a reload, nothing else tells which view the tab started with.
          await state?.save(id, toJSON(initial) as ReadonlyPartialJSONObject);
          return toJSON(initial);
        }
        return kept;
      },
      save: async view => {
        await state?.save(id, view as ReadonlyPartialJSONObject);
      }
    };
  }

  private _stateId(key: string): string {
    return `${STATE_PREFIX}:${key}`;
  }

  /** Return code that logs a trial component to the table. */
  private _loggingCode(connectionId: string, { trials }: Origin): string {
    const lines = clientCode(this._options.connections.find(connectionId));
    lines.push(
      'sm.create_trial_component(',
      '    TrialComponentName="my-preprocessing",',
      '    DisplayName="Preprocessing",',
      '    Parameters={"normalization_mean": {"NumberValue": 0.1307}},',
      ')'
    );
    const trial = JSON.stringify(trials[0] ?? 'my-trial');
    lines.push(
      'sm.associate_trial_component(',
      `    TrialComponentName="my-preprocessing", TrialName=${trial}`,
      ')'
    );
    return lines.join('\n') + '\n';
  }

  private _defaultStatistic: Statistic = 'Last';
  private readonly _facts = new WeakMap<Tab, ITabFacts>();
  private readonly _trans: TranslationBundle;
}

/** Return the key of a tab, which differs for each view that a table is opened with. */
function keyOf(plain: string, { newTab, key, view, viewName, viewFile }: IOpening): string {
  if (key !== undefined) {
    return key;
  }
  if (newTab) {
    return `${plain}#${UUID.uuid4()}`;
  }
  if (viewFile !== undefined) {
    return `${plain}#file:${viewFile}`;
  }
  if (viewName !== undefined) {
    return `${plain}#name:${viewName}`;
  }
  return view === undefined ? plain : `${plain}#view:${hash(stableText(view))}`;
}

/** Return a short hash of a text (FNV-1a, 32 bits). */
function hash(text: string): string {
  let found = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    found = Math.imul(found ^ text.charCodeAt(at), 0x01000193);
  }
  return (found >>> 0).toString(36);
}

function viewArgs({ view, viewName, viewFile }: IOpening): ReadonlyPartialJSONObject {
  return { view: view as ReadonlyPartialJSONObject | undefined, viewName, viewFile };
}

export namespace TableTabs {
  /** Options of the tabs. */
  export interface IOptions {
    app: JupyterFrontEnd;
    client: ISmxClient;
    connections: IConnections;
    tracker: WidgetTracker<Tab>;
    translator: ITranslator;
    state: IStateDB | null;
    /** JupyterLab's renderers for charts; null without any. */
    rendermime: IRenderMimeRegistry | null;
    views: NamedViews;
    /** Resolves once it is known whether there are saved views. */
    viewsReady: Promise<void>;
    files: ViewFiles;
  }
}
