/** What the parts of a table's charts share. Types only. */
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
  /** JupyterLab's renderers; null where it has none. */
  rendermime: IRenderMimeRegistry | null;
  /** Run a command of charts, which acts on the chosen one. */
  execute: (command: string, args?: { format: string }) => void;
}

export interface IChartsPanelOptions extends IChartsOptions {
  state: ChartsState;
}

export interface IChartCardOptions extends IChartsPanelOptions {
  chart: IChart;
}

/** What the parts of a card read of it. */
export interface IShownCard {
  readonly chart: IChart;
  readonly feed: ChartFeed;
  readonly title_: string;
  readonly isFull: boolean;
  /** Whether the values stand in the place of the picture. */
  readonly isTable: boolean;
  /** Whether JupyterLab has what charts are drawn with. */
  readonly canDraw: boolean;
  /** Why nothing was drawn though there is something to draw; null if it was. */
  readonly drawError: SmxError | null;
}
