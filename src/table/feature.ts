/** The part of the trial component list that is loaded after the start of JupyterLab. */
import type { JupyterFrontEnd } from '@jupyterlab/application';
import {
  type ICommandPalette,
  InputDialog,
  type MainAreaWidget,
  type WidgetTracker
} from '@jupyterlab/apputils';
import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { IStateDB } from '@jupyterlab/statedb';
import type { ITranslator, TranslationBundle } from '@jupyterlab/translation';

import type { Statistic } from '../api/types';
import type { IOpenTableArgs } from '../commands';
import type { IConnections, ISmxClient } from '../tokens';
import { showMenuReasons } from '../ui/shell/menureasons';
import { PALETTE, addCommands } from './commands/table';
import { EXPORT_PALETTE, addExportCommands } from './commands/export';
import { WorkingFolder } from './commands/folder';
import { NamedViews } from './views/named';
import { isEmpty, originOf } from './view/origin';
import type { TablePanel } from './panel';
import { StepMenu } from './commands/stepmenu';
import { TableTabs } from './tabs';
import { VIEW_PALETTE, addViewCommands } from './commands/views';
import { ViewFiles } from './views/files';

/** Below **Add as another column**, whose rank is in schema/table.json. */
const STEP_MENU_RANK = 5.5;

/** The tabs of tables, and the commands on them. */
export class TableFeature {
  constructor(private readonly _options: TableFeature.IOptions) {
    const { app, client, connections, folder, palette, settings, tracker, translator } = _options;
    const trans = (this._trans = translator.load('smx_lab'));
    const { contents, serverSettings } = app.serviceManager;
    const files = new ViewFiles({ contents, trans, folder });
    const views = new NamedViews();
    this.tabs = new TableTabs({
      ..._options,
      files,
      views,
      viewsReady: followViews(views, settings)
    });
    const table = (): TablePanel | null => tracker.currentWidget?.content ?? null;
    const { commands } = app;
    addCommands({ client, commands, connections, trans, table });
    // Its entries depend on the table, so they cannot be listed in a settings file.
    app.contextMenu.addItem({
      type: 'submenu',
      submenu: new StepMenu({ commands, table, trans }),
      selector: '.smx-TableGrid-header',
      rank: STEP_MENU_RANK
    });
    const workingFolder = new WorkingFolder(contents, folder);
    addExportCommands({ commands, connections, trans, table, folder: workingFolder });
    addViewCommands({ commands, trans, views, files, table, baseUrl: serverSettings.baseUrl });
    const category = trans.__('SageMaker');
    [...PALETTE, ...EXPORT_PALETTE, ...VIEW_PALETTE].forEach(({ command, args = {} }) =>
      palette?.addItem({ command, args, category })
    );
    showMenuReasons();
    connections.changed.connect(() => app.commands.notifyCommandChanged());
    void settings?.then(loaded => {
      const follow = (): void => {
        this.tabs.defaultStatistic = loaded.composite.statistic as Statistic;
      };
      loaded.changed.connect(follow);
      follow();
    });
  }

  readonly tabs: TableTabs;

  /** Open a table; null if the user cancelled. */
  async open(
    args: Partial<IOpenTableArgs> & { key?: string }
  ): Promise<MainAreaWidget<TablePanel> | null> {
    const { connections } = this._options;
    const connectionId = args.connectionId ?? connections.current?.id;
    if (connectionId === undefined) {
      throw connections.error ?? new Error(this._trans.__('No connection is known yet.'));
    }
    let origin = originOf(args);
    if (isEmpty(origin)) {
      const name = await askForExperiment(this._trans);
      if (name === null) {
        return null;
      }
      origin = originOf({ experiments: [name] });
    }
    const { key, newTab = false, view, viewName, viewFile } = args;
    return this.tabs.open(connectionId, origin, { newTab, key, view, viewName, viewFile });
  }

  private readonly _trans: TranslationBundle;
}

/** Connect the saved views to the settings; resolves when they are connected or cannot be. */
async function followViews(
  views: NamedViews,
  settings: Promise<ISettingRegistry.ISettings> | null
): Promise<void> {
  try {
    const found = await settings;
    if (found) {
      views.follow(found);
    }
  } catch (reason) {
    console.warn('smx-lab: the saved views could not be read.', reason);
  }
}

/**
 * Ask for the name of an experiment; null if cancelled. The palette opens a table without a
 * selection.
 */
async function askForExperiment(trans: TranslationBundle): Promise<string | null> {
  const answer = await InputDialog.getText({
    title: trans.__('Open in trial component list'),
    label: trans.__('Experiment'),
    okLabel: trans.__('Open')
  });
  return (answer.button.accept && answer.value?.trim()) || null;
}

export namespace TableFeature {
  /** The parts of JupyterLab and of this extension that tables use. */
  export interface IOptions {
    app: JupyterFrontEnd;
    client: ISmxClient;
    connections: IConnections;
    tracker: WidgetTracker<MainAreaWidget<TablePanel>>;
    translator: ITranslator;
    state: IStateDB | null;
    palette: ICommandPalette | null;
    rendermime: IRenderMimeRegistry | null;
    /** The folder that the file browser shows. */
    folder: () => string;
    settings: Promise<ISettingRegistry.ISettings> | null;
  }
}
