/** The description of an endpoint, and the end of its log. */
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { IEndpoint, IProductionVariant } from '../../api/types';
import { CopyButton, useNow } from '../../ui/pieces/states';
import { absoluteTime, epochMs, relativeTime } from '../../ui/words/time';
import { runningTime } from '../status';

const CLOCK_MS = 10_000;

export function Settings(props: {
  endpoint: IEndpoint;
  /** Undefined if trial components cannot be opened. */
  onOpenComponent?: (trialComponentName: string) => void;
  trans: TranslationBundle;
  locale: string;
}): JSX.Element {
  const { endpoint, onOpenComponent, trans, locale } = props;
  const now = useNow(CLOCK_MS);
  const time = (instant: string): JSX.Element => (
    <span title={relativeTime(epochMs(instant), now, locale)}>
      {absoluteTime(epochMs(instant), locale)}
    </span>
  );
  const component = endpoint.trial_component_name;
  const running = runningTime(endpoint, now, locale);
  return (
    <>
      {endpoint.failure_reason && <Failure reason={endpoint.failure_reason} trans={trans} />}
      <dl className="smx-Facts">
        <dt>{trans.__('ARN')}</dt>
        <dd>
          {endpoint.endpoint_arn}{' '}
          <CopyButton text={endpoint.endpoint_arn} label={trans.__('Copy ARN')} trans={trans} />
        </dd>
        <dt>{trans.__('Endpoint status')}</dt>
        <dd>
          {running
            ? trans.__('%1, has run for %2', endpoint.endpoint_status, running)
            : endpoint.endpoint_status}
        </dd>
        <dt>{trans.__('Endpoint configuration')}</dt>
        <dd>{endpoint.endpoint_config_name}</dd>
        <dt>{trans.__('Created on')}</dt>
        <dd>{time(endpoint.creation_time)}</dd>
        <dt>{trans.__('Last modified')}</dt>
        <dd>{time(endpoint.last_modified_time)}</dd>
        <dt>{trans.__('Trial component')}</dt>
        <dd>
          {component === null ? (
            trans.__('None is known: its model comes from no training job of this account.')
          ) : onOpenComponent ? (
            <button type="button" className="smx-Link" onClick={() => onOpenComponent(component)}>
              {component}
            </button>
          ) : (
            component
          )}
        </dd>
      </dl>
      <Variants variants={endpoint.production_variants} trans={trans} locale={locale} />
    </>
  );
}

function Variants(props: {
  variants: readonly IProductionVariant[];
  trans: TranslationBundle;
  locale: string;
}): JSX.Element {
  const { variants, trans, locale } = props;
  const number = new Intl.NumberFormat(locale);
  const columns: [string, (variant: IProductionVariant) => string][] = [
    [trans.__('Variant'), variant => variant.variant_name],
    [trans.__('Model'), variant => variant.model_name ?? ''],
    [trans.__('Instance type'), variant => variant.instance_type ?? ''],
    [
      trans.__('Instance count'),
      ({ instance_count }) => (instance_count === null ? '' : number.format(instance_count))
    ],
    [trans.__('Weight'), ({ weight }) => (weight === null ? '' : number.format(weight))],
    [trans.__('Image'), variant => variant.image ?? ''],
    [trans.__('Model data'), variant => variant.model_data ?? '']
  ];
  return (
    <section>
      <h2>{trans.__('Variants')}</h2>
      {/* In the Tab order, so that the keyboard can scroll it. */}
      <div
        className="smx-EndpointPage-scroll"
        tabIndex={0}
        role="group"
        aria-label={trans.__('Variants')}
      >
        <table className="smx-EndpointPage-table">
          <thead>
            <tr>
              {columns.map(([label]) => (
                <th key={label} scope="col">
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {variants.map(variant => (
              <tr key={variant.variant_name}>
                {columns.map(([label, text]) => (
                  <td key={label} className={isLong(text(variant)) ? 'smx-mod-long' : undefined}>
                    {text(variant)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** Whether a text is wrapped: paths and images are, so that the short columns stay visible. */
function isLong(text: string): boolean {
  return text.length > 24;
}

function Failure({ reason, trans }: { reason: string; trans: TranslationBundle }): JSX.Element {
  return (
    <div className="smx-Problem" role="alert">
      <strong>{trans.__('Failure reason')}</strong>
      <p>{reason}</p>
    </div>
  );
}

/** The end of the model server's log. It scrolls with new lines while it is at its end. */
export function Logs({
  endpoint,
  trans
}: {
  endpoint: IEndpoint;
  trans: TranslationBundle;
}): JSX.Element {
  const text = endpoint.log_tail.join('\n');
  const box = React.useRef<HTMLPreElement>(null);
  const atEnd = React.useRef(true);
  React.useLayoutEffect(() => {
    if (box.current && atEnd.current) {
      box.current.scrollTop = box.current.scrollHeight;
    }
  }, [text]);
  return (
    <>
      {endpoint.failure_reason && <Failure reason={endpoint.failure_reason} trans={trans} />}
      {text ? (
        <>
          <CopyButton text={text} label={trans.__('Copy')} trans={trans} />
          <pre
            ref={box}
            className="smx-CodeBox smx-LogTail"
            tabIndex={0}
            role="log"
            aria-label={trans.__('End of the log')}
            onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) =>
              (atEnd.current = scrollTop + clientHeight >= scrollHeight - 4)
            }
          >
            {text}
          </pre>
        </>
      ) : (
        <p>
          {trans.__(
            'There are no lines yet, or this connection cannot read them. On AWS they are in CloudWatch Logs, in the group %1.',
            `/aws/sagemaker/Endpoints/${endpoint.endpoint_name}`
          )}
        </p>
      )}
    </>
  );
}
