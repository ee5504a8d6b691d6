/** **Clean up…** of the selected rows. */
import type { TranslationBundle } from '@jupyterlab/translation';

import { CommandIDs, ICleanUpArgs } from '../../commands';
import type { Action } from '../../tokens';
import { explainDisabled } from '../../ui/shell/menureasons';
import type { IParts } from './options';
import type { TableModel } from '../model';
import { noTableReason, whyNotAny, whyNotGroups } from './actions';

const ARGS = {
  type: 'object',
  properties: {
    orOrigin: {
      type: 'boolean',
      description: 'With no row selected, clean up what the table was opened on.'
    }
  }
} as const;

export function addCleanUpCommand({ commands, connections, table, trans }: IParts): void {
  const allowed = (action: Action): string | null => connections.whyNot(action);
  const whyNot = (orOrigin: boolean): string | null => {
    const model = table()?.model;
    return model ? whyNotCleanUp(model, orOrigin, allowed, trans) : noTableReason(trans);
  };
  commands.addCommand(CommandIDs.cleanUpTableRows, {
    describedBy: { args: ARGS },
    label: trans.__('Clean up…'),
    ...explainDisabled(({ orOrigin }) => whyNot(orOrigin === true)),
    execute: () => {
      const model = table()?.model;
      return model && commands.execute(CommandIDs.cleanUp, { ...cleanUpArgs(model) });
    }
  });
}

/** Why nothing can be cleaned up; with `orOrigin`, a selection is not needed. */
export function whyNotCleanUp(
  model: Pick<TableModel, 'selection' | 'origin' | 'state'>,
  orOrigin: boolean,
  whyNot: (action: Action) => string | null,
  trans: TranslationBundle
): string | null {
  const { experiments = [], trials = [] } = model.origin;
  const isThere = model.state.is !== 'gone';
  const hasOrigin = orOrigin && isThere && experiments.length + trials.length > 0;
  return (
    whyNot('delete') ?? (hasOrigin ? null : whyNotAny(model, trans)) ?? whyNotGroups(model, trans)
  );
}

/**
 * Return the trial components of the selected rows; without a selection, the origin of the table.
 */
export function cleanUpArgs(
  model: Pick<TableModel, 'selection' | 'origin' | 'connectionId'>
): ICleanUpArgs {
  const { connectionId, selection, origin } = model;
  if (selection.size === 0) {
    const { experiments = [], trials = [] } = origin;
    return { connectionId, experiments, trials };
  }
  const names = selection.rows.map(row => row.trial_component_name);
  return { connectionId, trialComponents: [...new Set(names)] };
}
