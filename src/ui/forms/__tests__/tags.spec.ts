import { nullTranslator } from '@jupyterlab/translation';
import { describe, expect, it } from 'vitest';

import { ITagRow, NEW_TAG, editOf, isMixed, nameProblem, rowsOf, tagProblem } from '../tags';

const trans = nullTranslator.load('smx_lab');
const added = (key: string, value = ''): ITagRow => ({ ...NEW_TAG, key, value });
const problem = (...rows: ITagRow[]): string | undefined => tagProblem(rows, trans)?.sentence;

describe('the tags of some resources', () => {
  const rows = rowsOf([
    { owner: 'ada', paper: '1', 'aws:created': 'x' },
    { owner: 'ada', paper: '2', draft: '' }
  ]);

  it('are listed by key, without those of AWS', () => {
    expect(rows.map(({ key, value }) => [key, value])).toEqual([
      ['draft', ''],
      ['owner', 'ada'],
      ['paper', '']
    ]);
    expect(rows.map(isMixed)).toEqual([true, false, true]);
  });

  it('are left alone unless somebody changes them', () => {
    expect(editOf([...rows, NEW_TAG])).toEqual({ put: {}, remove: [] });
  });

  it('are set for all, or taken away from all', () => {
    const [draft, owner, paper] = rows;
    expect(
      editOf([
        { ...draft, isRemoved: true },
        owner,
        { ...paper, value: '3' },
        added('team', 'vision'),
        { ...added('typo'), isRemoved: true }
      ])
    ).toEqual({ put: { paper: '3', team: 'vision' }, remove: ['draft'] });
  });

  it('may be emptied where all have the same', () => {
    const [, owner] = rows;
    expect(editOf([{ ...owner, value: '' }]).put).toEqual({ owner: '' });
  });
});

describe('a display name', () => {
  it('has letters, digits and hyphens, as SageMaker says', () => {
    expect(
      ['Digits', 'a', '2-layers', 'n'.repeat(120)].map(name => nameProblem(name, trans))
    ).toEqual([null, null, null, null]);
    for (const name of ['', 'two words', '-first', 'last-', 'n'.repeat(121), 'Größe']) {
      expect(nameProblem(name, trans)).toMatch(/^A display name has/);
    }
  });
});

describe('a tag that SageMaker would refuse', () => {
  it('is named before it is sent', () => {
    expect(problem(added('owner', 'ada'), NEW_TAG)).toBeUndefined();
    expect(problem(added('Größe 1', '実験'))).toBeUndefined();
    expect(problem(added('', 'ada'))).toBe('A key has 1 to 128 characters');
    expect(problem(added('k'.repeat(129)))).toBe('A key has 1 to 128 characters');
    expect(problem(added('owner', 'v'.repeat(257)))).toBe('A value has at most 256 characters');
    expect(problem(added('AWS:owner'))).toBe('Keys that start with aws: belong to AWS');
    expect(problem(added('owner#1'))).toMatch(/^Letters, digits/);
    expect(problem(added('owner'), added('owner'))).toBe('There is a tag owner already');
  });

  it('is told by its place', () => {
    expect(tagProblem([added('a'), added('b#')], trans)?.place).toBe(1);
    expect(tagProblem([{ ...added('a'), isRemoved: true }, added('a')], trans)).toBeNull();
  });

  it('is one too many after fifty', () => {
    const many = Array.from({ length: 51 }, (_, at) => added(`k${at}`));
    expect(problem(...many.slice(1))).toBeUndefined();
    expect(problem(...many)).toBe('At most 50 tags are allowed');
  });
});
