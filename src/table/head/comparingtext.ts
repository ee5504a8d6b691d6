/** The announcements for changes of baseline, groups and differences. Pure. */
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IComparing } from '../view/comparing';

/** Return sentences for what differs between two states; empty if nothing does. */
export function comparingText(
  before: IComparing,
  now: IComparing,
  label: (columnId: string) => string,
  trans: TranslationBundle
): string {
  const sentences: string[] = [];
  if (now.groupBy.join('\n') !== before.groupBy.join('\n')) {
    sentences.push(
      now.groupBy.length
        ? trans.__('Grouped by %1.', now.groupBy.map(label).join('; '))
        : trans.__('Not grouped.')
    );
  }
  if (now.baseline?.id !== before.baseline?.id) {
    sentences.push(
      now.baseline ? trans.__('The baseline is %1.', now.baseline.label) : trans.__('No baseline.')
    );
  }
  if (now.markBest !== before.markBest) {
    sentences.push(
      now.markBest
        ? trans.__('The best values are marked.')
        : trans.__('The best values are not marked.')
    );
  }
  if (now.onlyDifferences !== before.onlyDifferences) {
    sentences.push(
      now.onlyDifferences ? trans.__('Only columns that differ.') : trans.__('All columns.')
    );
  }
  return sentences.join(' ');
}
