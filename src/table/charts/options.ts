/** Options that the parts of a table's charts share. Types only. */
import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { SmxError } from '../../api/errors';
import type { HoveredRow } from '../grid/hover';
import type { TableModel } from '../model';
import type { IChart } from '../view/chart';
import type { ChartFeed } from './feed';
import type { ChartsState } from './state';

export interface IChartsOptions {
  model: TableModel;
  hovered: HoveredRow;
  trans: TranslationBundle;
  locale: string;
  /** JupyterLab's renderers; null without any. */
  rendermime: IRenderMimeRegistry | null;
  /** Execute a command for charts on the chosen one. */
  execute: (command: string, args?: { format: string }) => void;
}

export interface IChartsPanelOptions extends IChartsOptions {
  state: ChartsState;
}

export interface IChartCardOptions extends IChartsPanelOptions {
  chart: IChart;
}

/** The part of a card that its own parts read. */
export interface IShownCard {
  readonly chart: IChart;
  readonly feed: ChartFeed;
  readonly title_: string;
  readonly isFull: boolean;
  /** Whether the card shows the values instead of the picture. */
  readonly isTable: boolean;
  /** Whether JupyterLab has a renderer for charts. */
  readonly canDraw: boolean;
  /** Why drawing failed; null if it did not. */
  readonly drawError: SmxError | null;
}
