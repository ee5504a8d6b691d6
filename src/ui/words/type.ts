/** The types of trial components, in words. */
import type { TranslationBundle } from '@jupyterlab/translation';

/** A type that is not known here is its own word. */
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
