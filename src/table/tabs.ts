/** The tabs of tables: makes them, finds them again, names them apart. */
import type { JupyterFrontEnd } from '@jupyterlab/application';
import { MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import type { IStateDB } from '@jupyterlab/statedb';
import type { ITranslator, TranslationBundle } from '@jupyterlab/translation';
import { ReadonlyPartialJSONObject, UUID } from '@lumino/coreutils';

import type { IOpenTableRequest, Statistic } from '../api/types';
import { CommandIDs } from '../commands';
import type { IConnections, ISmxClient } from '../tokens';
import { clientCode } from '../ui/code';
import { addDocument } from '../ui/documents';
import { tableIcon } from '../ui/icons';
import { remedies } from '../ui/remedies';
import { localeOf } from '../ui/time';
import type { IViewStore } from './model';
import { originCaption, originKey, originText } from './origin';
import type { TablePanel } from './panel';
import { whyNotDeploy } from './rowactions';

type Tab = MainAreaWidget<TablePanel>;
type Origin = Required<IOpenTableRequest>;

/** Used until the connections are known; the server's own default. */
const DEFAULT_POLL_MS = 10_000;
const STATE_PREFIX = 'smx-lab-table';

/** What a tab is, beyond what its model knows. */
interface ITabFacts {
  readonly key: string;
  readonly origin: Origin;
}

export class TableTabs {
  constructor(private readonly _options: TableTabs.IOptions) {
    this._trans = _options.translator.load('smx_lab');
  }

  /** What a metric column shows if the user has not said otherwise. */
  get defaultStatistic(): Statistic {
    return this._defaultStatistic;
  }
  set defaultStatistic(statistic: Statistic) {
    if (statistic !== this._defaultStatistic) {
      this._defaultStatistic = statistic;
      this._options.tracker.forEach(tab => tab.content.model.settingsChanged());
    }
  }

  /** Show the table of an origin: the tab that has it, or a new one. `key` is a restored tab's. */
  async open(
    connectionId: string,
    origin: Origin,
    options: { newTab: boolean; key?: string }
  ): Promise<Tab> {
    const { app, tracker } = this._options;
    const plain = originKey(connectionId, origin);
    const key = options.key ?? (options.newTab ? `${plain}#${UUID.uuid4()}` : plain);
    // The table's code is loaded when the first one is opened.
    const parts = await Promise.all([import('./panel'), import('./model')]);
    const found = tracker.find(tab => {
      const facts = this._facts.get(tab);
      return options.newTab || options.key
        ? facts?.key === key
        : facts !== undefined && originKey(tab.content.model.connectionId, facts.origin) === plain;
    });
    const tab = found ?? this._make(parts, connectionId, { key, origin });
    if (!found) {
      await tracker.add(tab);
    }
    if (!tab.isAttached) {
      addDocument(app, tab, 'Trial Component List', {
        command: CommandIDs.openTable,
        args: { connectionId, ...origin }
      });
    }
    app.shell.activateById(tab.id);
    return tab;
  }

  /** The arguments that open a tab again. */
  argsOf(tab: Tab): ReadonlyPartialJSONObject {
    const { key, origin } = this._facts.get(tab)!;
    return { connectionId: tab.content.model.connectionId, key, ...origin };
  }

  private _make(
    [{ TablePanel }, { TableModel }]: [typeof import('./panel'), typeof import('./model')],
    connectionId: string,
    facts: ITabFacts
  ): Tab {
    const { app, client, connections, translator } = this._options;
    const { commands } = app;
    const trans = this._trans;
    const model = new TableModel({
      client,
      connectionId,
      origin: facts.origin,
      store: this._store(facts.key),
      pollIntervalMs: () => connections.find(connectionId)?.poll_interval_ms ?? DEFAULT_POLL_MS,
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
      onDeploy: () => void commands.execute(CommandIDs.deployTableRow),
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
    tab.disposed.connect(() => {
      connections.changed.disconnect(rename);
      if (facts.key !== originKey(connectionId, facts.origin)) {
        // An additional tab cannot be opened again by its origin.
        void this._options.state?.remove(this._stateId(facts.key));
      }
      this._nameAll();
    });
    this._nameAll();
    return tab;
  }

  /** Two tables bear the name of what they show; one alone does not need it. */
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
    tab.title.label = others
      ? trans.__('Trial Component List: %1', originText(facts.origin, trans))
      : trans.__('Trial Component List');
    const label = connections.find(connectionId)?.label ?? connectionId;
    tab.title.caption = originCaption(facts.origin, label, trans);
  }

  private _store(key: string): IViewStore {
    const { state } = this._options;
    const id = this._stateId(key);
    return {
      load: (): Promise<unknown> => {
        const kept: Promise<unknown> | undefined = state?.fetch(id);
        return kept ?? Promise.resolve(undefined);
      },
      save: async view => {
        await state?.save(id, view as ReadonlyPartialJSONObject);
      }
    };
  }

  private _stateId(key: string): string {
    return `${STATE_PREFIX}:${key}`;
  }

  /** Code that logs a trial component which then is in the table. */
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

export namespace TableTabs {
  /** What tabs are made with. */
  export interface IOptions {
    app: JupyterFrontEnd;
    client: ISmxClient;
    connections: IConnections;
    tracker: WidgetTracker<Tab>;
    translator: ITranslator;
    state: IStateDB | null;
  }
}
