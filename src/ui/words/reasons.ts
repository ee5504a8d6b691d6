/** Why an entry is disabled, in a sentence; one place for tables, lists and pages. */
import type { TranslationBundle } from '@jupyterlab/translation';

import type { DeployProblem } from '../../commands';

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
