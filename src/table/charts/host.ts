/**
 * The place of a table's charts and of their properties. Their code is loaded with the first chart.
 */
import { Panel } from '@lumino/widgets';

import type { ChartsPanel } from './panel';
import type { IChartsOptions } from './options';
import { ChartsState } from './state';

/** Contains the charts. Their code is loaded when there are any. */
export class ChartsHost extends Panel {
  constructor(private readonly _options: IChartsOptions) {
    super();
    this.addClass('smx-Charts');
    this.state = new ChartsState(_options.model);
    this.pane.addClass('smx-Charts-pane');
    _options.model.viewChanged.connect(this._onView, this);
    this.state.changed.connect(this._onState, this);
    this._onView();
    this._onState();
  }

  readonly state: ChartsState;
  /** The pane with CHART PROPERTIES. */
  readonly pane = new Panel();

  /** The charts; null before their code is loaded. */
  get charts(): ChartsPanel | null {
    return this._charts;
  }

  private _onView(): void {
    const { charts } = this._options.model.view;
    this.setHidden(charts.length === 0);
    if (charts.length > 0) {
      void this._load();
    }
  }

  private _onState(): void {
    this.pane.setHidden(!this.state.isPaneOpen);
    this.toggleClass('smx-mod-full', this.state.full !== null);
  }

  private async _load(): Promise<void> {
    if (this._isLoading) {
      return;
    }
    this._isLoading = true;
    try {
      const { ChartsPanel, ChartProperties } = await import('./feature');
      if (!this.isDisposed) {
        const { state } = this;
        this._charts = new ChartsPanel({ ...this._options, state });
        this.addWidget(this._charts);
        this.pane.addWidget(new ChartProperties({ ...this._options, state }));
      }
    } catch (reason) {
      this._isLoading = false;
      console.warn('smx-lab: the charts could not be loaded.', reason);
    }
  }

  private _charts: ChartsPanel | null = null;
  private _isLoading = false;
}
