import { nullTranslator } from '@jupyterlab/translation';
import { describe, expect, it } from 'vitest';

import { deletedText, partsOf, splitCounts, titleOf } from '../words';
import { planOf } from './plan';

const trans = nullTranslator.load('smx_lab');
const connectionId = 'local';

describe('the words of a clean-up', () => {
  it('counts in one sentence', () => {
    const parts = partsOf(planOf({}), trans);
    const pieces = splitCounts(trans).map(piece =>
      typeof piece === 'string' ? piece : parts[piece.part].text + piece.after
    );
    expect(pieces.join('')).toBe(
      '1 experiment, 5 trials, 10 links; 6 trial components to delete, 0 kept'
    );
  });

  it('unfolds each count to names, and what is kept to the trials that use it', () => {
    const kept = {
      trial_component_name: 'shared',
      display_name: 'Preprocessing',
      used_by: [{ trial_name: 'other-1', experiment_name: 'other' }]
    };
    const unfolded = partsOf(planOf({ kept: [kept] }), trans).map(part => part.names[0]);
    expect(unfolded).toEqual([
      { name: 'mnist', detail: '' },
      { name: 'First (mnist-1)', detail: '' },
      { name: 'shared', detail: 'in mnist-1' },
      { name: 'Preprocessing (shared)', detail: '' },
      { name: 'Preprocessing (shared)', detail: 'used by other-1' }
    ]);
  });

  it('names one thing, and counts several', () => {
    expect(titleOf({ connectionId, trials: ['mnist-1'] }, trans)).toBe('Clean up mnist-1');
    expect(titleOf({ connectionId, trials: ['a', 'b'] }, trans)).toBe('Clean up 2 trials');
    expect(titleOf({ connectionId, experiments: ['a'], trials: ['b'] }, trans)).toBe(
      'Clean up 2 things'
    );
  });

  it('tells at the end what was deleted, and that nothing was', () => {
    expect(deletedText({ link: 2, trial_component: 1, experiment: 1 }, trans)).toBe(
      '1 experiment, 2 links, 1 trial component'
    );
    expect(deletedText({}, trans)).toBe('nothing');
  });
});
