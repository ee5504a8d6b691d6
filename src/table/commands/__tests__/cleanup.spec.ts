import { nullTranslator } from '@jupyterlab/translation';
import { describe, expect, it } from 'vitest';

import { cleanUpArgs, whyNotCleanUp } from '../cleanup';

const trans = nullTranslator.load('smx_lab');
const allowed = (): null => null;

type Model = Parameters<typeof cleanUpArgs>[0] & Parameters<typeof whyNotCleanUp>[0];

function table(
  components: readonly string[],
  origin: Model['origin'],
  state = { is: 'ready' } as Model['state']
): Model {
  const rows = components.map((trial_component_name, at) => ({
    id: String(at),
    trial_component_name,
    group: null
  }));
  const selection = { size: rows.length, rows } as unknown as Model['selection'];
  return { connectionId: 'local', origin, selection, state };
}

describe('Clean up… of a table', () => {
  it('means each selected component once, in however many trials it is', () => {
    const model = table(['shared', 'shared', 'training'], { experiments: ['mnist'] });
    expect(cleanUpArgs(model)).toEqual({
      connectionId: 'local',
      trialComponents: ['shared', 'training']
    });
  });

  it('means what the table was opened on if asked for with nothing selected', () => {
    const model = table([], { experiments: ['mnist'] });
    expect(whyNotCleanUp(model, false, allowed, trans)).toBe('Select a row first');
    expect(whyNotCleanUp(model, true, allowed, trans)).toBeNull();
    expect(cleanUpArgs(model)).toMatchObject({ experiments: ['mnist'], trials: [] });
  });

  it('has no origin to clean up once that was deleted', () => {
    const model = table([], { experiments: ['mnist'] }, { is: 'gone' });
    expect(whyNotCleanUp(model, true, allowed, trans)).toBe('Select a row first');
  });

  it('has no origin to clean up in a table of unassigned components', () => {
    const model = table([], { unassigned: true });
    expect(whyNotCleanUp(model, true, allowed, trans)).toBe('Select a row first');
  });

  it('is refused by an administrator', () => {
    const reason = 'Disabled by your administrator';
    expect(whyNotCleanUp(table(['a'], {}), true, () => reason, trans)).toBe(reason);
  });
});
