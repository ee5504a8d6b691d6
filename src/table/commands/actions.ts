/**
 * The actions on the selected rows of a table, and why they are not possible. Pure, except for
 * reading rows.
 */
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IConnection } from '../../api/types';
import { IDeployModelArgs, IOpenTrialComponentArgs, deployProblem } from '../../commands';
import type { Action } from '../../tokens';
import { clientCode, pythonText } from '../../ui/words/code';
import { deployReason } from '../../ui/words/reasons';
import { IFormat, cellText, exactText, tsv } from '../view/format';
import type { TableModel } from '../model';
import type { IRowFacts } from '../view/options';
import { contentWord } from '../view/words';

type WhyNot = (action: Action) => string | null;

/** Return why no command of a table can be used: there is no table in front. */
export function noTableReason(trans: TranslationBundle): string {
  return trans.__('Open a trial component list first');
}

/** Why the model of the selected row cannot be deployed; null if it can. */
export function whyNotDeploy(
  model: TableModel,
  whyNot: WhyNot,
  trans: TranslationBundle
): string | null {
  const problem = deployProblem(model.selection.rows);
  return (
    whyNot('deploy') ?? whyNotGroups(model, trans) ?? (problem && deployReason(problem, trans))
  );
}

/** Why the training job of the selected row cannot be stopped; null if it can. */
export function whyNotStop(
  model: TableModel,
  whyNot: WhyNot,
  trans: TranslationBundle
): string | null {
  const rows = model.selection.rows;
  const forbidden = whyNot('stop') ?? whyNotOne(model, trans);
  if (forbidden !== null) {
    return forbidden;
  }
  if (rows[0].training_job_name === null) {
    return trans.__('This is no training job');
  }
  return rows[0].status === 'InProgress' ? null : trans.__('The training job is not running');
}

/** Why no action on the selected rows is possible: there are none. */
export function whyNotAny(
  model: Pick<TableModel, 'selection'>,
  trans: TranslationBundle
): string | null {
  return model.selection.size ? null : trans.__('Select a row first');
}

/** Why an action on one row is not possible. */
export function whyNotOne(model: TableModel, trans: TranslationBundle): string | null {
  return model.selection.size > 1
    ? trans.__('Select one row only')
    : (whyNotAny(model, trans) ?? whyNotGroups(model, trans));
}

/** Why an action on trial components is not possible: a group of them is selected. */
export function whyNotGroups(
  model: Pick<TableModel, 'selection'>,
  trans: TranslationBundle
): string | null {
  return model.selection.rows.some(row => row.group)
    ? trans.__('This is a group: unfold it and select its rows')
    : null;
}

/**
 * Return the arguments that open the Deploy model page of a row, with the metrics that the table
 * shows.
 */
export function deployArgs(
  model: TableModel,
  format: IFormat,
  trans: TranslationBundle
): IDeployModelArgs {
  const [row] = model.selection.rows;
  return {
    connectionId: model.connectionId,
    trialComponentName: row.trial_component_name,
    metrics: shownMetrics(model, row, format, trans)
  };
}

/** Return the metrics as the table shows them: `test:accuracy (Maximum)` to `97.53`. */
function shownMetrics(
  model: TableModel,
  row: IRowFacts,
  format: IFormat,
  trans: TranslationBundle
): Record<string, string> {
  const index = model.rows.indexOf(row.id);
  const metrics: Record<string, string> = {};
  for (const column of model.shown) {
    const cell = index === undefined ? undefined : model.rows.cell(index, column.key);
    if (column.kind === 'metric' && cell !== undefined && cell !== null) {
      const decimals = model.rows.decimals(column.key);
      const header = `${column.label} (${contentWord(column, trans)})`;
      metrics[header] = cellText(column, cell, row, decimals, format).text;
    }
  }
  return metrics;
}

/** Return the arguments that open the trial component of a row. */
export function detailsArgs(model: TableModel, row: IRowFacts): IOpenTrialComponentArgs {
  return {
    connectionId: model.connectionId,
    trialComponentName: row.trial_component_name,
    ...(row.trial_name === null ? {} : { trialName: row.trial_name }),
    ...(row.experiment_name === null ? {} : { experimentName: row.experiment_name })
  };
}

/** Return the exact value of the active cell. */
export function activeCellText(model: TableModel): string {
  const { row: index, column: id } = model.selection.active;
  const row = model.rows.row(index);
  const column = model.shown.find(shown => shown.id === id) ?? model.shown[0];
  const cell = column && model.rows.cell(index, column.key);
  return row && cell !== undefined ? exactText(column, cell, row) : '';
}

/** Return the selected rows as tab-separated lines of exact values, below the column names. */
export async function selectedTsv(model: TableModel, trans: TranslationBundle): Promise<string> {
  const columns = model.shown;
  const wanted = new Set(model.selection.rows.map(row => row.id));
  const places = await placesOf(model, wanted);
  const header = columns.map(column => {
    const content = contentWord(column, trans);
    return content ? `${column.label} (${content})` : column.label;
  });
  const lines = [header];
  for (const [first, last] of runs(places)) {
    for (const row of await model.read(first, last, columns)) {
      if (wanted.has(row.id)) {
        lines.push(columns.map((column, place) => exactText(column, row.cells[place], row)));
      }
    }
  }
  return tsv(lines);
}

/** Return the indexes of rows in ascending order, also of selected rows that are not loaded. */
async function placesOf(model: TableModel, ids: ReadonlySet<string>): Promise<readonly number[]> {
  const known = [...ids].flatMap(id => model.rows.indexOf(id) ?? []);
  if (known.length === ids.size) {
    return known.sort((a, b) => a - b);
  }
  const rows = await model.read(0, (model.rows.total ?? 0) - 1, []);
  return rows.flatMap((row, at) => (ids.has(row.id) ? [at] : []));
}

/** Return every value of a column, one on each line, in the order on the screen. */
export async function columnValues(model: TableModel, columnId: string): Promise<string> {
  const column = model.shown.find(shown => shown.id === columnId);
  const last = (model.rows.total ?? 0) - 1;
  if (column === undefined || last < 0) {
    return '';
  }
  const rows = await model.read(0, last, [column]);
  return tsv(rows.map(row => [exactText(column, row.cells[0], row)]));
}

/** Return lines of Python that load the trial components of the selected rows. */
export function loadingCode(model: TableModel, connection: IConnection | undefined): string {
  const names = [...new Set(model.selection.rows.map(row => row.trial_component_name))];
  const lines = clientCode(connection);
  if (names.length === 1) {
    const name = pythonText(names[0]);
    lines.push(`trial_component = sm.describe_trial_component(TrialComponentName=${name})`);
  } else {
    lines.push(
      'trial_component_names = [',
      ...names.map(name => `    ${pythonText(name)},`),
      ']',
      'trial_components = [',
      '    sm.describe_trial_component(TrialComponentName=name) for name in trial_component_names',
      ']'
    );
  }
  return lines.join('\n') + '\n';
}

/** Rows closer to each other than this are read by one request. Our choice. */
const NEAR = 50;

/** Combine ascending indexes into few ranges, ends included. */
function runs(places: readonly number[]): [number, number][] {
  const found: [number, number][] = [];
  for (const place of places) {
    const run = found.at(-1);
    if (run && place - run[1] <= NEAR) {
      run[1] = place;
    } else {
      found.push([place, place]);
    }
  }
  return found;
}
