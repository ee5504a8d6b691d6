/** The steps of an operation, each with its state and its times. */
import type { TranslationBundle } from '@jupyterlab/translation';
import { circleEmptyIcon, LabIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { IOperation, IStep } from '../../api/types';
import { useNow } from './states';
import { statusIcons } from './status';
import { absoluteTime, duration, epochMs } from '../words/time';

const ICONS: Readonly<Record<IStep['state'], LabIcon>> = {
  waiting: circleEmptyIcon,
  running: statusIcons.InProgress,
  succeeded: statusIcons.Completed,
  failed: statusIcons.Failed,
  skipped: circleEmptyIcon
};

/** Return the step that Stop has ended; -1 if there is none. */
function stoppedStep({ state, steps }: IOperation): number {
  return state === 'cancelled' ? steps.map(step => step.state).lastIndexOf('failed') : -1;
}

function stateWord(state: IStep['state'], trans: TranslationBundle): string {
  switch (state) {
    case 'waiting':
      return trans.__('Waiting');
    case 'running':
      return trans.__('In progress');
    case 'succeeded':
      return trans.__('Completed');
    case 'failed':
      return trans.__('Failed');
    case 'skipped':
      return trans.__('Skipped');
  }
}

/** Whether a step's message says more than its name and state. */
function isNews(step: IStep, trans: TranslationBundle): boolean {
  const { message, name, state } = step;
  return Boolean(message) && message !== name && message !== stateWord(state, trans);
}

function clockTime(time: number, locale: string): string {
  return new Intl.DateTimeFormat(locale, { timeStyle: 'medium' }).format(time);
}

/** Steps are often shorter than a second, so there are tenths below ten seconds. */
function stepLength(milliseconds: number, locale: string): string {
  if (milliseconds >= 10_000) {
    return duration(milliseconds, locale);
  }
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: 'second',
    minimumFractionDigits: 1,
    maximumFractionDigits: 1
  }).format(milliseconds / 1000);
}

/** The steps in order. A running step shows its seconds. */
export function Steps(props: {
  operation: IOperation;
  trans: TranslationBundle;
  locale: string;
}): JSX.Element {
  const { operation, trans, locale } = props;
  const now = useNow(1000, operation.state === 'running');
  const stopped = stoppedStep(operation);
  return (
    <ol className="smx-Steps">
      {operation.steps.map((step, at) => {
        const Icon = at === stopped ? statusIcons.Stopped : ICONS[step.state];
        const start = epochMs(step.start_time);
        const end = epochMs(step.end_time);
        return (
          <li
            key={at}
            className={`smx-Steps-step smx-mod-${step.state}`}
            aria-current={step.state === 'running' ? 'step' : undefined}
          >
            <Icon.react className="smx-Steps-icon" tag="span" />
            <span className="smx-Steps-name">{step.name}</span>
            <span className="smx-Steps-state">
              {at === stopped ? trans.__('Stopped') : stateWord(step.state, trans)}
            </span>
            <span
              className="smx-Steps-time"
              title={start === null ? undefined : absoluteTime(start, locale)}
            >
              {start !== null &&
                `${clockTime(start, locale)} · ${stepLength((end ?? Math.max(now, start)) - start, locale)}`}
            </span>
            {isNews(step, trans) && <span className="smx-Steps-message">{step.message}</span>}
          </li>
        );
      })}
    </ol>
  );
}

/** The text for screen readers: the current step, then the end. */
export function operationStatus(operation: IOperation, trans: TranslationBundle): string {
  switch (operation.state) {
    case 'running': {
      const step = operation.steps.find(({ state }) => state === 'running');
      return step ? trans.__('In progress: %1', step.name) : trans.__('In progress');
    }
    case 'succeeded':
      return trans.__('Completed');
    case 'failed':
      return trans.__('Failed');
    case 'cancelled':
      return trans.__('Stopped');
    case 'interrupted':
      return trans.__('Interrupted: the Jupyter server stopped in the middle.');
  }
}
