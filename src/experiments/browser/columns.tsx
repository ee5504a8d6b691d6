/** The columns of the browser. */
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { IListColumn } from '../../ui/list/options';
import { Name } from '../../ui/pieces/names';
import { absoluteTime, relativeTime } from '../../ui/words/time';
import type { SortBy } from '../rows/sort';
import type { IBrowserRow } from '../rows/rows';

/** Wide enough for "52 minutes ago", and for the header with its arrow; in CSS pixels. */
const CREATED_WIDTH = 112;
const MODIFIED_WIDTH = 132;

/** A column. Its id is the name by which the server sorts. */
interface IBrowserColumn extends IListColumn<IBrowserRow> {
  id: SortBy;
  /** The text that **Copy cell contents** copies. */
  copied: (row: IBrowserRow) => string;
}

/** The text of the Name column. */
export function shownName(row: IBrowserRow, trans: TranslationBundle): string {
  return row.kind === 'unassigned' ? trans.__('Unassigned trial components') : row.displayName;
}

export function browserColumns(
  trans: TranslationBundle,
  locale: string,
  now: number
): IBrowserColumn[] {
  const timeColumn = (
    id: SortBy,
    label: string,
    width: number,
    time: (row: IBrowserRow) => number
  ): IBrowserColumn => ({
    id,
    label,
    width,
    sortable: true,
    text: row => relativeTime(time(row), now, locale),
    draw: row => (
      <time dateTime={new Date(time(row)).toISOString()}>
        {relativeTime(time(row), now, locale)}
      </time>
    ),
    tooltip: row => absoluteTime(time(row), locale),
    copied: row => absoluteTime(time(row), locale)
  });
  return [
    {
      id: 'Name',
      label: trans.__('Name'),
      sortable: true,
      text: row => shownName(row, trans),
      draw: row => <Name name={shownName(row, trans)} title={row.name || shownName(row, trans)} />,
      copied: row => shownName(row, trans)
    },
    timeColumn('CreationTime', trans.__('Created on'), CREATED_WIDTH, row => row.createdTime),
    timeColumn(
      'LastModifiedTime',
      trans.__('Last modified'),
      MODIFIED_WIDTH,
      row => row.modifiedTime
    )
  ];
}
