import { describe, expect, it } from 'vitest';

import { labelsOf, shortNames } from '../labels';

const JOBS = ['1795667777', '1795667797', '1795667807'].map(
  number => `digits-training-job-${number}-aws-training-job`
);

describe('names beside a chart', () => {
  it('leave out what all have in common, in whole words', () => {
    expect(shortNames(JOBS, 26)).toEqual(['…1795667777…', '…1795667797…', '…1795667807…']);
  });

  it('are whole where they fit', () => {
    expect(shortNames(['sgd', 'adam'], 26)).toEqual(['sgd', 'adam']);
  });

  it('are cut in the middle where they have nothing in common, or are one', () => {
    const [name, other] = ['a'.repeat(40), 'b'.repeat(40)];
    const cut = `${'a'.repeat(12)}…${'a'.repeat(12)}`;
    expect(shortNames([name], 26)).toEqual([cut]);
    expect(shortNames([name, other], 27)[0]).toMatch(/^a+…a+$/);
  });

  it('stay apart where one is the beginning of another', () => {
    const base = 'a-long-name-of-a-trial-component';
    const names = shortNames([base, `${base}-again`], 20);
    expect(new Set(names).size).toBe(2);
    names.forEach(name => expect(name.length).toBeLessThanOrEqual(20));
  });

  it('are what Vega shows for each of them', () => {
    // The part of Vega's expressions that is used means the same in JavaScript.
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- it is an expression's text
    const shown = new Function('datum', 'length', 'slice', `return ${labelsOf(JOBS)};`) as (
      datum: { label: string },
      length: (text: string) => number,
      slice: (text: string, first: number, last?: number) => string
    ) => string;
    const labels = [...JOBS, 'x'.repeat(40)].map(label =>
      shown(
        { label },
        text => text.length,
        (text, first, last) => text.slice(first, last)
      )
    );
    expect(labels).toEqual([
      '…1795667777…',
      '…1795667797…',
      '…1795667807…',
      `${'x'.repeat(12)}…${'x'.repeat(13)}`
    ]);
  });

  it('reach Vega as text, whatever they hold', () => {
    const expression = labelsOf([`${JOBS[0]}"]`, `${JOBS[1]}"]`]);
    const named = expression.slice(1, expression.indexOf(')[datum.label]'));
    expect(JSON.parse(named)).toEqual({
      [`${JOBS[0]}"]`]: '…1795667777…',
      [`${JOBS[1]}"]`]: '…1795667797…'
    });
  });
});
