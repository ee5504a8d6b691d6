/** Adds the endpoints browser to the left sidebar, and restores the tabs of endpoints. */
import {
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette, WidgetTracker } from '@jupyterlab/apputils';
import { ILauncher } from '@jupyterlab/launcher';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { IStateDB } from '@jupyterlab/statedb';
import { IStatusBar } from '@jupyterlab/statusbar';
import { ITranslator } from '@jupyterlab/translation';

import { CommandIDs } from '../commands';
import { IConnections, IOperations, ISmxClient, PLUGIN_PREFIX } from '../tokens';
import { networkIcon } from '../ui/pieces/icons';
import { LazyFeature } from '../ui/shell/lazyfeature';
import { LazyPanel } from '../ui/shell/lazypanel';
import type { EndpointPage } from './page/page';

const PLUGIN_ID = `${PLUGIN_PREFIX}:endpoints`;
/** Below the experiments browser. */
const PANEL_RANK = 311;

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
    const tracker = new WidgetTracker<EndpointPage>({
      namespace: 'smx-endpoints'
    });
    const panel: LazyPanel = new LazyPanel(
      {
        id: 'smx-endpoints',
        caption: trans.__('SageMaker Endpoint List'),
        icon: networkIcon
      },
      () => feature.get()
    );
    const feature = new LazyFeature(
      app,
      () => import('./feature'),
      ({ EndpointsFeature }) =>
        new EndpointsFeature({
          app,
          client,
          connections,
          operations,
          translator,
          tracker,
          sidebar: panel,
          stateDB,
          statusBar,
          settings
        })
    );
    if (statusBar) {
      // The status item counts endpoints. The first request must not delay the start of JupyterLab.
      void app.restored.then(() => feature.get());
    }
    operations.ended.connect(
      (_, operation) => void feature.get().then(endpoints => endpoints.notify(operation))
    );
    app.commands.addCommand(CommandIDs.showEndpoints, {
      describedBy: { args: { type: 'object', properties: {} } },
      label: trans.__('Endpoints'),
      caption: trans.__('Show the SageMaker Endpoint List'),
      icon: networkIcon,
      execute: () => app.shell.activateById(panel.id)
    });
    feature.standIn(CommandIDs.openEndpoint, {
      label: trans.__('Open Endpoint'),
      isEnabled: ({ endpointName }) => Boolean(endpointName)
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
  }
};

export default plugin;
