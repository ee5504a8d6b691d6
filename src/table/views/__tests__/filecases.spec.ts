/** The same cases hold `smx-lab export --view` to what the screen shows: see `core/view_file.py`. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

import type { IBestStep, IColumn } from '../../../api/types';
import { comparedColumns } from '../../view/comparing';
import { applySaved, missingColumns } from '../saved';
import { DEFAULT_VIEW, rowQuery, shownColumns, viewColumn } from '../../view/view';

interface ICase {
  name: string;
  saved: Record<string, unknown>;
  columns: unknown[];
  query: { sort?: unknown[]; types?: string[]; filters?: unknown[]; group_by?: string[] };
  missing: string[];
}

const file = JSON.parse(readFileSync('tests/core/views/view_file_cases.json', 'utf-8')) as {
  columns: string[];
  cases: ICase[];
};

const columns = file.columns.map(text => {
  const [, id, type] = /^(.*) (\w+)$/.exec(text)!;
  const [kind, name] = [id.slice(0, id.indexOf(':')), id.slice(id.indexOf(':') + 1)];
  return { id, kind, name, label: name, type } as IColumn;
});

function step(at: IBestStep | null | undefined): unknown {
  return at ? [at.metric, at.goal] : null;
}

describe('a saved view', () => {
  it.each(file.cases)('is shown as the command line exports it: $name', found => {
    const view = applySaved(DEFAULT_VIEW, found.saved, null);
    const query = rowQuery(view, columns, 'Last');
    const shown = comparedColumns(shownColumns(view, columns, 'Last'), view, query, null);
    expect(
      shown.map(viewColumn).map(({ column, statistic, at }) => [column, statistic, step(at)])
    ).toEqual(found.columns);
    expect(
      query.sort.map(({ column, statistic, at, descending }) => [
        column,
        statistic,
        step(at),
        descending
      ])
    ).toEqual(found.query.sort ?? []);
    expect(query.types).toEqual(found.query.types ?? null);
    expect(
      query.filters.map(({ column, operator, statistic, values }) => [
        column,
        operator,
        statistic,
        values
      ])
    ).toEqual(found.query.filters ?? []);
    expect(query.group_by).toEqual(found.query.group_by ?? []);
    expect(missingColumns(found.saved, columns)).toEqual(found.missing);
  });
});
