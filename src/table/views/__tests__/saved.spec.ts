import { describe, expect, it } from 'vitest';

import { originOf } from '../../view/origin';
import {
  applySaved,
  isChanged,
  missingColumns,
  parseViewFile,
  savedForm,
  viewFileText
} from '../saved';
import { DEFAULT_VIEW, setStatistic, setWidth, showColumn, sortBy } from '../../view/view';
import { ACCURACY, EPOCHS, STATUS_COLUMN } from '../../__tests__/server';

const origin = originOf({ experiments: ['mnist'] });

function arranged(): typeof DEFAULT_VIEW {
  let view = setWidth(DEFAULT_VIEW, ACCURACY.id, 120);
  view = setStatistic(view, ACCURACY.id, 'Max');
  view = sortBy(view, ACCURACY.id, true);
  return showColumn(view, EPOCHS, false);
}

describe('what of a view is saved', () => {
  it('is nothing of a view that nobody has touched', () => {
    expect(savedForm(DEFAULT_VIEW)).toEqual({});
  });

  it('is what a user arranged, and not what belongs to the tab', () => {
    const view = { ...arranged(), propertiesOpen: true, autoRefresh: false };
    expect(savedForm(view)).toEqual({
      groups: { parameter: { on: true, except: [EPOCHS.id] } },
      sort: [{ column: ACCURACY.id, descending: true }],
      statistics: { [ACCURACY.id]: 'Max' },
      widths: { [ACCURACY.id]: 120 }
    });
  });

  it('gives the same view again, in a tab that keeps its own', () => {
    const tab = { ...DEFAULT_VIEW, propertiesOpen: true, autoRefresh: false };
    const shown = applySaved(tab, savedForm(arranged()), { name: 'best' });
    expect(shown).toEqual({
      ...arranged(),
      propertiesOpen: true,
      autoRefresh: false,
      saved: { name: 'best' }
    });
    expect(isChanged(shown, savedForm(arranged()))).toBe(false);
    expect(isChanged(setWidth(shown, EPOCHS.id, 99), savedForm(arranged()))).toBe(true);
  });

  it('replaces all of the view that was there', () => {
    expect(applySaved(arranged(), {}, null)).toEqual(DEFAULT_VIEW);
  });

  it('is read without what cannot be understood', () => {
    expect(applySaved(DEFAULT_VIEW, { widths: 7, sort: [3], colour: 'red' }, null)).toEqual(
      DEFAULT_VIEW
    );
  });
});

describe('columns that a table does not have', () => {
  const view = savedForm(arranged());

  it('are those shown, sorted or filtered by', () => {
    expect(missingColumns(view, [STATUS_COLUMN, ACCURACY, EPOCHS])).toEqual([]);
    expect(missingColumns(view, [STATUS_COLUMN, EPOCHS])).toEqual(['test:accuracy']);
  });

  it('are not those that the view hides, or knows the width of', () => {
    expect(missingColumns(view, [STATUS_COLUMN, ACCURACY])).toEqual([]);
    expect(missingColumns({ widths: { 'tag:team': 90 } }, [])).toEqual([]);
  });

  it('are found behind a column that is shown twice, or at the best step of another', () => {
    const added = { added: [`added:1:${ACCURACY.id}`], pinned: [`added:1:${ACCURACY.id}`] };
    expect(missingColumns(added, [ACCURACY])).toEqual([]);
    expect(missingColumns(added, [])).toEqual(['test:accuracy']);
    const bestSteps = { [ACCURACY.id]: { metric: 'metric:loss', goal: 'Min' } };
    expect(missingColumns({ bestSteps }, [ACCURACY])).toEqual(['loss']);
  });

  it('are not the values of a filter', () => {
    const filters = [{ column: ACCURACY.id, operator: 'is', values: ['tag:team'] }];
    expect(missingColumns({ filters }, [ACCURACY])).toEqual([]);
    expect(missingColumns({ filters }, [])).toEqual(['test:accuracy']);
  });
});

describe('the file of a view', () => {
  const file = { connectionId: 'local', origin, view: savedForm(arranged()) };

  it('looks the same for the same view, however it came about', () => {
    const text = viewFileText(file);
    const other = sortBy(arranged(), EPOCHS.id, false);
    const again = sortBy(other, ACCURACY.id, true);
    const reversed = Object.fromEntries(Object.entries(savedForm(again)).reverse());
    expect(viewFileText({ ...file, view: reversed })).toBe(text);
    expect(text.split('\n').slice(0, 10)).toEqual([
      '{',
      '  "connection": "local",',
      '  "origin": {',
      '    "experiments": [',
      '      "mnist"',
      '    ],',
      '    "trials": [],',
      '    "unassigned": false',
      '  },',
      '  "version": 1,'
    ]);
    expect(text.endsWith('}\n')).toBe(true);
  });

  it('is read again as it was written', () => {
    expect(parseViewFile(viewFileText(file))).toEqual(file);
  });

  it.each([
    ['{"version": 1', { is: 'no-json' }],
    ['', { is: 'no-json' }],
    ['[]', { is: 'no-view' }],
    ['{}', { is: 'no-view' }],
    ['{"version": 2, "view": {}}', { is: 'version', version: '2' }],
    ['{"version": "1"}', { is: 'version', version: '"1"' }],
    ['{"version": 1, "connection": "local", "origin": {}, "view": {}}', { is: 'no-view' }],
    ['{"version": 1, "origin": {"experiments": ["mnist"]}, "view": {}}', { is: 'no-view' }],
    [
      '{"version": 1, "connection": "local", "origin": {"experiments": ["mnist"]}}',
      { is: 'no-view' }
    ]
  ])('that is none says why: %s', (text, fault) => {
    expect(parseViewFile(text)).toEqual(fault);
  });
});
