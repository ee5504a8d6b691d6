/** An endpoint's status as SageMaker names it, with an icon, and how long it has run. */
import type { LabIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { IEndpointSummary } from '../api/types';
import { statusIcons } from '../ui/pieces/status';
import { isInProgress, isRunning } from './model';

function iconOf(status: string): LabIcon {
  if (status === 'Deleting') {
    return statusIcons.Stopping;
  }
  if (isInProgress(status)) {
    return statusIcons.InProgress;
  }
  if (isRunning(status)) {
    return statusIcons.Completed;
  }
  return status === 'OutOfService' ? statusIcons.Stopped : statusIcons.Failed;
}

/** Icon and word. */
export function EndpointStatus({ status }: { status: string }): JSX.Element {
  const Icon = iconOf(status);
  return (
    <span className="smx-EndpointStatus" data-status={status}>
      <Icon.react tag="span" className="smx-Icon" />
      {status}
    </span>
  );
}

const UNITS: readonly [string, number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000]
];

/**
 * "5 min", "2 hr", "3 days": how long the endpoint has been charged for; empty if it does not run.
 */
export function runningTime(
  endpoint: IEndpointSummary,
  now: number,
  locale: string,
  unitDisplay: 'short' | 'narrow' = 'short'
): string {
  if (!isRunning(endpoint.endpoint_status)) {
    return '';
  }
  const age = Math.max(0, now - Date.parse(endpoint.creation_time));
  const [unit, length] = UNITS.find(([, size]) => age >= size) ?? UNITS[UNITS.length - 1];
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit,
    unitDisplay
  }).format(Math.floor(age / length));
}
