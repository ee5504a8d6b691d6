/** Words that several parts of the table share. */
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IBestStep } from '../../api/types';
import { statisticWord } from '../../ui/words/statistics';
import type { ColumnKind, IShownColumn } from './columns';
import type { NumberFormat } from './numberformat';

/**
 * Return what a metric column shows, in words: a statistic, or the value at another metric's best
 * step.
 */
export function contentWord(
  { statistic, at }: Pick<IShownColumn, 'statistic' | 'at'>,
  trans: TranslationBundle
): string {
  return at === null ? statisticWord(statistic, trans) : stepWord(at, trans);
}

/** Return the words for a step: what is best at it. */
export function stepWord({ metric, goal }: IBestStep, trans: TranslationBundle): string {
  const name = metric.slice(metric.indexOf(':') + 1);
  return goal === 'Max'
    ? trans.__('At the maximum of %1', name)
    : trans.__('At the minimum of %1', name);
}

export function formatWord(format: NumberFormat, trans: TranslationBundle): string {
  switch (format) {
    case 'automatic':
      return trans.__('Automatic');
    case 'fixed':
      return trans.__('Fixed');
    case 'scientific':
      return trans.__('Scientific');
    case 'percent':
      return trans.__('Percent');
    case 'full':
      return trans.__('Full');
  }
}

export function groupWord(kind: ColumnKind, trans: TranslationBundle): string {
  switch (kind) {
    case 'summary':
      return trans.__('Summary columns');
    case 'metric':
      return trans.__('Metrics');
    case 'parameter':
      return trans.__('Parameters');
    case 'input_artifact':
      return trans.__('Input artifacts');
    case 'output_artifact':
      return trans.__('Output artifacts');
    case 'tag':
      return trans.__('Tags');
  }
}
