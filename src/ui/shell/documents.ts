/** Documents in the main area, or, where there is none to put them in, in JupyterLab. */
import { JupyterFrontEnd, LabShell } from '@jupyterlab/application';
import type { Widget } from '@lumino/widgets';

import { ILink, linkTo } from '../words/links';

/**
 * Bring a document of the main area to the front; in Notebook 7, which would not show it, open it
 * in JupyterLab.
 *
 * #### Notes
 * One that came back after a reload may have been left out of JupyterLab's layout: as a new one, it
 * is put into the main area first. `link` is what opens the document anew.
 */
export function showDocument(
  app: JupyterFrontEnd,
  document: Widget,
  type: string,
  link: ILink
): void {
  if (!document.isAttached) {
    add(app, document, type, link);
  }
  app.shell.activateById(document.id);
}

function add(app: JupyterFrontEnd, document: Widget, type: string, link: ILink): void {
  if (app.shell instanceof LabShell) {
    app.shell.add(document, 'main', { type });
  } else {
    document.dispose();
    window.open(linkTo(link, app.serviceManager.serverSettings.baseUrl), '_blank', 'noopener');
  }
}
