/** The origin of a table, as text and as a key. Pure. */
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IOpenTableRequest } from '../../api/types';
import type { IOpenTableArgs } from '../../commands';

/** Return an origin in a normal form, so that equal origins are equal values. */
export function originOf(args: Partial<IOpenTableArgs>): Required<IOpenTableRequest> {
  const names = (list: string[] | undefined): string[] => [...new Set(list ?? [])].sort();
  return {
    experiments: names(args.experiments),
    trials: names(args.trials),
    unassigned: args.unassigned ?? false
  };
}

export function isEmpty(origin: Required<IOpenTableRequest>): boolean {
  return !origin.experiments.length && !origin.trials.length && !origin.unassigned;
}

/** Return a text that is the same for the same origin and connection. */
export function originKey(connectionId: string, origin: Required<IOpenTableRequest>): string {
  return JSON.stringify([connectionId, origin.experiments, origin.trials, origin.unassigned]);
}

/** Return the names in an origin, for titles: `mnist-1, mnist-2`. */
export function originText(origin: Required<IOpenTableRequest>, trans: TranslationBundle): string {
  const names = [...origin.experiments, ...origin.trials];
  return [...names, ...(origin.unassigned ? [trans.__('Unassigned trial components')] : [])].join(
    ', '
  );
}

/** Return all of an origin, with a line for each kind, for tooltips. */
export function originCaption(
  origin: Required<IOpenTableRequest>,
  connectionLabel: string,
  trans: TranslationBundle
): string {
  const lines = [
    origin.experiments.length ? trans.__('Experiments: %1', origin.experiments.join(', ')) : '',
    origin.trials.length ? trans.__('Trials: %1', origin.trials.join(', ')) : '',
    origin.unassigned ? trans.__('Unassigned trial components') : '',
    trans.__('Connection: %1', connectionLabel)
  ];
  return lines.filter(line => line !== '').join('\n');
}
