/** **Example notebook**: saves the tutorial in the user's folder and opens it. */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, Notification } from '@jupyterlab/apputils';
import { ILauncher } from '@jupyterlab/launcher';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { notebookIcon } from '@jupyterlab/ui-components';

import { SmxError } from '../api/errors';
import { CommandIDs } from '../commands';
import { ISmxClient, PLUGIN_PREFIX } from '../tokens';

const plugin: JupyterFrontEndPlugin<void> = {
  id: `${PLUGIN_PREFIX}:notebook`,
  description: 'Opens the example notebook.',
  autoStart: true,
  requires: [ISmxClient],
  optional: [ITranslator, ICommandPalette, ILauncher],
  activate: (
    app: JupyterFrontEnd,
    client: ISmxClient,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    launcher: ILauncher | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('smx_lab');
    const command = CommandIDs.openExampleNotebook;
    app.commands.addCommand(command, {
      label: trans.__('Example notebook (runs locally)'),
      caption: trans.__('Train, compare and deploy models of handwritten digits on this machine'),
      icon: notebookIcon,
      describedBy: { args: { type: 'object', properties: {} } },
      execute: async () => {
        try {
          const [{ saveExample }, example] = await Promise.all([
            import('./example'),
            client.describeExample()
          ]);
          const path = await saveExample(app.serviceManager.contents, example);
          await app.commands.execute('docmanager:open', { path });
        } catch (reason) {
          Notification.error(
            trans.__('The example notebook could not be opened. %1', SmxError.from(reason).message),
            { autoClose: false }
          );
        }
      }
    });
    const category = trans.__('SageMaker');
    palette?.addItem({ command, category });
    launcher?.add({ command, category, rank: 4 });
  }
};

export default plugin;
