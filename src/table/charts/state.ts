/** The chart that the user works with. It is not kept over a reload. */
import { ISignal, Signal } from '@lumino/signaling';

import type { TableModel } from '../model';
import type { IChart } from '../view/chart';

export class ChartsState {
  constructor(private readonly _model: TableModel) {
    _model.viewChanged.connect(this._onView, this);
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** The chart that has the focus, or whose properties have it; null for none. */
  get chosen(): IChart | null {
    return this._find(this._chosen);
  }

  /** The chart that fills the tab; null for none. */
  get full(): IChart | null {
    return this._find(this._full);
  }

  /** Whether CHART PROPERTIES are shown instead of TABLE PROPERTIES. */
  get isPaneOpen(): boolean {
    const isWanted = this._pane ?? this._model.view.propertiesOpen;
    return this.chosen !== null && isWanted;
  }

  choose(id: string | null): void {
    if (id !== this._chosen) {
      // The pane stays open or closed when another chart is chosen.
      this._pane = id !== null && this._pane ? true : null;
      this._chosen = id;
      this._changed.emit();
    }
  }

  /** Choose a chart and show its properties. */
  openPane(id: string): void {
    this._pane = true;
    this._chosen = id;
    this._changed.emit();
  }

  /** Hide the properties of the chosen chart. */
  closePane(): void {
    this._pane = false;
    this._changed.emit();
  }

  /** Let a chart fill the tab; null for none. */
  fill(id: string | null): void {
    this._full = id;
    this._changed.emit();
  }

  private _find(id: string | null): IChart | null {
    return this._model.view.charts.find(chart => chart.id === id) ?? null;
  }

  private _onView(): void {
    // A removed chart is neither chosen nor full. A later chart may have its id.
    const chosen = this.chosen?.id ?? null;
    const full = this.full?.id ?? null;
    if (chosen !== this._chosen || full !== this._full) {
      this._chosen = chosen;
      this._full = full;
      this._pane = chosen === null ? null : this._pane;
      this._changed.emit();
    }
  }

  private _changed = new Signal<this, void>(this);
  private _chosen: string | null = null;
  private _full: string | null = null;
  /** Whether the user has opened or closed CHART PROPERTIES; null if neither. */
  private _pane: boolean | null = null;
}
