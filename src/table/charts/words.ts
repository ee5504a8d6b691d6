/** The texts of charts. */
import type { TranslationBundle } from '@jupyterlab/translation';

import { ChartType, DataType, IChart, SeriesAxis, isDrawable, typeOf } from '../view/chart';
import { colorTitle, contentTitle, xTitle, yTitle } from './marks/fields';
import type { FeedState } from './feed';
import { IDrawn } from './marks/points';

export function dataWord(data: DataType, trans: TranslationBundle): string {
  return data === 'series' ? trans.__('Time series') : trans.__('Summary statistics');
}

export function typeWord(type: ChartType, trans: TranslationBundle): string {
  switch (type) {
    case 'line':
      return trans.__('Line');
    case 'scatter':
      return trans.__('Scatter plot');
    case 'bar':
      return trans.__('Bar');
    case 'histogram':
      return trans.__('Histogram');
    case 'parallel':
      return trans.__('Parallel coordinates');
  }
}

export function axisWord(axis: SeriesAxis, trans: TranslationBundle): string {
  switch (axis) {
    case 'step':
      return trans.__('step');
    case 'epoch':
      return trans.__('epoch');
    case 'time':
      return trans.__('time');
    case 'elapsed':
      return trans.__('seconds since the start');
  }
}

/** Return the title of a chart. */
export function chartTitle(chart: IChart, trans: TranslationBundle): string {
  if (!isDrawable(chart)) {
    return trans.__('New chart');
  }
  if (typeOf(chart) === 'parallel') {
    return chart.axes.map(contentTitle).join(' · ');
  }
  return trans.__('%1 v/s %2', yTitle(chart), xTitle(chart));
}

/** Return the description of a chart for screen readers. */
export function chartDescription(
  chart: IChart,
  state: FeedState,
  locale: string,
  trans: TranslationBundle
): string {
  const title = chartTitle(chart, trans);
  if (state.is !== 'ready') {
    return title;
  }
  const { drawn } = state;
  const parts = [`${title}. ${typeWord(typeOf(chart), trans)}.`];
  if (typeOf(chart) !== 'parallel') {
    parts.push(rangeText(xTitle(chart), drawn, 'x', locale, trans));
  }
  if (typeOf(chart) === 'line' || typeOf(chart) === 'scatter' || typeOf(chart) === 'bar') {
    parts.push(rangeText(yTitle(chart), drawn, 'y', locale, trans));
  }
  const color = colorTitle(chart);
  if (color !== null) {
    const values = [...new Set(drawn.points.map(({ c }) => String(c)))];
    const named = values.slice(0, 5).join(', ');
    parts.push(
      values.length > 5
        ? trans.__('Color: %1: %2, and %3 more.', color, named, values.length - 5)
        : trans.__('Color: %1: %2.', color, named)
    );
  }
  return parts.filter(part => part).join(' ');
}

function rangeText(
  title: string,
  { points, xScale, yScale }: IDrawn,
  field: 'x' | 'y',
  locale: string,
  trans: TranslationBundle
): string {
  const numbers = points.map(point => point[field]).filter(value => typeof value === 'number');
  if (numbers.length === 0) {
    return '';
  }
  const least = numbers.reduce((a, b) => Math.min(a, b));
  const greatest = numbers.reduce((a, b) => Math.max(a, b));
  const isTime = (field === 'x' ? xScale : yScale) === 'temporal';
  const text = (value: number): string =>
    isTime
      ? new Date(value).toLocaleString(locale)
      : value.toLocaleString(locale, { maximumSignificantDigits: 4 });
  return trans.__('%1 from %2 to %3.', title, text(least), text(greatest));
}

/** Return the notes of a chart: what is not drawn, and why. */
export function chartNotes(
  chart: IChart,
  state: FeedState,
  trans: TranslationBundle
): readonly string[] {
  if (state.is !== 'ready') {
    return [];
  }
  const { drawn, left, error } = state;
  const notes: string[] = [];
  if (error) {
    notes.push(trans.__('Could not refresh: %1', error.message));
  }
  if (left > 0) {
    notes.push(trans._n('Reading %1 more line', 'Reading %1 more lines', left));
  }
  if (drawn.shown < drawn.total) {
    notes.push(
      chart.data === 'series'
        ? trans.__('The first %1 of %2 lines are drawn.', drawn.shown, drawn.total)
        : trans.__('The first %1 of %2 rows are drawn.', drawn.shown, drawn.total)
    );
  }
  const isEmpty = drawn.points.length === 0 && left === 0;
  if (chart.data === 'series' && left === 0 && drawn.empty > 0) {
    notes.push(emptyNote(chart, drawn, trans));
  } else if (isEmpty) {
    notes.push(
      drawn.total === 0
        ? trans.__('None of its rows is in the table: they are deleted or hidden by the filters.')
        : trans.__('None of its rows has values for both axes.')
    );
  }
  if (drawn.notPositive > 0) {
    notes.push(
      trans._n(
        '%1 value of 0 or less has no place on a logarithmic axis.',
        '%1 values of 0 or less have no place on a logarithmic axis.',
        drawn.notPositive
      )
    );
  }
  if (drawn.isThinned) {
    notes.push(trans.__('Long lines are thinned; every extreme is drawn.'));
  }
  return notes;
}

function emptyNote(chart: IChart, drawn: IDrawn, trans: TranslationBundle): string {
  const metric = yTitle(chart);
  if (drawn.points.length > 0) {
    return trans._n(
      '%1 trial component has no logged series of %2.',
      '%1 trial components have no logged series of %2.',
      drawn.empty,
      metric
    );
  }
  if (drawn.total === 0) {
    return trans.__('None of its rows has values of %1.', metric);
  }
  return chart.axis === 'step'
    ? trans.__('No steps were logged for %1: choose time as X-axis, or Summary statistics.', metric)
    : trans.__('No series was logged for %1: choose Summary statistics.', metric);
}
