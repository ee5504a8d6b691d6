/** One chart of a table: its buttons, its picture or its values, and its notes. */
import type { PartialJSONObject as JSONObject } from '@lumino/coreutils';
import type { Message } from '@lumino/messaging';
import { Panel } from '@lumino/widgets';

import { SmxError } from '../../api/errors';
import { CardBody, CardHead, CardNotes } from './parts';
import { IChart, isDrawable } from '../view/chart';
import { ChartDrawing, chartMimeType } from './drawing';
import { ChartFeed } from './feed';
import type { IChartCardOptions, IShownCard } from './options';
import { specOf } from './marks/spec';
import { csvText, matplotlibCode, valuesOf } from './texts';
import { readTheme } from './marks/theme';
import { chartDescription, chartTitle } from './words';

export type PictureFormat = 'png' | 'svg' | 'csv';

/** The size of saved pictures, in CSS pixels. */
const PICTURE = { width: 720, height: 420 };

export class ChartCard extends Panel implements IShownCard {
  constructor(private readonly _options: IChartCardOptions) {
    super();
    const { model, chart, hovered, state, rendermime } = _options;
    this._chart = chart;
    this.chartId = chart.id;
    this.feed = new ChartFeed(model, chart);
    this.addClass('smx-Chart');
    this.node.tabIndex = 0;
    this.node.setAttribute('role', 'group');
    this.node.dataset.chart = chart.id;
    this._drawing =
      rendermime && chartMimeType(rendermime) !== null ? new ChartDrawing(rendermime) : null;
    this.addWidget(new CardHead({ ..._options, card: this }));
    if (this._drawing) {
      this.addWidget(this._drawing);
      this._drawing.resized.connect(this._draw, this);
      this._drawing.hovered.connect((_, id) => (hovered.id = id));
      hovered.changed.connect(this._onPointed, this);
    }
    this.addWidget(new CardBody({ ..._options, card: this }));
    this.addWidget(new CardNotes({ ..._options, card: this }));
    this.feed.changed.connect(this._draw, this);
    this._draw();
    this.node.addEventListener('focusin', () => state.choose(this.chartId));
    this.node.addEventListener('click', event => this._onClick(event));
  }

  readonly chartId: string;
  readonly feed: ChartFeed;

  get chart(): IChart {
    return this._chart;
  }
  set chart(chart: IChart) {
    if (chart !== this._chart) {
      this._chart = chart;
      this.feed.chart = chart;
      this._draw();
    }
  }

  get isFull(): boolean {
    return this._isFull;
  }
  set isFull(isFull: boolean) {
    if (isFull !== this._isFull) {
      this._isFull = isFull;
      this.toggleClass('smx-mod-full', isFull);
      this._draw();
    }
  }

  /** Whether the card shows the values instead of the picture. */
  get isTable(): boolean {
    return this._isTable || this._drawing === null;
  }
  set isTable(isTable: boolean) {
    this._isTable = isTable;
    this._draw();
  }

  /** Whether JupyterLab has a renderer for charts. */
  get canDraw(): boolean {
    return this._drawing !== null;
  }

  /** Why drawing failed; null if it did not. */
  get drawError(): SmxError | null {
    return this._drawError;
  }

  get title_(): string {
    return chartTitle(this._chart, this._options.trans);
  }

  /** Return the chart as a file. */
  async file(format: PictureFormat): Promise<Blob> {
    const { state } = this.feed;
    if (state.is !== 'ready') {
      throw new Error('There is nothing to save yet.');
    }
    if (format === 'csv') {
      return new Blob([csvText(valuesOf(this._chart, state.drawn))], { type: 'text/csv' });
    }
    if (!this._drawing) {
      throw new Error('Charts cannot be drawn here.');
    }
    return this._drawing.picture(this._spec(PICTURE, this.title_), format);
  }

  /** Return lines of Python that draw the same chart. */
  code(): string {
    const { state } = this.feed;
    return state.is === 'ready' ? matplotlibCode(this._chart, state.drawn, this.title_) : '';
  }

  dispose(): void {
    this.feed.dispose();
    this._options.hovered.changed.disconnect(this._onPointed, this);
    super.dispose();
  }

  protected onAfterAttach(msg: Message): void {
    super.onAfterAttach(msg);
    // A theme changes its colours by attributes of the body.
    this._observer = new MutationObserver(() => this._draw());
    this._observer.observe(document.body, {
      attributes: true,
      attributeFilter: ['data-jp-theme-name', 'data-jp-theme-light']
    });
    this._draw();
  }

  /** A hidden chart is not drawn: while JupyterLab changes the theme, everything is hidden. */
  protected onAfterShow(msg: Message): void {
    super.onAfterShow(msg);
    this._draw();
  }

  protected onBeforeDetach(msg: Message): void {
    this._observer?.disconnect();
    super.onBeforeDetach(msg);
  }

  protected onUpdateRequest(msg: Message): void {
    super.onUpdateRequest(msg);
    this.widgets.forEach(part => part.update());
    const { locale, trans } = this._options;
    const { state } = this.feed;
    this.node.setAttribute('aria-label', chartDescription(this._chart, state, locale, trans));
    const hasPoints = state.is === 'ready' && state.drawn.points.length > 0;
    const isDrawn = isDrawable(this._chart) && hasPoints && !this.isTable;
    this._drawing?.setHidden(!isDrawn);
    if (isDrawn && this._drawing && this.isVisible) {
      void this._picture(this._drawing);
    }
  }

  private _draw(): void {
    this.update();
  }

  private async _picture(drawing: ChartDrawing): Promise<void> {
    const before = this._drawError;
    try {
      this._drawError = null;
      await drawing.draw(this._spec(drawing.room, null));
    } catch (reason) {
      console.warn('smx-lab: a chart could not be drawn.', reason);
      this._drawError = SmxError.from(reason);
    }
    if (this._drawError !== before && !this.isDisposed) {
      this.widgets.forEach(part => part.update());
    }
  }

  private _spec(room: { width: number; height: number }, title: string | null): JSONObject {
    const { locale, trans } = this._options;
    const { state } = this.feed;
    if (state.is !== 'ready') {
      throw new Error('There is nothing to draw yet.');
    }
    return specOf({
      chart: this._chart,
      drawn: state.drawn,
      theme: readTheme(this.node),
      ...room,
      wheelZooms: this._isFull,
      title,
      trans,
      description: chartDescription(this._chart, state, locale, trans)
    });
  }

  /** A click outside the buttons chooses the chart. */
  private _onClick(event: MouseEvent): void {
    if (!(event.target as Element).closest('button, a, table')) {
      this.node.focus();
      this._options.state.openPane(this.chartId);
    }
  }

  private _onPointed(): void {
    this._drawing?.mark(this._options.hovered.id);
  }

  private _chart: IChart;
  private readonly _drawing: ChartDrawing | null;
  private _drawError: SmxError | null = null;
  private _isFull = false;
  private _isTable = false;
  private _observer: MutationObserver | null = null;
}
