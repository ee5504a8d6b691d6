/** The charts above a table, one card for each. */
import { Panel } from '@lumino/widgets';

import '../../../style/charts.css';
import { ChartCard } from './card';
import type { IChartsPanelOptions } from './options';

/** Keeps one card for each chart of the view, in the same order. */
export class ChartsPanel extends Panel {
  constructor(private readonly _options: IChartsPanelOptions) {
    super();
    const { model, state, trans } = _options;
    this.addClass('smx-ChartsPanel');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', trans.__('Charts'));
    model.viewChanged.connect(this._onView, this);
    state.changed.connect(this._onState, this);
    this._onView();
    this._onState();
  }

  /** The card that commands act on; null if no chart is chosen. */
  get chosen(): ChartCard | null {
    const { state } = this._options;
    return this.card((state.full ?? state.chosen)?.id ?? null);
  }

  card(id: string | null): ChartCard | null {
    return (this.widgets as ChartCard[]).find(card => card.chartId === id) ?? null;
  }

  private _onView(): void {
    const { charts } = this._options.model.view;
    const ids = new Set(charts.map(({ id }) => id));
    for (const card of [...this.widgets] as ChartCard[]) {
      if (!ids.has(card.chartId)) {
        card.dispose();
      }
    }
    charts.forEach((chart, place) => {
      const card = this.card(chart.id);
      if (card) {
        card.chart = chart;
      } else {
        this.insertWidget(place, new ChartCard({ ...this._options, chart }));
      }
    });
  }

  private _onState(): void {
    const { chosen, full } = this._options.state;
    for (const card of this.widgets as ChartCard[]) {
      card.setHidden(full !== null && card.chartId !== full.id);
      card.toggleClass('smx-mod-chosen', card.chartId === chosen?.id);
      card.isFull = card.chartId === full?.id;
    }
    if (chosen?.id !== this._shown) {
      this._shown = chosen?.id;
      this.chosen?.node.scrollIntoView({ block: 'nearest' });
    }
  }

  /** The chart that was last scrolled into view. */
  private _shown: string | undefined;
}
