/** Which chart of a table the user is at. Not kept beyond a reload. */
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

  /** The chart that has the focus, or had it before its properties; null while it is elsewhere. */
  get chosen(): IChart | null {
    return this._find(this._chosen);
  }

  /** The chart that fills the tab; null for none. */
  get full(): IChart | null {
    return this._find(this._full);
  }

  /** Whether CHART PROPERTIES stand in the place of TABLE PROPERTIES. */
  get isPaneOpen(): boolean {
    const isWanted = this._pane ?? this._model.view.propertiesOpen;
    return this.chosen !== null && isWanted;
  }

  choose(id: string | null): void {
    if (id !== this._chosen) {
      // From chart to chart the pane stays as it is.
      this._pane = id !== null && this._pane ? true : null;
      this._chosen = id;
      this._changed.emit();
    }
  }

  /** Choose a chart, and show its properties. */
  openPane(id: string): void {
    this._pane = true;
    this._chosen = id;
    this._changed.emit();
  }

  /** Show no properties of the chosen chart. */
  closePane(): void {
    this._pane = false;
    this._changed.emit();
  }

  /** Let a chart fill the tab, or none. */
  fill(id: string | null): void {
    this._full = id;
    this._changed.emit();
  }

  private _find(id: string | null): IChart | null {
    return this._model.view.charts.find(chart => chart.id === id) ?? null;
  }

  private _onView(): void {
    // A chart that is gone is neither chosen nor full; another may have its id later.
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
  /** Whether the user has opened or closed CHART PROPERTIES; null for neither. */
  private _pane: boolean | null = null;
}
