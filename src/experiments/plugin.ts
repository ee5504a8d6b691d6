/** Puts the experiments browser into the left sidebar, and its commands everywhere. */
import { ILayoutRestorer, JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { ILauncher } from '@jupyterlab/launcher';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { IStateDB } from '@jupyterlab/statedb';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { CommandIDs } from '../commands';
import { IConnections, ISmxClient, PLUGIN_PREFIX } from '../tokens';
import { flaskIcon } from '../ui/icons';
import { localeOf } from '../ui/time';
import type { CodeStyle } from './code';
import { addCommands } from './commands';
import { ExperimentsModel } from './model';
import { ModelDataCache } from './modeldata';
import { ExperimentsPanel, IPanelOptions } from './panel';

const PLUGIN_ID = `${PLUGIN_PREFIX}:experiments`;
const PANEL_ID = 'smx-lab-experiments';
/** Below the file browser and the running sessions, above the extension manager. */
const PANEL_RANK = 310;

/** In the palette; the rest acts on rows, and is in their menu. */
const PALETTE = [
  CommandIDs.showExperiments,
  CommandIDs.refreshExperiments,
  CommandIDs.focusFilter,
  CommandIDs.goUp,
  CommandIDs.openSelectedInTable,
  CommandIDs.openSelectedDetails,
  CommandIDs.copyLoadingCode,
  CommandIDs.copyArn
];

function makePanel(options: IPanelOptions): ExperimentsPanel {
  const panel = new ExperimentsPanel(options);
  panel.id = PANEL_ID;
  panel.title.icon = flaskIcon;
  panel.title.caption = options.trans.__('SageMaker Experiment List');
  return panel;
}

const plugin: JupyterFrontEndPlugin<void> = {
  id: PLUGIN_ID,
  description: 'The experiments browser in the left sidebar.',
  autoStart: true,
  requires: [ISmxClient, IConnections],
  optional: [ITranslator, ILayoutRestorer, IStateDB, ICommandPalette, ILauncher, ISettingRegistry],
  activate: (
    app: JupyterFrontEnd,
    client: ISmxClient,
    connections: IConnections,
    translatorOrNull: ITranslator | null,
    restorer: ILayoutRestorer | null,
    stateDB: IStateDB | null,
    palette: ICommandPalette | null,
    launcher: ILauncher | null,
    settingRegistry: ISettingRegistry | null
  ): void => {
    const translator = translatorOrNull ?? nullTranslator;
    const trans = translator.load('smx_lab');
    const model = new ExperimentsModel({ client, connections, stateDB });
    const contextMenu = app.contextMenu.menu;
    const options = { model, connections, commands: app.commands, translator, trans, contextMenu };
    const panel = makePanel(options);
    let codeStyle: CodeStyle = 'boto3';

    addCommands({
      ...options,
      locale: localeOf(translator),
      modelData: new ModelDataCache(client, connections, model),
      codeStyle: () => codeStyle,
      panel: () => panel,
      show: () => app.shell.activateById(PANEL_ID)
    });
    app.shell.add(panel, 'left', { rank: PANEL_RANK, type: 'SageMaker Experiment List' });
    restorer?.add(panel, PANEL_ID);
    void model.restore();

    const category = trans.__('SageMaker');
    PALETTE.forEach(command => palette?.addItem({ command, category }));
    launcher?.add({ command: CommandIDs.showExperiments, category, rank: 1 });
    launcher?.add({ command: CommandIDs.selectConnection, category, rank: 3 });
    void settingRegistry?.load(PLUGIN_ID).then(settings => {
      const update = (): void => {
        codeStyle = settings.composite.codeStyle === 'sdk' ? 'sdk' : 'boto3';
      };
      settings.changed.connect(update);
      update();
    });
  }
};

export default plugin;
