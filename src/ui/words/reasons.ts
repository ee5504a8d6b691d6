/** Reasons why a command is disabled, as sentences that tables, lists and pages share. */
import type { TranslationBundle } from '@jupyterlab/translation';

import type { DeployProblem } from '../../commands';

/** The server edits this many trial components in one request at most. */
const MAX_EDITED = 50;

/** Return why so many trial components cannot be edited at once; null if they can. */
export function tooManyReason(count: number, trans: TranslationBundle): string | null {
  return count > MAX_EDITED ? trans.__('Select at most %1 trial components', MAX_EDITED) : null;
}

export function deployReason(problem: DeployProblem, trans: TranslationBundle): string {
  switch (problem) {
    case 'none-selected':
      return trans.__('Select a training job first');
    case 'many-selected':
      return trans.__('Select one training job only');
    case 'no-job':
      return trans.__('Only the model of a training job can be deployed');
    case 'not-completed':
      return trans.__('The training job has not completed');
    case 'no-model':
      return trans.__('The training job has no model artifact');
  }
}
