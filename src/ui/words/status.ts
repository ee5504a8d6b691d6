/** The status of a trial component as a word. Pure. */
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IRow } from '../../api/types';

export type Status = NonNullable<IRow['status']>;

/** The word for a status: SageMaker's own, with a space. */
export function statusWord(status: Status, trans: TranslationBundle): string {
  return status === 'InProgress' ? trans.__('In progress') : status;
}
