/** The plan of a clean-up in words: the sentence with the counts and its parts. Pure. */
import type { TranslationBundle } from '@jupyterlab/translation';

import type { ICleanUpPlan, IOutcome } from '../api/types';
import type { ICleanUpArgs } from '../commands';

/** One count of the sentence, and the names that it can be unfolded to. */
export interface IPart {
  readonly id: 'experiments' | 'trials' | 'links' | 'components' | 'kept';
  readonly count: number;
  readonly text: string;
  /** The names that the server has listed, which may be fewer than the count. */
  readonly names: readonly { name: string; detail: string }[];
}

/** The parts in the order of the sentence. */
export function partsOf(plan: ICleanUpPlan, trans: TranslationBundle): readonly IPart[] {
  const { counts } = plan;
  return [
    {
      id: 'experiments',
      count: counts.experiments,
      text: trans._n('%1 experiment', '%1 experiments', counts.experiments),
      names: plan.experiments.map(one => named(one.experiment_name, one.display_name))
    },
    {
      id: 'trials',
      count: counts.trials,
      text: trans._n('%1 trial', '%1 trials', counts.trials),
      names: plan.trials.map(one => named(one.trial_name, one.display_name))
    },
    {
      id: 'links',
      count: counts.links,
      text: trans._n('%1 link', '%1 links', counts.links),
      names: plan.links.map(({ trial_component_name, trial_name }) => ({
        name: trial_component_name,
        detail: trans.__('in %1', trial_name)
      }))
    },
    {
      id: 'components',
      count: counts.trial_components,
      text: trans._n(
        '%1 trial component to delete',
        '%1 trial components to delete',
        counts.trial_components
      ),
      names: plan.trial_components.map(one => named(one.trial_component_name, one.display_name))
    },
    {
      id: 'kept',
      count: counts.kept,
      text: trans._n('%1 kept', '%1 kept', counts.kept),
      names: plan.kept.map(one => ({
        name: titled(one.trial_component_name, one.display_name),
        detail: one.used_by.length
          ? trans.__('used by %1', one.used_by.map(({ trial_name }) => trial_name).join(', '))
          : ''
      }))
    }
  ];
}

/** A count in the sentence, with the punctuation mark after it. */
interface ICountPlace {
  readonly part: number;
  readonly after: string;
}

/**
 * "1 experiment, 5 trials, 10 links; 6 trial components to delete, 0 kept" in the user's language,
 * split at its counts, which are drawn as buttons.
 */
export function splitCounts(trans: TranslationBundle): (string | ICountPlace)[] {
  const marks = ['{0}', '{1}', '{2}', '{3}', '{4}'];
  return trans
    .__('%1, %2, %3; %4, %5', ...marks)
    .split(/(\{\d\}[^\s{]*)/)
    .filter(piece => piece !== '')
    .map(piece =>
      piece.startsWith('{') ? { part: Number(piece[1]), after: piece.slice(3) } : piece
    );
}

/** The title of the dialog: the name of what is cleaned up, or how many things there are. */
export function titleOf(args: Readonly<ICleanUpArgs>, trans: TranslationBundle): string {
  const { experiments = [], trials = [], trialComponents = [] } = args;
  const names = [...experiments, ...trials, ...trialComponents];
  if (names.length === 1) {
    return trans.__('Clean up %1', names[0]);
  }
  if (experiments.length === names.length) {
    return trans._n('Clean up %1 experiment', 'Clean up %1 experiments', names.length);
  }
  if (trials.length === names.length) {
    return trans._n('Clean up %1 trial', 'Clean up %1 trials', names.length);
  }
  if (trialComponents.length === names.length) {
    return trans._n('Clean up %1 trial component', 'Clean up %1 trial components', names.length);
  }
  return trans._n('Clean up %1 thing', 'Clean up %1 things', names.length);
}

function titled(name: string, displayName: string): string {
  return displayName && displayName !== name ? `${displayName} (${name})` : name;
}

function named(name: string, displayName: string): { name: string; detail: string } {
  return { name: titled(name, displayName), detail: '' };
}

type Kind = IOutcome['kept'][number]['kind'];

/** The word that stands before the name of a thing. */
export function kindWord(kind: Kind, trans: TranslationBundle): string {
  switch (kind) {
    case 'endpoint':
      return trans.__('Endpoint');
    case 'endpoint_config':
      return trans.__('Endpoint configuration');
    case 'model':
      return trans.__('Model');
    case 'link':
      return trans.__('Link');
    case 'trial_component':
      return trans.__('Trial component');
    case 'trial':
      return trans.__('Trial');
    case 'experiment':
      return trans.__('Experiment');
  }
}

/** "1 experiment, 5 trials, 6 trial components", in the order of the plan. */
export function deletedText(deleted: IOutcome['deleted'], trans: TranslationBundle): string {
  const count = (kind: Kind): number => deleted?.[kind] ?? 0;
  const texts: readonly [number, (n: number) => string][] = [
    [count('experiment'), n => trans._n('%1 experiment', '%1 experiments', n)],
    [count('trial'), n => trans._n('%1 trial', '%1 trials', n)],
    [count('link'), n => trans._n('%1 link', '%1 links', n)],
    [count('trial_component'), n => trans._n('%1 trial component', '%1 trial components', n)],
    [count('endpoint'), n => trans._n('%1 endpoint', '%1 endpoints', n)],
    [
      count('endpoint_config'),
      n => trans._n('%1 endpoint configuration', '%1 endpoint configurations', n)
    ],
    [count('model'), n => trans._n('%1 model', '%1 models', n)]
  ];
  const said = texts.filter(([n]) => n > 0).map(([n, text]) => text(n));
  return said.length ? said.join(', ') : trans.__('nothing');
}
