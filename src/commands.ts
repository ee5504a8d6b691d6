/**
 * Every command: its id and its arguments. The plugin that adds a command has its label.
 *
 * Features use each other only through these commands: to open a table, execute `openTable`.
 */
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

import type { IRow, Statistic } from './api/types';

export namespace CommandIDs {
  // links
  export const followLink = 'smx-lab:follow-link';
  // connection
  export const selectConnection = 'smx-lab:select-connection';
  export const selectRegion = 'smx-lab:select-region';
  export const useLocalService = 'smx-lab:use-local-service';
  export const testConnection = 'smx-lab:test-connection';
  // copying
  export const copyExperiment = 'smx-lab:copy-experiment';
  export const copySelectedExperiment = 'smx-lab:copy-selected-experiment';
  // cleaning up
  export const cleanUp = 'smx-lab:clean-up';
  export const cleanUpSelected = 'smx-lab:clean-up-selected';
  export const cleanUpTableRows = 'smx-lab:clean-up-table-rows';
  // experiments browser
  export const showExperiments = 'smx-lab:show-experiments';
  export const refreshExperiments = 'smx-lab:refresh-experiments';
  export const openSelected = 'smx-lab:open-selected';
  export const goUp = 'smx-lab:go-up';
  export const openSelectedInTable = 'smx-lab:open-selected-in-table';
  export const openSelectedDetails = 'smx-lab:open-selected-details';
  export const deploySelected = 'smx-lab:deploy-selected';
  export const stopSelected = 'smx-lab:stop-selected';
  export const editSelected = 'smx-lab:edit-selected';
  export const associateSelected = 'smx-lab:associate-selected';
  export const copyLoadingCode = 'smx-lab:copy-loading-code';
  export const copyCellContents = 'smx-lab:copy-cell-contents';
  export const copyArn = 'smx-lab:copy-arn';
  export const copySelectedRows = 'smx-lab:copy-selected-rows';
  export const selectAllRows = 'smx-lab:select-all-rows';
  export const openRowMenu = 'smx-lab:open-row-menu';
  export const clearExperimentFilters = 'smx-lab:clear-experiment-filters';
  export const focusFilter = 'smx-lab:focus-filter';
  // trial component list
  export const openTable = 'smx-lab:open-table';
  export const toggleTableProperties = 'smx-lab:toggle-table-properties';
  export const refreshTable = 'smx-lab:refresh-table';
  export const openTableRow = 'smx-lab:open-table-row';
  export const openTableMenu = 'smx-lab:open-table-menu';
  export const deployTableRow = 'smx-lab:deploy-table-row';
  export const stopTableRow = 'smx-lab:stop-table-row';
  export const editTableTags = 'smx-lab:edit-table-tags';
  export const copyTableCell = 'smx-lab:copy-table-cell';
  export const copyTableRows = 'smx-lab:copy-table-rows';
  export const copyTableRowName = 'smx-lab:copy-table-row-name';
  export const copyTableRowArn = 'smx-lab:copy-table-row-arn';
  export const copyTableRowCode = 'smx-lab:copy-table-row-code';
  export const sortTable = 'smx-lab:sort-table';
  export const clearTableSort = 'smx-lab:clear-table-sort';
  export const aggregateTable = 'smx-lab:aggregate-table';
  export const filterTable = 'smx-lab:filter-table';
  export const filterTableColumn = 'smx-lab:filter-table-column';
  export const clearTableFilters = 'smx-lab:clear-table-filters';
  export const addTableColumn = 'smx-lab:add-table-column';
  export const bestStepTableColumn = 'smx-lab:best-step-table-column';
  export const formatTableColumn = 'smx-lab:format-table-column';
  export const pinTableColumn = 'smx-lab:pin-table-column';
  export const hideTableColumn = 'smx-lab:hide-table-column';
  export const moveTableColumn = 'smx-lab:move-table-column';
  export const resizeTableColumn = 'smx-lab:resize-table-column';
  export const fitTableColumn = 'smx-lab:fit-table-column';
  export const copyTableColumnName = 'smx-lab:copy-table-column-name';
  export const copyTableColumnValues = 'smx-lab:copy-table-column-values';
  export const openExportMenu = 'smx-lab:open-export-menu';
  export const exportTable = 'smx-lab:export-table';
  export const copyTableCode = 'smx-lab:copy-table-code';
  export const openViewsMenu = 'smx-lab:open-views-menu';
  export const applyTableView = 'smx-lab:apply-table-view';
  export const saveTableView = 'smx-lab:save-table-view';
  export const saveTableViewAs = 'smx-lab:save-table-view-as';
  export const renameTableView = 'smx-lab:rename-table-view';
  export const deleteTableView = 'smx-lab:delete-table-view';
  export const setDefaultTableView = 'smx-lab:set-default-table-view';
  export const saveTableViewFile = 'smx-lab:save-table-view-file';
  export const copyTableLink = 'smx-lab:copy-table-link';
  export const setTableBaseline = 'smx-lab:set-table-baseline';
  export const clearTableBaseline = 'smx-lab:clear-table-baseline';
  export const compareTableRows = 'smx-lab:compare-table-rows';
  export const toggleTableDifferences = 'smx-lab:toggle-table-differences';
  export const toggleTableBest = 'smx-lab:toggle-table-best';
  export const groupTable = 'smx-lab:group-table';
  export const ungroupTable = 'smx-lab:ungroup-table';
  export const unfoldTableGroup = 'smx-lab:unfold-table-group';
  export const addTableChart = 'smx-lab:add-table-chart';
  export const editTableChart = 'smx-lab:edit-table-chart';
  export const closeTableChartProperties = 'smx-lab:close-table-chart-properties';
  export const toggleTableChartFull = 'smx-lab:toggle-table-chart-full';
  export const toggleTableChartValues = 'smx-lab:toggle-table-chart-values';
  export const openTableChartMenu = 'smx-lab:open-table-chart-menu';
  export const downloadTableChart = 'smx-lab:download-table-chart';
  export const copyTableChartCode = 'smx-lab:copy-table-chart-code';
  export const removeTableChart = 'smx-lab:remove-table-chart';
  export const openComparison = 'smx-lab:open-comparison';
  // trial component
  export const openTrialComponent = 'smx-lab:open-trial-component';
  export const stopTrainingJob = 'smx-lab:stop-training-job';
  // deploy and endpoints
  export const deployModel = 'smx-lab:deploy-model';
  export const showEndpoints = 'smx-lab:show-endpoints';
  export const openEndpoint = 'smx-lab:open-endpoint';
  export const testInference = 'smx-lab:test-inference';
  export const copyEndpointCode = 'smx-lab:copy-endpoint-code';
  export const copyEndpointArn = 'smx-lab:copy-endpoint-arn';
  export const deleteEndpoint = 'smx-lab:delete-endpoint';
  export const refreshEndpoints = 'smx-lab:refresh-endpoints';
  export const copyEndpointRows = 'smx-lab:copy-endpoint-rows';
  export const openEndpointMenu = 'smx-lab:open-endpoint-menu';
  export const filterEndpoints = 'smx-lab:filter-endpoints';
  // notebook
  export const openExampleNotebook = 'smx-lab:open-example-notebook';
}

/**
 * Arguments of `openTable`; at least one origin. `newTab` opens another tab for the same origin.
 */
export interface IOpenTableArgs {
  connectionId: string;
  experiments?: string[];
  trials?: string[];
  unassigned?: boolean;
  newTab?: boolean;
  /** The saved part of a view, as in a `.smxview` file. It is shown in a tab of its own. */
  view?: ReadonlyPartialJSONObject;
  /** The name of a saved view, in place of `view`. */
  viewName?: string;
  /** The file that `view` was read from. */
  viewFile?: string;
}

/** Arguments of `deployModel`: the trial component of a completed training job, and its metrics. */
export interface IDeployModelArgs {
  connectionId: string;
  trialComponentName: string;
  /** Metrics as the table shows them: header text to cell text. */
  metrics?: Record<string, string>;
}

/** Arguments of `openTrialComponent`. */
export interface IOpenTrialComponentArgs {
  connectionId: string;
  trialComponentName: string;
  trialName?: string;
  experimentName?: string;
}

/** Arguments of `openComparison`: some rows of the table of an origin, side by side. */
export interface IOpenComparisonArgs extends Omit<IOpenTableArgs, 'newTab'> {
  /** Ids of rows: trial, slash, trial component. */
  rows: readonly string[];
  /** The statistic of metrics for which the view sets none. */
  statistic?: Statistic;
  onlyDifferences?: boolean;
  /** Whether columns that the table hides are compared too. */
  hiddenColumns?: boolean;
}

/** Arguments of `copyExperiment`, which asks for the target and shows a plan before it starts. */
export interface ICopyExperimentArgs {
  connectionId: string;
  experimentName: string;
}

/**
 * Arguments of `cleanUp`, which shows a plan before it starts. Without names it takes the
 * selection.
 */
export interface ICleanUpArgs {
  connectionId: string;
  experiments?: string[];
  trials?: string[];
  trialComponents?: string[];
}

/** Arguments of `stopTrainingJob`, which asks before it stops the job. */
export interface IStopTrainingJobArgs {
  connectionId: string;
  trainingJobName: string;
}

/** Arguments of `openEndpoint`, `deleteEndpoint` and other commands on one endpoint. */
export interface IEndpointArgs {
  connectionId: string;
  endpointName: string;
}

/** Arguments of `openEndpoint`: `tab` is the part to show; without it, the one shown last. */
export interface IOpenEndpointArgs extends IEndpointArgs {
  tab?: 'inference' | 'settings' | 'logs';
}

/**
 * Why the model of these rows cannot be deployed; null if it can.
 *
 * The table, the experiments browser and the Deploy model page share this rule.
 */
export type DeployProblem =
  'none-selected' | 'many-selected' | 'no-job' | 'not-completed' | 'no-model';

export function deployProblem(
  rows: readonly Pick<IRow, 'type' | 'status' | 'model_data'>[]
): DeployProblem | null {
  if (rows.length === 0) {
    return 'none-selected';
  }
  if (rows.length > 1) {
    return 'many-selected';
  }
  const [row] = rows;
  if (row.type !== 'Training job') {
    return 'no-job';
  }
  if (row.status !== 'Completed') {
    return 'not-completed';
  }
  return row.model_data ? null : 'no-model';
}
