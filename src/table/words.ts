/** The words of the table that stand in more than one place. */
import type { TranslationBundle } from '@jupyterlab/translation';

import type { ComponentType, Statistic } from '../api/types';
import type { ColumnKind } from './columns';

/** What Data aggregation calls a statistic; nothing for a column that is no metric. */
export function statisticWord(statistic: Statistic | null, trans: TranslationBundle): string {
  switch (statistic) {
    case 'Last':
      return trans.__('Last value');
    case 'Max':
      return trans.__('Maximum');
    case 'Min':
      return trans.__('Minimum');
    case 'Avg':
      return trans.__('Average');
    case 'StdDev':
      return trans.__('Standard deviation');
    case 'Count':
      return trans.__('Count');
    case null:
      return '';
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

export function typeWord(type: ComponentType, trans: TranslationBundle): string {
  switch (type) {
    case 'Training job':
      return trans.__('Training job');
    case 'Transform job':
      return trans.__('Transform job');
    case 'Processing job':
      return trans.__('Processing job');
    case 'Undefined':
      return trans.__('Undefined');
  }
}
