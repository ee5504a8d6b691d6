/** The types of trial components, in words. */
import type { TranslationBundle } from '@jupyterlab/translation';

/** Return the word for a type. An unknown type is returned as it is. */
export function typeWord(type: string, trans: TranslationBundle): string {
  switch (type) {
    case 'Training job':
      return trans.__('Training job');
    case 'Transform job':
      return trans.__('Transform job');
    case 'Processing job':
      return trans.__('Processing job');
    case 'Undefined':
      return trans.__('Undefined');
    default:
      return type;
  }
}
