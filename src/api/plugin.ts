/** Provides the client of the REST API. */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';

import { ISmxClient } from '../tokens';
import { SmxClient } from './client';

const plugin: JupyterFrontEndPlugin<ISmxClient> = {
  id: 'smx-lab:client',
  description: 'The typed client of the smx-lab REST API.',
  autoStart: true,
  provides: ISmxClient,
  activate: (app: JupyterFrontEnd): ISmxClient => new SmxClient(app.serviceManager.serverSettings)
};

export default plugin;
