/** The data of one chart, kept up to date with its table. */
import type { IDisposable } from '@lumino/disposable';
import { ISignal, Signal } from '@lumino/signaling';

import { SmxError } from '../../api/errors';
import type { IChartPoints, ILoggedSeries, IView } from '../../api/types';
import type { TableModel } from '../model';
import { BY_COMPONENT, IChart, IContent, isDrawable, typeOf } from '../view/chart';
import { IDrawn, pointsOfLines, pointsOfRows, lineRows } from './marks/points';

/** The maximum number of lines of a chart, also on the server. */
const MAX_LINES = 500;
/** The maximum number of points of all lines together, so that zooming stays fluid. Our choice. */
const MAX_LINE_POINTS = 30_000;

export type FeedState =
  | { is: 'empty' }
  | { is: 'loading' }
  /** `left` trial components are still being read; `error` is why the last refresh failed. */
  | { is: 'ready'; drawn: IDrawn; left: number; error: SmxError | null }
  | { is: 'failed'; error: SmxError };

/** Reads the data through the model of the table; does not depend on the screen. */
export class ChartFeed implements IDisposable {
  constructor(
    private readonly _model: TableModel,
    private _chart: IChart
  ) {
    _model.changed.connect(this._sync, this);
    _model.rows.changed.connect(this._sync, this);
    _model.viewChanged.connect(this._sync, this);
    this._sync();
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get state(): FeedState {
    return this._state;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Change the chart. */
  set chart(chart: IChart) {
    this._chart = chart;
    this._sync();
    // A change of looks needs no new data.
    this._draw();
  }

  dispose(): void {
    this._isDisposed = true;
    this._abort?.abort();
    this._model.changed.disconnect(this._sync, this);
    this._model.rows.changed.disconnect(this._sync, this);
    this._model.viewChanged.disconnect(this._sync, this);
    Signal.clearData(this);
  }

  /** Ask for what is missing, unless nothing is or the same request has just failed. */
  private _sync(): void {
    const { state } = this._model;
    if (!isDrawable(this._chart)) {
      this._abort?.abort();
      this._question = '';
      this._set({ is: 'empty' });
      return;
    }
    if (state.is !== 'ready' || this._isDisposed) {
      return;
    }
    const view = this._view();
    const { rows, data, axis, y } = this._chart;
    const question = JSON.stringify([view, rows, data === 'series' ? [axis, y] : null]);
    const version = state.table.version;
    if (question === this._question) {
      const isDue = version !== this._version || this._failedAt !== null;
      // One request at a time. After a failure, the next refresh of the table is awaited.
      if (!isDue || this._abort || this._failedAt === this._model.updatedTime) {
        return;
      }
    }
    if (question !== this._question) {
      this._answer = null;
      this._failedAt = null;
    }
    this._question = question;
    this._version = version;
    this._abort?.abort();
    void this._ask(view, this._chart);
  }

  private async _ask(view: IView, chart: IChart): Promise<void> {
    const abort = (this._abort = new AbortController());
    const isLatest = (): boolean => this._abort === abort && !this._isDisposed;
    if (this._state.is === 'empty' || this._state.is === 'failed') {
      this._set({ is: 'loading' });
    }
    try {
      await this._read(view, chart, abort.signal, isLatest);
      if (isLatest()) {
        this._failedAt = null;
      }
    } catch (reason) {
      if (isLatest()) {
        const error = SmxError.from(reason);
        this._failedAt = this._model.updatedTime;
        const old = this._state;
        this._set(old.is === 'ready' ? { ...old, error } : { is: 'failed', error });
      }
    } finally {
      if (isLatest()) {
        this._abort = null;
        // The table may have changed in the meantime.
        this._sync();
      }
    }
  }

  private async _read(
    view: IView,
    chart: IChart,
    signal: AbortSignal,
    isLatest: () => boolean
  ): Promise<void> {
    const rows = chart.rows && [...chart.rows];
    const answer = await this._model.charts.listPoints({ view, rows }, signal);
    if (chart.data === 'series') {
      await this._readLines(answer, chart, signal, isLatest);
    } else if (isLatest()) {
      this._take(answer, 0);
    }
  }

  /**
   * Ask for the lines that have changed, in several requests if needed. Each answer is drawn at
   * once.
   */
  private async _readLines(
    answer: IChartPoints,
    chart: IChart,
    signal: AbortSignal,
    isLatest: () => boolean
  ): Promise<void> {
    const names = [...lineRows(answer).keys()].slice(0, MAX_LINES);
    const metric = chart.y!.column;
    const axis = chart.axis === 'elapsed' ? 'time' : chart.axis;
    const most_points = Math.max(
      20,
      Math.min(2000, Math.floor(MAX_LINE_POINTS / (names.length || 1)))
    );
    const key = `${axis} ${metric} ${most_points}`;
    let left = names.length;
    do {
      if (!isLatest()) {
        return;
      }
      if (key !== this._seriesKey) {
        this._seriesKey = key;
        this._series.clear();
      }
      const known = Object.fromEntries(
        names.flatMap(name => {
          const series = this._series.get(name);
          return series ? [[name, series.state]] : [];
        })
      );
      const body = { metric, axis, trial_components: names, known, most_points } as const;
      const found = await this._model.charts.listSeries({ ...body }, signal);
      if (isLatest()) {
        found.series.forEach(line => this._series.set(line.trial_component_name, line));
        left = found.left;
        this._take(answer, left);
      }
    } while (left > 0);
  }

  private _take(answer: IChartPoints, left: number): void {
    this._answer = answer;
    this._set({ is: 'ready', drawn: this._drawn(answer), left, error: null });
  }

  private _draw(): void {
    if (this._state.is === 'ready' && this._answer) {
      this._set({ ...this._state, drawn: this._drawn(this._answer) });
    }
  }

  private _drawn(answer: IChartPoints): IDrawn {
    return this._chart.data === 'series'
      ? pointsOfLines(this._chart, answer, this._series, MAX_LINES)
      : pointsOfRows(this._chart, answer, this._model.columns);
  }

  /** The columns of the chart with the filters of the table. */
  private _view(): IView {
    const chart = this._chart;
    const { color } = chart;
    const contents: IContent[] =
      chart.data === 'series'
        ? [{ column: chart.y!.column, statistic: 'Last' }]
        : typeOf(chart) === 'parallel'
          ? [...chart.axes]
          : [chart.x!, ...(typeOf(chart) === 'histogram' ? [] : [chart.y!])];
    const shown =
      color === null || color === BY_COMPONENT
        ? contents
        : [...contents, { column: color, statistic: null }];
    const { filters, types, sort, default_statistic } = this._model.serverView;
    return {
      columns: shown.map(content => ({ ...content, at: null })),
      filters,
      types,
      sort,
      default_statistic
    };
  }

  private _set(state: FeedState): void {
    if (state.is !== 'empty' || this._state.is !== 'empty') {
      this._state = state;
      this._changed.emit();
    }
  }

  private _abort: AbortController | null = null;
  /** The newest answer; null before the first. */
  private _answer: IChartPoints | null = null;
  private _changed = new Signal<this, void>(this);
  /** When the table was last refreshed at the time of a failure; null without a failure. */
  private _failedAt: number | null = null;
  private _isDisposed = false;
  private _question = '';
  private readonly _series = new Map<string, ILoggedSeries>();
  private _seriesKey = '';
  private _state: FeedState = { is: 'empty' };
  private _version = -1;
}
