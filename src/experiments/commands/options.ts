/** Options that the commands of the experiments browser share. Types only. */
import type { ISmxClient } from '../../tokens';
import type { CodeStyle } from '../code';
import type { IPanelOptions } from '../options';
import type { ExperimentsPanel } from '../panel';
import type { ModelDataCache } from './modeldata';

export interface ICommandOptions extends IPanelOptions {
  client: ISmxClient;
  locale: string;
  modelData: ModelDataCache;
  codeStyle: () => CodeStyle;
  /** The panel; null before it is created. */
  panel: () => ExperimentsPanel | null;
  /** Bring the panel to the front. */
  show: () => void;
}
