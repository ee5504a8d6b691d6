/** Follows links to documents: `/lab#smx=…`, as Notebook 7 opens them. */
import { IRouter, JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';

import { CommandIDs } from '../commands';
import { PLUGIN_PREFIX } from '../tokens';
import { linkFrom } from '../ui/words/links';

/** A link can only show something. Nobody must be able to change anything by sending a link. */
const ALLOWED: ReadonlySet<string> = new Set([
  CommandIDs.showExperiments,
  CommandIDs.openTable,
  CommandIDs.openComparison,
  CommandIDs.openTrialComponent,
  CommandIDs.deployModel,
  CommandIDs.openEndpoint,
  CommandIDs.showEndpoints
]);

const plugin: JupyterFrontEndPlugin<void> = {
  id: `${PLUGIN_PREFIX}:links`,
  description: 'Opens the document that the address of the page names.',
  autoStart: true,
  requires: [IRouter],
  activate: (app: JupyterFrontEnd, router: IRouter): void => {
    app.commands.addCommand(CommandIDs.followLink, {
      describedBy: {
        args: {
          type: 'object',
          properties: {
            path: { type: 'string' },
            search: { type: 'string' },
            hash: { type: 'string', description: 'The hash of the address of a document.' }
          }
        }
      },
      execute: args => {
        const { path, search, hash } = args as unknown as IRouter.ILocation;
        const link = linkFrom(hash);
        // JupyterLab will load the page again, with the hash, for another workspace.
        const isPassing = /[?&](reset|clone)\b/.test(search ?? '');
        if (link && !isPassing && ALLOWED.has(link.command)) {
          // JupyterLab restores the opened document after a reload, so the hash is removed.
          router.navigate(path + (search ?? ''), { skipRouting: true });
          void app.restored.then(() => app.commands.execute(link.command, link.args));
        }
      }
    });
    router.register({ command: CommandIDs.followLink, pattern: /#smx=/ });
  }
};

export default plugin;
