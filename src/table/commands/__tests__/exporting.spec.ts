import { describe, expect, it } from 'vitest';

import { fileName, freeName, tableCode } from '../exporting';
import { originOf } from '../../view/origin';

describe('the code of a table', () => {
  it('gives the columns, order and filters on the screen', () => {
    const code = tableCode(
      { id: 'aws:research@eu-west-1' },
      originOf({ experiments: ['mnist'], trials: ['t "1"'] }),
      {
        columns: [
          { column: 'summary:Trial', statistic: null },
          { column: 'metric:test:accuracy', statistic: 'Max' }
        ],
        default_statistic: 'Last',
        sort: [{ column: 'metric:test:accuracy', statistic: 'Max', descending: true }],
        filters: [
          { column: 'parameter:lr', operator: 'in', statistic: null, values: ['sgd', 0.5, ''] }
        ],
        types: null
      },
      null
    );
    expect(code).toBe(`import smx_lab

table = smx_lab.dataframe(
    "mnist",
    trials=[
        "t \\"1\\"",
    ],
    connection="aws:research@eu-west-1",
    columns=[
        "summary:Trial",
        {"column": "metric:test:accuracy", "statistic": "Max"},
    ],
    sort=[
        {"column": "metric:test:accuracy", "statistic": "Max", "descending": True},
    ],
    filters=[
        {"column": "parameter:lr", "operator": "in", "values": ["sgd", 0.5, ""]},
    ],
)
table
`);
  });

  it('names the selected rows, and keeps a table without columns without them', () => {
    const view = { columns: [], default_statistic: 'Max' as const, types: [] };
    const code = tableCode({ id: 'local' }, originOf({ unassigned: true }), view, ['/alone']);
    expect(code.split('\n').slice(2, -2)).toEqual([
      'table = smx_lab.dataframe(',
      '    unassigned=True,',
      '    connection="local",',
      '    columns=[],',
      '    default_statistic="Max",',
      '    types=[],',
      '    rows=[',
      '        "/alone",',
      '    ],',
      ')'
    ]);
  });
});

describe('the name of an exported file', () => {
  it('tells what the table shows, and fits any file system', () => {
    expect(fileName(originOf({ experiments: ['mnist'] }), 'markdown')).toBe('mnist.md');
    expect(fileName(originOf({ experiments: ['b', 'a'], unassigned: true }), 'csv')).toBe(
      'a_b_unassigned.csv'
    );
    expect(fileName(originOf({ trials: ['../x/y'] }), 'latex')).toBe('..-x-y.tex');
    expect(fileName(originOf({ trials: ['x'.repeat(500)] }), 'json')).toHaveLength(85);
  });

  it('replaces nothing that is there', () => {
    expect(freeName('mnist.csv', new Set())).toBe('mnist.csv');
    expect(freeName('mnist.csv', new Set(['mnist.csv', 'mnist-1.csv']))).toBe('mnist-2.csv');
  });
});
