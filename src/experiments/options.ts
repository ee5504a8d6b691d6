/** Options that the experiments browser and its parts share. Types only. */
import type { ITranslator, TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import type { Menu } from '@lumino/widgets';

import type { IConnections } from '../tokens';
import type { ExperimentsModel } from './model';

export interface IPanelOptions {
  model: ExperimentsModel;
  connections: IConnections;
  commands: CommandRegistry;
  translator: ITranslator;
  trans: TranslationBundle;
  /** JupyterLab's context menu. */
  contextMenu: Menu;
}

/** What the views of the panel share. */
export interface IPanelContext extends IPanelOptions {
  locale: string;
  /** Put the focus back on the list. */
  focusList: () => void;
  /** Open the context menu of the selection at a button. */
  openMenu: (anchor: HTMLElement) => void;
}
