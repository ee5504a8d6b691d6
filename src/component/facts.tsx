/** The contents of the tabs of a trial component. */
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { ITrialComponent } from '../api/types';
import { trainingJobName } from '../ui/words/arns';
import { Facts } from '../ui/pieces/facts';
import { CopyButton, EmptyState } from '../ui/pieces/states';
import { DETAILS, statisticOf, statisticWord } from '../ui/words/statistics';
import { absoluteTime, duration, epochMs } from '../ui/words/time';
import { parameterText, shortNumber } from './values';

interface IFactsProps {
  component: ITrialComponent;
  trans: TranslationBundle;
  locale: string;
}

const TRACKER = (call: string): string =>
  `from smexperiments.tracker import Tracker\n\nwith Tracker.create(display_name="Training") as tracker:\n    ${call}\n`;

function Number_(props: { value: number | null; locale: string }): JSX.Element {
  const { value, locale } = props;
  return (
    <td className="smx-mod-number" title={value === null ? undefined : String(value)}>
      {value === null ? '' : shortNumber(value, locale)}
    </td>
  );
}

export function Metrics({ component, trans, locale }: IFactsProps): JSX.Element {
  if (component.metrics.length === 0) {
    return (
      <EmptyState
        message={trans.__('There are no metrics.')}
        hint={trans.__('A training job logs them by its metric definitions, a tracker like this:')}
        code={TRACKER('tracker.log_metric("test:accuracy", 97.3, iteration_number=1)')}
        trans={trans}
      />
    );
  }
  return (
    <table className="smx-Facts-table">
      <thead>
        <tr>
          <th scope="col">{trans.__('Name')}</th>
          {DETAILS.map(statistic => (
            <th scope="col" key={statistic}>
              {statisticWord(statistic, trans)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {component.metrics.map(metric => (
          <tr key={`${metric.metric_name}\n${metric.source_arn}`}>
            <th scope="row">{metric.metric_name}</th>
            {DETAILS.map(statistic => (
              <Number_ key={statistic} value={statisticOf(metric, statistic)} locale={locale} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function Parameters({ component, trans }: IFactsProps): JSX.Element {
  const [wanted, setWanted] = React.useState('');
  const all = Object.entries(component.parameters);
  if (all.length === 0) {
    return (
      <EmptyState
        message={trans.__('There are no parameters.')}
        hint={trans.__('A tracker logs them like this:')}
        code={TRACKER('tracker.log_parameters({"hidden_channels": 32})')}
        trans={trans}
      />
    );
  }
  const text = wanted.toLocaleLowerCase();
  const shown = all.filter(([name, value]) =>
    `${name}\n${parameterText(value)}`.toLocaleLowerCase().includes(text)
  );
  return (
    <>
      <input
        className="smx-Facts-search jp-mod-styled"
        type="text"
        role="searchbox"
        value={wanted}
        placeholder={trans.__('Search')}
        aria-label={trans.__('Search parameters')}
        onChange={event => setWanted(event.target.value)}
      />
      <table className="smx-Facts-table">
        <thead>
          <tr>
            <th scope="col">{trans.__('Name')}</th>
            <th scope="col">{trans.__('Value')}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map(([name, value]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td title={String(value)}>{parameterText(value)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <div role="status">{trans.__('%1 of %2 parameters', shown.length, all.length)}</div>
    </>
  );
}

export function Artifacts(props: IFactsProps): JSX.Element {
  const { component, trans } = props;
  return (
    <>
      <ArtifactTable
        {...props}
        heading={trans.__('Input Artifacts')}
        artifacts={component.input_artifacts}
        empty={trans.__('There are no input artifacts.')}
        code={TRACKER('tracker.log_input(name="dataset", media_type="s3/uri", value=inputs)')}
      />
      <ArtifactTable
        {...props}
        heading={trans.__('Output Artifacts')}
        artifacts={component.output_artifacts}
        empty={trans.__('There are no output artifacts.')}
        code={TRACKER('tracker.log_output(name="report", media_type="s3/uri", value=report)')}
      />
    </>
  );
}

function ArtifactTable(
  props: IFactsProps & {
    heading: string;
    artifacts: ITrialComponent['input_artifacts'];
    empty: string;
    code: string;
  }
): JSX.Element {
  const { heading, artifacts, empty, code, trans } = props;
  const rows = Object.entries(artifacts);
  return (
    <section aria-label={heading}>
      <h3>{heading}</h3>
      {rows.length === 0 ? (
        <EmptyState
          message={empty}
          hint={trans.__('A tracker logs them like this:')}
          code={code}
          trans={trans}
        />
      ) : (
        <table className="smx-Facts-table">
          <thead>
            <tr>
              <th scope="col">{trans.__('Name')}</th>
              <th scope="col">{trans.__('Media type')}</th>
              <th scope="col">{trans.__('URI')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(([name, artifact]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{artifact.media_type ?? ''}</td>
                <td>
                  <code>{artifact.value}</code>{' '}
                  <CopyButton text={artifact.value} label={trans.__('Copy URI')} trans={trans} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

export function AwsSettings({ component, trans, locale }: IFactsProps): JSX.Element {
  const instant = (value: string | null): string | null =>
    value === null ? null : absoluteTime(epochMs(value), locale);
  const start = epochMs(component.start_time);
  const end = epochMs(component.end_time);
  const facts: [string, string | null][] = [
    [trans.__('Trial component name'), component.trial_component_name],
    [trans.__('ARN'), component.trial_component_arn],
    [trans.__('Type'), component.type],
    [trans.__('Job name'), trainingJobName(component.source_arn)],
    [trans.__('Source ARN'), component.source_arn],
    [trans.__('Status message'), component.status_message],
    [trans.__('Created by'), component.created_by],
    [trans.__('Created on'), instant(component.creation_time)],
    [trans.__('Last modified'), instant(component.last_modified_time)],
    [trans.__('Start time'), instant(component.start_time)],
    [trans.__('End time'), instant(component.end_time)],
    [trans.__('Duration'), start && end ? duration(end - start, locale) : null],
    ...Object.entries(component.tags).map(([key, value]): [string, string] => [
      trans.__('Tag %1', key),
      value
    ])
  ];
  return <Facts facts={facts} />;
}
