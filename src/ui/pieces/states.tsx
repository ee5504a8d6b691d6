/** What lists and documents show while there is nothing, or nothing new, to show. */
import type { TranslationBundle } from '@jupyterlab/translation';
import { checkIcon, copyIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { SmxError } from '../../api/errors';
import { copyText } from '../clipboard';
import { absoluteTime, relativeTime } from '../words/time';

import '../../../style/pieces.css';

/**
 * After this time, in milliseconds, a first load shows that it is still running and can be stopped.
 */
export const SLOW_MS = 3000;

/** A button of a state. */
export interface IAction {
  label: string;
  /** Drawn as the main action. */
  accept?: boolean;
  onClick: () => void;
}

/** A button that copies a text, and shows that it has done so. */
export function CopyButton(props: {
  text: string;
  label: string;
  trans: TranslationBundle;
}): JSX.Element {
  const [copied, setCopied] = React.useState<boolean | null>(null);
  const Icon = copied ? checkIcon : copyIcon;
  const { trans } = props;
  return (
    <>
      <button
        type="button"
        className="smx-Copy jp-Button jp-mod-minimal"
        onClick={() =>
          void copyText(props.text).then(
            () => setCopied(true),
            () => setCopied(false)
          )
        }
      >
        <Icon.react tag="span" className="smx-Icon" />
        {props.label}
      </button>
      <span className="smx-Copy-answer" role="status">
        {copied === null
          ? ''
          : copied
            ? trans.__('Copied')
            : trans.__('The browser did not allow copying.')}
      </span>
    </>
  );
}

/** Lines of code and a button that copies them. */
export function CodeToCopy(props: { code: string; trans: TranslationBundle }): JSX.Element {
  const { code, trans } = props;
  return (
    <div className="smx-Code">
      <pre className="smx-CodeBox" tabIndex={0} aria-label={trans.__('Code')}>
        {code}
      </pre>
      <CopyButton text={code} label={trans.__('Copy code')} trans={trans} />
    </div>
  );
}

/** Buttons in one row. */
export function Actions(props: { actions: readonly IAction[] }): JSX.Element {
  return (
    <div className="smx-Actions">
      {props.actions.map(action => (
        <button
          key={action.label}
          type="button"
          className={`jp-Button jp-mod-styled ${action.accept ? 'jp-mod-accept' : 'jp-mod-reject'}`}
          onClick={action.onClick}
        >
          {action.label}
        </button>
      ))}
    </div>
  );
}

/** An empty list: a sentence, and code to copy that creates the first item. */
export function EmptyState(props: {
  message: string;
  hint?: string;
  code?: string;
  actions?: readonly IAction[];
  trans: TranslationBundle;
}): JSX.Element {
  return (
    <div className="smx-State">
      <p className="smx-State-message">{props.message}</p>
      {props.hint && <p>{props.hint}</p>}
      {props.code && <CodeToCopy code={props.code} trans={props.trans} />}
      {props.actions && <Actions actions={props.actions} />}
    </div>
  );
}

/** Grey rows; after {@link SLOW_MS} also "Still loading…" and Stop. */
export function LoadingRows(props: {
  rows?: number;
  onStop?: () => void;
  trans: TranslationBundle;
}): JSX.Element {
  const { rows = 6, onStop, trans } = props;
  const slow = useAfter(SLOW_MS);
  return (
    <div className="smx-Loading">
      <div aria-hidden="true">
        {Array.from({ length: rows }, (_, index) => (
          <div key={index} className="smx-Loading-row" />
        ))}
      </div>
      <div className="smx-Loading-slow" role="status">
        {slow && trans.__('Still loading…')}
      </div>
      {slow && onStop && <Actions actions={[{ label: trans.__('Stop'), onClick: onStop }]} />}
    </div>
  );
}

/** Action, error code and request id of an error, which can be unfolded and copied. */
export function ErrorDetails(props: { error: SmxError; trans: TranslationBundle }): JSX.Element {
  const { error, trans } = props;
  const hidden = new Set(['policy', 'remedy', 'looked_for']);
  const facts: [string, string][] = [
    [trans.__('Code'), error.code],
    ...Object.entries(error.details).filter(([name]) => !hidden.has(name))
  ];
  const text = [error.message, ...facts.map(([name, value]) => `${name}: ${value}`)].join('\n');
  return (
    <details className="smx-Details">
      <summary>{trans.__('Details')}</summary>
      <dl>
        {facts.map(([name, value]) => (
          <React.Fragment key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </React.Fragment>
        ))}
      </dl>
      <CopyButton text={text} label={trans.__('Copy')} trans={trans} />
    </details>
  );
}

/** An error in place of the contents: its sentence, a command to copy, actions, details. */
export function ErrorState(props: {
  error: SmxError;
  actions?: readonly IAction[];
  trans: TranslationBundle;
}): JSX.Element {
  const { error, actions = [], trans } = props;
  const { action, policy, remedy, looked_for: lookedFor } = error.details;
  return (
    <div className="smx-State" role="alert">
      <p className="smx-State-message">{error.message}</p>
      {error.code === 'access_denied' && action && (
        <p>{trans.__('The missing action is %1.', action)}</p>
      )}
      {remedy && <CodeToCopy code={remedy} trans={trans} />}
      {error.code === 'credentials_expired' && (
        <p>{trans.__('It is tried again by itself once they are renewed.')}</p>
      )}
      {lookedFor && (
        <details className="smx-Details">
          <summary>{trans.__('What was looked for')}</summary>
          <ul>
            {lookedFor.split('\n').map(line => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </details>
      )}
      {policy && (
        <details className="smx-Details">
          <summary>{trans.__('Policy')}</summary>
          <CodeToCopy code={policy} trans={trans} />
        </details>
      )}
      {actions.length > 0 && <Actions actions={actions} />}
      <ErrorDetails error={error} trans={trans} />
    </div>
  );
}

/** A line above rows that could not be refreshed: the time of the next try, and **Retry now**. */
export function StaleNotice(props: {
  error: SmxError;
  /** Epoch milliseconds; null during a try. */
  nextTime: number | null;
  /** When the rows were last refreshed, in epoch milliseconds, and the locale for that time. */
  updatedTime?: number | null;
  locale?: string;
  onRetry: () => void;
  trans: TranslationBundle;
}): JSX.Element {
  const { error, nextTime, updatedTime, locale, onRetry, trans } = props;
  const now = useNow(1000);
  const seconds = nextTime === null ? 0 : Math.max(0, Math.ceil((nextTime - now) / 1000));
  return (
    <div className="smx-Stale">
      {error.code.startsWith('credentials_') && <span>{error.message}</span>}
      <span title={error.message}>
        {seconds > 0
          ? trans.__('Could not refresh. Next try in %1 s', seconds)
          : trans.__('Could not refresh. Trying again…')}
      </span>
      {updatedTime && locale && (
        <time
          className="smx-Stale-age"
          dateTime={new Date(updatedTime).toISOString()}
          title={absoluteTime(updatedTime, locale)}
        >
          {trans.__('As of %1', relativeTime(updatedTime, now, locale))}
        </time>
      )}
      <button className="jp-Button jp-mod-minimal smx-Stale-retry" onClick={onRetry}>
        {trans.__('Retry now')}
      </button>
      {error.details.remedy && <CodeToCopy code={error.details.remedy} trans={trans} />}
      <ErrorDetails error={error} trans={trans} />
    </div>
  );
}

/** Tells screen readers of counts and changes, at most twice a second. */
export function LiveRegion(props: { text: string }): JSX.Element {
  const [text, setText] = React.useState('');
  React.useEffect(() => {
    const timer = window.setTimeout(() => setText(props.text), 500);
    return () => window.clearTimeout(timer);
  }, [props.text]);
  return (
    <div className="smx-Live" role="status" aria-live="polite">
      {text}
    </div>
  );
}

/** Return the time in epoch milliseconds, renewed every `every` milliseconds while `isTicking`. */
export function useNow(every: number, isTicking = true): number {
  const [now, setNow] = React.useState(Date.now);
  React.useEffect(() => {
    if (!isTicking) {
      return undefined;
    }
    setNow(Date.now());
    const timer = window.setInterval(() => setNow(Date.now()), every);
    return () => window.clearInterval(timer);
  }, [every, isTicking]);
  return now;
}

/** True once `delay` milliseconds have passed since the first drawing. */
export function useAfter(delay: number): boolean {
  const [passed, setPassed] = React.useState(false);
  React.useEffect(() => {
    const timer = window.setTimeout(() => setPassed(true), delay);
    return () => window.clearTimeout(timer);
  }, [delay]);
  return passed;
}
