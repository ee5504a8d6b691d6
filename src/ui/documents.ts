/** Documents in the main area, or, where there is none to put them in, in JupyterLab. */
import { JupyterFrontEnd, LabShell } from '@jupyterlab/application';
import type { Widget } from '@lumino/widgets';

import { ILink, linkTo } from './links';

/**
 * Add a document to the main area; in Notebook 7, which would not show it, open it in JupyterLab.
 *
 * `link` is what opens the document anew.
 */
export function addDocument(
  app: JupyterFrontEnd,
  document: Widget,
  type: string,
  link: ILink
): void {
  if (app.shell instanceof LabShell) {
    app.shell.add(document, 'main', { type });
  } else {
    document.dispose();
    window.open(linkTo(link, app.serviceManager.serverSettings.baseUrl), '_blank', 'noopener');
  }
}
