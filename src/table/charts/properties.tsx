/** CHART PROPERTIES: the settings of the chosen chart. */
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget, UseSignal, closeIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { IColumn } from '../../api/types';
import { CommandIDs } from '../../commands';
import { IconButton } from '../../ui/pieces/iconbutton';
import { Box } from '../properties/box';
import type { ColumnKind } from '../view/columns';
import type { TableModel } from '../model';
import { groupWord } from '../view/words';
import {
  BY_COMPONENT,
  CHART_TYPES,
  ChartType,
  DATA_TYPES,
  IChart,
  IContent,
  MAX_AXES,
  MAX_SMOOTHING,
  SERIES_AXES,
  changeChart,
  typeOf
} from '../view/chart';
import {
  axisColumns,
  colorColumns,
  contentKey,
  contentOf,
  contentTitle,
  contentsOf,
  nameOf,
  numberColumns
} from './marks/fields';
import type { IChartsPanelOptions } from './options';
import { axisWord, dataWord, typeWord } from './words';

type Groups = [ColumnKind, readonly IColumn[]][];

interface IPartProps {
  chart: IChart;
  model: TableModel;
  trans: TranslationBundle;
  change: (change: Partial<IChart>) => void;
}

export class ChartProperties extends ReactWidget {
  constructor(private readonly _options: IChartsPanelOptions) {
    super();
    this.addClass('smx-TableProperties');
    this.addClass('smx-ChartProperties');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', _options.trans.__('Chart properties'));
  }

  protected render(): JSX.Element {
    const { model, state } = this._options;
    return (
      <UseSignal signal={state.changed}>
        {() => (
          <UseSignal signal={model.viewChanged}>
            {() => (
              <UseSignal signal={model.changed}>
                {() => state.chosen && <Properties {...this._options} chart={state.chosen} />}
              </UseSignal>
            )}
          </UseSignal>
        )}
      </UseSignal>
    );
  }
}

function Properties({
  chart,
  model,
  trans,
  execute
}: IChartsPanelOptions & { chart: IChart }): JSX.Element {
  const change = (change: Partial<IChart>): void =>
    model.update(view => changeChart(view, chart.id, change));
  const props = { chart, model, trans, change };
  const type = typeOf(chart);
  return (
    <>
      <div className="smx-ChartProperties-head">
        <h2 className="smx-TableProperties-title">{trans.__('CHART PROPERTIES')}</h2>
        <IconButton
          icon={closeIcon}
          label={trans.__('Close chart properties')}
          onClick={() => execute(CommandIDs.closeTableChartProperties)}
        />
      </div>
      <Choice
        label={trans.__('Data type')}
        value={chart.data}
        options={DATA_TYPES.map(data => [data, dataWord(data, trans)])}
        onChange={data => change({ data: data as IChart['data'] })}
      />
      <Choice
        label={trans.__('Chart type')}
        value={type}
        options={typesOf(chart).map(other => [other, typeWord(other, trans)])}
        onChange={other => change({ type: other as ChartType })}
      />
      {chart.data === 'series' ? <SeriesAxes {...props} /> : <StatisticAxes {...props} />}
      <Color {...props} />
      <Looks {...props} />
      <Rows {...props} />
    </>
  );
}

/** Return the chart types for the data: series are drawn as lines or points. */
function typesOf({ data }: IChart): readonly ChartType[] {
  return data === 'series' ? CHART_TYPES.slice(0, 2) : CHART_TYPES;
}

function SeriesAxes({ chart, model, trans, change }: IPartProps): JSX.Element {
  const metrics = model.columns.filter(({ kind }) => kind === 'metric');
  return (
    <>
      <Choice
        label={trans.__('X-axis')}
        value={chart.axis}
        options={SERIES_AXES.map(axis => [axis, axisWord(axis, trans)])}
        onChange={axis => change({ axis: axis as IChart['axis'] })}
      />
      <Choice
        label={trans.__('Y-axis')}
        value={chart.y?.column ?? ''}
        placeholder={trans.__('Choose a metric')}
        options={metrics.map(({ id, name }) => [id, name])}
        onChange={column => change({ y: column ? { column, statistic: 'Last' } : null })}
      />
    </>
  );
}

function StatisticAxes(props: IPartProps): JSX.Element {
  const { chart, model, trans, change } = props;
  const type = typeOf(chart);
  if (type === 'parallel') {
    return <ManyAxes {...props} />;
  }
  return (
    <>
      <ContentChoice
        label={trans.__('X-axis')}
        value={chart.x}
        groups={axisColumns(model.columns)}
        trans={trans}
        onChange={x => change({ x })}
      />
      {type !== 'histogram' && (
        <ContentChoice
          label={trans.__('Y-axis')}
          value={chart.y}
          groups={numberColumns(model.columns)}
          trans={trans}
          onChange={y => change({ y })}
        />
      )}
    </>
  );
}

/** The axes of parallel coordinates, and a choice for the next one. */
function ManyAxes({ chart, model, trans, change }: IPartProps): JSX.Element {
  const groups = numberColumns(model.columns);
  const set = (at: number, content: IContent | null): void => {
    const axes = [...chart.axes];
    axes.splice(at, 1, ...(content ? [content] : []));
    change({ axes });
  };
  return (
    <div role="group" aria-label={trans.__('Axes')}>
      {[...chart.axes, null].slice(0, MAX_AXES).map((content, at) => (
        <ContentChoice
          key={at}
          label={trans.__('Axis %1', at + 1)}
          value={content}
          groups={groups}
          trans={trans}
          onChange={chosen => set(at, chosen)}
        />
      ))}
    </div>
  );
}

function ContentChoice(props: {
  label: string;
  value: IContent | null;
  groups: Groups;
  trans: TranslationBundle;
  onChange: (content: IContent | null) => void;
}): JSX.Element {
  const { label, value, groups, trans, onChange } = props;
  return (
    <Choice
      label={label}
      value={value ? contentKey(value) : ''}
      placeholder={trans.__('Choose')}
      unknown={value ? contentTitle(value) : ''}
      groups={groups.map(([kind, columns]) => [
        groupWord(kind, trans),
        contentsOf(columns).map(content => [contentKey(content), contentTitle(content)])
      ])}
      onChange={key => onChange(contentOf(key))}
    />
  );
}

function Color({ chart, model, trans, change }: IPartProps): JSX.Element {
  const { color } = chart;
  return (
    <Choice
      label={trans.__('Color')}
      value={color ?? ''}
      options={[
        ['', trans.__('None')],
        // The word that SageMaker Studio uses.
        [BY_COMPONENT, BY_COMPONENT]
      ]}
      unknown={color === null ? '' : nameOf(color)}
      groups={colorColumns(model.columns).map(([kind, columns]) => [
        groupWord(kind, trans),
        columns.map(({ id, name }) => [id, name])
      ])}
      onChange={id => change({ color: id || null })}
    />
  );
}

function Looks({ chart, trans, change }: IPartProps): JSX.Element | null {
  const type = typeOf(chart);
  const hasScales = type === 'line' || type === 'scatter';
  const percent = Math.round(chart.smoothing * 100);
  return (
    <fieldset>
      <legend>{trans.__('Appearance')}</legend>
      {hasScales && (
        <>
          <Box
            label={trans.__('Log scale of the X-axis')}
            checked={chart.logX}
            onChange={logX => change({ logX })}
          />
          <Box
            label={trans.__('Log scale of the Y-axis')}
            checked={chart.logY}
            onChange={logY => change({ logY })}
          />
        </>
      )}
      {type === 'line' && (
        <Box
          label={trans.__('Band of mean ± standard deviation')}
          checked={chart.band}
          onChange={band => change({ band })}
        />
      )}
      {type === 'line' && chart.band && chart.color === BY_COMPONENT && (
        <p>{trans.__('A band needs a Color that several trial components share.')}</p>
      )}
      {chart.data === 'series' && (
        <label className="smx-ChartProperties-smoothing">
          {trans.__('Smoothing: %1 %', percent)}
          <input
            type="range"
            min={0}
            max={MAX_SMOOTHING * 100}
            value={percent}
            onChange={event => change({ smoothing: Number(event.target.value) / 100 })}
          />
        </label>
      )}
      {!hasScales && <p>{trans.__('Nothing to choose for this chart type.')}</p>}
    </fieldset>
  );
}

/** The choice of rows: those that the chart was added for, or all. */
function Rows({ chart, trans, change }: IPartProps): JSX.Element {
  const kept = React.useRef<{ id: string; rows: IChart['rows'] }>({ id: '', rows: null });
  if (chart.rows !== null || kept.current.id !== chart.id) {
    kept.current = { id: chart.id, rows: chart.rows };
  }
  const { rows } = kept.current;
  return (
    <Choice
      label={trans.__('Rows')}
      value={chart.rows === null ? 'all' : 'own'}
      options={[
        ...(rows === null
          ? []
          : ([['own', trans._n('%1 selected row', '%1 selected rows', rows.length)]] as [
              string,
              string
            ][])),
        ['all', trans.__('All rows of the table')]
      ]}
      onChange={which => change({ rows: which === 'all' ? null : rows })}
    />
  );
}

type Options = readonly (readonly [value: string, label: string])[];

/** A labelled list of choices, with or without groups. */
function Choice(props: {
  label: string;
  value: string;
  placeholder?: string;
  /** The label of a value that is not in the list. */
  unknown?: string;
  options?: Options;
  groups?: readonly (readonly [label: string, options: Options])[];
  onChange: (value: string) => void;
}): JSX.Element {
  const { label, value, placeholder, unknown, options = [], groups = [], onChange } = props;
  const id = React.useId();
  const all = [...options, ...groups.flatMap(([, own]) => own)];
  const isKnown = value === '' || all.some(([known]) => known === value);
  return (
    <div className="smx-ChartProperties-choice">
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        className="jp-mod-styled"
        value={value}
        onChange={event => onChange(event.target.value)}
      >
        {placeholder !== undefined && <option value="">{placeholder}</option>}
        {!isKnown && <option value={value}>{unknown ?? value}</option>}
        <Entries options={options} />
        {groups.map(([name, own]) => (
          <optgroup key={name} label={name}>
            <Entries options={own} />
          </optgroup>
        ))}
      </select>
    </div>
  );
}

function Entries({ options }: { options: Options }): JSX.Element {
  return (
    <>
      {options.map(([value, label]) => (
        <option key={value} value={value}>
          {label}
        </option>
      ))}
    </>
  );
}
