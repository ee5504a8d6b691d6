/** Whether a command applies to the selected rows, and why not. Pure. */
import type { TranslationBundle } from '@jupyterlab/translation';

import { deployProblem, ICleanUpArgs, IOpenTableArgs } from '../../commands';
import type { Action } from '../../tokens';
import { trainingJobName } from '../../ui/words/arns';
import { deployReason } from '../../ui/words/reasons';
import type { IBrowserRow } from '../rows/rows';

/** The origin of a table of these rows; null if they cannot be shown in a table. */
export function tableOrigin(
  rows: readonly IBrowserRow[],
  connectionId: string
): IOpenTableArgs | null {
  const names = (kind: IBrowserRow['kind']): string[] =>
    rows.filter(row => row.kind === kind).map(row => row.name);
  const experiments = names('experiment');
  const trials = names('trial');
  const unassigned = rows.some(row => row.kind === 'unassigned');
  return experiments.length || trials.length || unassigned
    ? {
        connectionId,
        ...(experiments.length ? { experiments } : {}),
        ...(trials.length ? { trials } : {}),
        ...(unassigned ? { unassigned } : {})
      }
    : null;
}

/** The arguments that clean up these rows. */
export function cleanUpArgs(rows: readonly IBrowserRow[], connectionId: string): ICleanUpArgs {
  const names = (kind: IBrowserRow['kind']): string[] =>
    rows.filter(row => row.kind === kind).map(row => row.name);
  return {
    connectionId,
    experiments: names('experiment'),
    trials: names('trial'),
    trialComponents: names('component')
  };
}

/** Why these rows cannot be cleaned up. */
export function whyNotCleanUp(
  rows: readonly IBrowserRow[],
  whyNot: (action: Action) => string | null,
  trans: TranslationBundle
): string | null {
  const forbidden = whyNot('delete') ?? whyNotAny(rows, trans);
  return (
    forbidden ??
    (rows.some(row => row.kind === 'unassigned')
      ? trans.__('Open the unassigned trial components and select those to clean up')
      : null)
  );
}

/** Why no command applies to the rows: none is selected. */
export function whyNotAny(rows: readonly IBrowserRow[], trans: TranslationBundle): string | null {
  return rows.length ? null : trans.__('Select a row first');
}

/** Why the rows have no ARN to copy. */
export function whyNotArn(rows: readonly IBrowserRow[], trans: TranslationBundle): string | null {
  return rows.length > 0 && rows.every(row => !row.arn)
    ? trans.__('Unassigned trial components are no resource of their own')
    : whyNotAny(rows, trans);
}

/** Why the rows cannot be copied to another connection. */
export function whyNotCopy(
  rows: readonly IBrowserRow[],
  whyNot: (action: Action) => string | null,
  trans: TranslationBundle
): string | null {
  if (rows.length === 1 && rows[0].kind === 'experiment') {
    return whyNot('copy');
  }
  return whyNotAny(rows, trans) ?? trans.__('Select one experiment only');
}

/** Why details cannot be opened. */
export function whyNotDetails(
  rows: readonly IBrowserRow[],
  trans: TranslationBundle
): string | null {
  return rows.length > 1 ? trans.__('Select one trial component only') : whyNotAny(rows, trans);
}

/**
 * Why the model cannot be deployed; null if it can.
 *
 * `modelData` is undefined while it is not known. The Deploy model page then finds out.
 */
export function whyNotDeploy(
  rows: readonly IBrowserRow[],
  modelData: string | null | undefined,
  whyNot: (action: Action) => string | null,
  trans: TranslationBundle
): string | null {
  const problem = deployProblem(
    rows.map(({ component }) => ({
      type: component?.type ?? 'Undefined',
      status: component?.status ?? null,
      model_data: modelData === undefined ? 'unknown' : modelData
    }))
  );
  return whyNot('deploy') ?? (problem && deployReason(problem, trans));
}

/** The training job to stop, or why there is none. */
export function stoppableJob(
  rows: readonly IBrowserRow[],
  whyNot: (action: Action) => string | null,
  trans: TranslationBundle
): { job: string } | { reason: string } {
  const forbidden = whyNot('stop') ?? whyNotAny(rows, trans);
  if (forbidden) {
    return { reason: forbidden };
  }
  if (rows.length > 1) {
    return { reason: trans.__('Select one training job only') };
  }
  const job = trainingJobName(rows[0].component?.sourceArn);
  if (!job) {
    return { reason: trans.__('This is no training job') };
  }
  return rows[0].component?.status === 'InProgress'
    ? { job }
    : { reason: trans.__('The training job is not running') };
}
