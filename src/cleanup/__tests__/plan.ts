import type { ICleanUpPlan } from '../../api/types';

/** The plan of an experiment with five trials that share a step, changed by `more`. */
export function planOf(more: Partial<ICleanUpPlan>): ICleanUpPlan {
  return {
    counts: {
      experiments: 1,
      trials: 5,
      links: 10,
      trial_components: 6,
      kept: 0,
      endpoints: 0,
      to_delete: 12
    },
    experiments: [{ experiment_name: 'mnist', display_name: 'mnist' }],
    trials: [{ trial_name: 'mnist-1', display_name: 'First', experiment_name: 'mnist' }],
    links: [{ trial_component_name: 'shared', trial_name: 'mnist-1' }],
    trial_components: [{ trial_component_name: 'shared', display_name: 'Preprocessing' }],
    kept: [],
    endpoints: [],
    endpoint_error: null,
    running: [],
    staying: [],
    warnings: [],
    name_to_type: null,
    fingerprint: 'f',
    unfinished: null,
    code: '',
    ...more
  };
}
