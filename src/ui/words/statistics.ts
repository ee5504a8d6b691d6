/** SageMaker's six statistics of a metric, said once: labels, members, and what charts call them. */
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IMetricSummary, Statistic } from '../../api/types';

interface IStatisticFacts {
  /** The entry of Data aggregation. */
  readonly label: (trans: TranslationBundle) => string;
  /** Where a metric of a trial component has it. */
  readonly member: 'last' | 'max' | 'min' | 'avg' | 'std_dev' | 'count';
  /** What a chart puts behind the metric's name. */
  readonly suffix: string;
  /** Whether its highest or lowest value is a merit. */
  readonly hasBest: boolean;
}

/** In SageMaker's spelling; the order is that of the menu Data aggregation. */
const FACTS: Readonly<Record<Statistic, IStatisticFacts>> = {
  Last: {
    label: trans => trans.__('Last value'),
    member: 'last',
    suffix: '_last',
    hasBest: true
  },
  Max: {
    label: trans => trans.__('Maximum'),
    member: 'max',
    suffix: '_max',
    hasBest: true
  },
  Min: {
    label: trans => trans.__('Minimum'),
    member: 'min',
    suffix: '_min',
    hasBest: true
  },
  Avg: {
    label: trans => trans.__('Average'),
    member: 'avg',
    suffix: '_avg',
    hasBest: true
  },
  StdDev: {
    label: trans => trans.__('Standard deviation'),
    member: 'std_dev',
    suffix: '_stddev',
    hasBest: false
  },
  Count: {
    label: trans => trans.__('Count'),
    member: 'count',
    suffix: '_count',
    hasBest: false
  }
};

export const STATISTICS = Object.keys(FACTS) as readonly Statistic[];

/** The columns of Describe Trial Component's metrics, in Studio's order; others follow. */
export const DETAILS: readonly Statistic[] = [
  ...new Set<Statistic>(['Min', 'Max', 'StdDev', 'Avg', 'Count', 'Last', ...STATISTICS])
];

/** Return what Data aggregation calls a statistic; nothing for a column that is no metric. */
export function statisticWord(statistic: Statistic | null, trans: TranslationBundle): string {
  return statistic === null ? '' : FACTS[statistic].label(trans);
}

/** Return the value of a statistic of a metric; null where it has none. */
export function statisticOf(metric: IMetricSummary, statistic: Statistic): number | null {
  return metric[FACTS[statistic].member];
}

/** Return what a chart puts behind the metric's name: `_last`. */
export function statisticSuffix(statistic: Statistic): string {
  return FACTS[statistic].suffix;
}

/** Return whether the highest or lowest value of a statistic is a merit; so is that of no statistic. */
export function hasBest(statistic: Statistic | null): boolean {
  return statistic === null || FACTS[statistic].hasBest;
}
