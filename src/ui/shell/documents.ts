/** Shows documents in the main area, or in JupyterLab where there is no main area. */
import { JupyterFrontEnd, LabShell } from '@jupyterlab/application';
import type { Widget } from '@lumino/widgets';

import { ILink, linkTo } from '../words/links';

/**
 * Bring a document of the main area to the front. Notebook 7 does not show it, so it opens it in
 * JupyterLab.
 *
 * #### Notes
 * A document that was restored after a reload may be missing in JupyterLab's layout. It is then
 * added to the main area again. `link` opens the document anew.
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
