/** Rows side by side: their fields, differences and best values. Pure. */
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

import type { IColumn, IRow, IRowWindow } from '../../api/types';
import type { IOpenComparisonArgs } from '../../commands';
import { ColumnKind, GROUPS, IShownColumn, TRIAL_COMPONENT } from '../view/columns';
import { hasBest } from '../../ui/words/statistics';
import { Goal, NOTHING_COMPARED, goalOf } from '../view/comparing';
import { IFormat, cellText, exactText, tsv } from '../view/format';
import type { TableModel } from '../model';
import { numberText } from '../view/numberformat';
import { applySaved, savedForm } from '../views/saved';
import { DEFAULT_VIEW, shownColumns } from '../view/view';

/** This many rows fit side by side. */
export const MAX_COMPARED = 5;

/** One value of a field. */
interface IComparedCell {
  readonly text: string;
  readonly title: string;
  /** The difference to the number of the first row; empty for none. */
  readonly difference: string;
  readonly isBest: boolean;
}

/** One field, which is a line of the comparison. */
export interface IComparedField {
  readonly column: IShownColumn;
  readonly cells: readonly IComparedCell[];
  readonly differs: boolean;
  readonly isNumber: boolean;
}

/** The fields of one kind. */
export interface IComparedSection {
  readonly kind: ColumnKind;
  readonly fields: readonly IComparedField[];
}

/** Return the arguments that open the comparison of the selected rows. */
export function comparisonArgs(model: TableModel): IOpenComparisonArgs {
  return {
    ...model.origin,
    connectionId: model.connectionId,
    rows: model.selection.rows.map(row => row.id).slice(0, MAX_COMPARED),
    statistic: model.defaultStatistic,
    // The columns, their contents and formats, and which values are best.
    view: savedForm(model.view) as ReadonlyPartialJSONObject
  };
}

/** Return the columns of a table with their contents and formats; hidden columns only on demand. */
export function comparedFields(
  columns: readonly IColumn[],
  args: Pick<IOpenComparisonArgs, 'statistic' | 'view' | 'hiddenColumns'>
): readonly IShownColumn[] {
  const view = applySaved(DEFAULT_VIEW, args.view ?? {}, null);
  return shownColumns(
    args.hiddenColumns ? { ...view, groups: {} } : view,
    columns,
    args.statistic ?? 'Last'
  );
}

/** Return which values are best, according to the view of the table. */
export function comparedGoals({
  view
}: Pick<IOpenComparisonArgs, 'view'>): Readonly<Record<string, Goal>> {
  return applySaved(DEFAULT_VIEW, view ?? {}, null).comparing.goals;
}

/** Return the fields that at least one row has a value for, by kind. */
export function comparedSections(
  fields: readonly IShownColumn[],
  { rows, decimals }: Pick<IRowWindow, 'rows' | 'decimals'>,
  goals: Readonly<Record<string, Goal>>,
  format: IFormat
): readonly IComparedSection[] {
  const compared = fields.flatMap((column, at): IComparedField[] => {
    const field = comparedField(column, at, rows, decimals[at], goals, format);
    return field.cells.some(cell => cell.text !== '') ? [field] : [];
  });
  return GROUPS.map(kind => ({
    kind,
    fields: compared.filter(({ column }) => column.kind === kind)
  })).filter(section => section.fields.length > 0);
}

function comparedField(
  column: IShownColumn,
  at: number,
  rows: readonly IRow[],
  decimals: number | null,
  goals: Readonly<Record<string, Goal>>,
  format: IFormat
): IComparedField {
  const values = rows.map(row => row.cells[at]);
  const best = bestOf(column, values, goals);
  const isNumber = column.type === 'number';
  const first = isNumber && typeof values[0] === 'number' ? values[0] : null;
  const cells = rows.map((row, place): IComparedCell => {
    const value = values[place];
    const by = first !== null && place > 0 && typeof value === 'number' ? value - first : null;
    const shown = cellText(column, value, row, decimals, format);
    return {
      // Two times side by side, in the same hour, must be distinguishable.
      text: column.type === 'time' ? shown.title : shown.text,
      title: shown.title,
      difference: by === null || by === 0 ? '' : signed(by, column, decimals, format.locale),
      isBest: best !== null && value === best
    };
  });
  // Two components of the same display name are still two.
  const told = rows.map((row, place) =>
    column.id === TRIAL_COMPONENT ? row.trial_component_name : String(values[place])
  );
  return { column, cells, differs: new Set(told).size > 1, isNumber };
}

/** Return the best number of a metric; null if there is none, or all are equal. */
function bestOf(
  column: IShownColumn,
  values: readonly IRow['cells'][number][],
  goals: Readonly<Record<string, Goal>>
): number | null {
  const numbers = values.filter(value => typeof value === 'number');
  const goal = goalOf({ ...NOTHING_COMPARED, goals }, column);
  if (column.kind !== 'metric' || goal === 'None' || !hasBest(column.statistic)) {
    return null;
  }
  const [lowest, highest] = [Math.min(...numbers), Math.max(...numbers)];
  if (numbers.length < 2 || lowest === highest) {
    return null;
  }
  return goal === 'Max' ? highest : lowest;
}

function signed(
  by: number,
  { format }: IShownColumn,
  decimals: number | null,
  locale: string
): string {
  const size = Math.abs(by);
  const isLost = decimals !== null && size < 0.5 * 10 ** -decimals;
  return (by < 0 ? '−' : '+') + numberText(size, isLost ? null : decimals, locale, format);
}

/** Keep only the fields in which the rows differ. */
export function onlyDifferent(sections: readonly IComparedSection[]): readonly IComparedSection[] {
  return sections
    .map(({ kind, fields }) => ({ kind, fields: fields.filter(field => field.differs) }))
    .filter(section => section.fields.length > 0);
}

/** Keep only the fields whose name contains the text. */
export function withNameLike(
  sections: readonly IComparedSection[],
  text: string
): readonly IComparedSection[] {
  const word = text.trim().toLocaleLowerCase();
  return sections
    .map(({ kind, fields }) => ({
      kind,
      fields: fields.filter(({ column }) => column.label.toLocaleLowerCase().includes(word))
    }))
    .filter(section => section.fields.length > 0);
}

/** Return a comparison as tab-separated lines of exact values. */
export function comparisonTsv(
  sections: readonly IComparedSection[],
  fields: readonly IShownColumn[],
  rows: readonly IRow[],
  heading: string,
  label: (column: IShownColumn) => string
): string {
  const places = new Map(fields.map((column, at) => [column.key, at]));
  const lines = sections
    .flatMap(section => section.fields)
    .map(({ column }) => [
      label(column),
      ...rows.map(row => exactText(column, row.cells[places.get(column.key)!], row))
    ]);
  return tsv([[heading, ...rows.map(row => row.trial_component_name)], ...lines]);
}
