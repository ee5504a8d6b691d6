/** Options that the parts of comparisons share. Types only. */
import type { ILayoutRestorer, JupyterFrontEnd } from '@jupyterlab/application';
import type { ITranslator } from '@jupyterlab/translation';

import type { IConnections, ISmxClient } from '../../tokens';

export interface ICompareTabsOptions {
  app: JupyterFrontEnd;
  client: ISmxClient;
  connections: IConnections;
  translator: ITranslator;
  restorer: ILayoutRestorer | null;
}
