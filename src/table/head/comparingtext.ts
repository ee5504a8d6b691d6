/** What a screen reader hears when rows are compared in another way. Pure. */
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IComparing } from '../view/comparing';

/** The sentences that tell one state from the other; nothing where they are the same. */
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
