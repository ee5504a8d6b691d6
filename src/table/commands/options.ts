/** Options that the commands of a table share. Types only. */
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';

import type { IConnections, ISmxClient } from '../../tokens';
import type { TablePanel } from '../panel';
import type { IShownColumn } from '../view/columns';

export interface ICommandOptions {
  client: ISmxClient;
  commands: CommandRegistry;
  connections: IConnections;
  trans: TranslationBundle;
  /** The table in front; null without any. */
  table: () => TablePanel | null;
}

export interface IParts extends ICommandOptions {
  /** Options of a command that shows why it is disabled, while `whyNot` returns a reason. */
  explained: (
    whyNot: (table: TablePanel) => string | null
  ) => Partial<CommandRegistry.ICommandOptions>;
  /** The column of the active cell, with its table. */
  column: () => { table: TablePanel; column: IShownColumn } | null;
  copy: (text: string | Promise<string>) => Promise<void>;
}
