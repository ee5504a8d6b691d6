/** Options that the list of endpoints and its parts share. Types only. */
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';

import type { IConnections } from '../tokens';
import type { Deletions } from './deletion/deletions';
import type { EndpointsModel } from './model';

export interface IPanelOptions {
  model: EndpointsModel;
  deletions: Deletions;
  connections: IConnections;
  commands: CommandRegistry;
  trans: TranslationBundle;
  locale: string;
}
