/** Options that the files of views share. Types only. */
import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IConnections } from '../../tokens';

export interface IViewFactoryOptions {
  app: JupyterFrontEnd;
  connections: IConnections;
  trans: TranslationBundle;
}
