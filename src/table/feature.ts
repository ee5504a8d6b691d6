/** What of the trial component list is not needed at the start of JupyterLab. */
import type { JupyterFrontEnd } from '@jupyterlab/application';
import {
  type ICommandPalette,
  InputDialog,
  type MainAreaWidget,
  type WidgetTracker
} from '@jupyterlab/apputils';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { IStateDB } from '@jupyterlab/statedb';
import type { ITranslator, TranslationBundle } from '@jupyterlab/translation';

import type { Statistic } from '../api/types';
import type { IOpenTableArgs } from '../commands';
import type { IConnections, ISmxClient } from '../tokens';
import { showMenuReasons } from '../ui/menureasons';
import { PALETTE, addCommands } from './commands';
import { isEmpty, originOf } from './origin';
import type { TablePanel } from './panel';
import { StepMenu } from './stepmenu';
import { TableTabs } from './tabs';

/** Behind Add as another column, whose rank is in schema/table.json. */
const STEP_MENU_RANK = 5.5;

/** The tabs of tables and the commands that act on them. */
export class TableFeature {
  constructor(private readonly _options: TableFeature.IOptions) {
    const { app, connections, palette, settings, tracker, translator } = _options;
    const trans = (this._trans = translator.load('smx_lab'));
    this.tabs = new TableTabs(_options);
    const table = (): TablePanel | null => tracker.currentWidget?.content ?? null;
    addCommands({ commands: app.commands, connections, trans, table });
    // Its entries are known only when it opens, so that no settings file can list them.
    app.contextMenu.addItem({
      type: 'submenu',
      submenu: new StepMenu({ commands: app.commands, table, trans }),
      selector: '.smx-TableGrid-header',
      rank: STEP_MENU_RANK
    });
    const category = trans.__('SageMaker');
    PALETTE.forEach(({ command, args = {} }) => palette?.addItem({ command, args, category }));
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

  /** Open a table, as the command does; null if the user gave up. */
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
    return this.tabs.open(connectionId, origin, { newTab: args.newTab ?? false, key: args.key });
  }

  private readonly _trans: TranslationBundle;
}

/** The name of an experiment, from the palette where none is selected; null if given up. */
async function askForExperiment(trans: TranslationBundle): Promise<string | null> {
  const answer = await InputDialog.getText({
    title: trans.__('Open in trial component list'),
    label: trans.__('Experiment'),
    okLabel: trans.__('Open')
  });
  return (answer.button.accept && answer.value?.trim()) || null;
}

export namespace TableFeature {
  /** The parts of JupyterLab and of ours that tables work with. */
  export interface IOptions {
    app: JupyterFrontEnd;
    client: ISmxClient;
    connections: IConnections;
    tracker: WidgetTracker<MainAreaWidget<TablePanel>>;
    translator: ITranslator;
    state: IStateDB | null;
    palette: ICommandPalette | null;
    settings: Promise<ISettingRegistry.ISettings> | null;
  }
}
