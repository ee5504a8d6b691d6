/** The part of the experiments browser that is loaded after the start of JupyterLab. */
import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { IStateDB } from '@jupyterlab/statedb';
import type { ITranslator } from '@jupyterlab/translation';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { Panel } from '@lumino/widgets';

import type { IConnections, ISmxClient } from '../tokens';
import { localeOf } from '../ui/words/time';
import type { CodeStyle } from './code';
import { addCommands } from './commands/browser';
import { ExperimentsModel } from './model';
import { ModelDataCache } from './commands/modeldata';
import { ExperimentsPanel } from './panel';
import { placeFrom } from './rows/rows';

/** The list in the sidebar, and the commands on its selection. */
export class ExperimentsFeature {
  constructor(options: ExperimentsFeature.IOptions) {
    const { app, client, connections, sidebar, stateDB, translator } = options;
    const trans = translator.load('smx_lab');
    const model = (this.model = new ExperimentsModel({ client, connections, stateDB }));
    const contextMenu = app.contextMenu.menu;
    const parts = { model, connections, commands: app.commands, translator, trans, contextMenu };
    const panel = new ExperimentsPanel(parts);
    let codeStyle: CodeStyle = 'boto3';
    addCommands({
      ...parts,
      client,
      locale: localeOf(translator),
      modelData: new ModelDataCache(client, connections, model),
      codeStyle: () => codeStyle,
      panel: () => panel,
      show: () => app.shell.activateById(sidebar.id)
    });
    sidebar.addWidget(panel);
    void model.restore();
    void options.settings?.then(settings => {
      const update = (): void => {
        codeStyle = settings.composite.codeStyle === 'sdk' ? 'sdk' : 'boto3';
      };
      settings.changed.connect(update);
      update();
    });
  }

  readonly model: ExperimentsModel;

  /** Open the experiment or trial that a command names. */
  open(args: ReadonlyPartialJSONObject): void {
    this.model.open(placeFrom(args));
  }
}

export namespace ExperimentsFeature {
  /** The parts of JupyterLab and of this extension that the browser uses. */
  export interface IOptions {
    app: JupyterFrontEnd;
    client: ISmxClient;
    connections: IConnections;
    /** The panel that the list is added to. */
    sidebar: Panel;
    stateDB: IStateDB | null;
    translator: ITranslator;
    settings: Promise<ISettingRegistry.ISettings> | null;
  }
}
