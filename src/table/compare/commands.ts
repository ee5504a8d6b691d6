/** Opens comparisons as tabs, and restores them after a reload. */
import { WidgetTracker } from '@jupyterlab/apputils';

import { CommandIDs, IOpenComparisonArgs } from '../../commands';
import type { ICompareTabsOptions } from './options';
import type { ComparePanel } from './panel';

const NAMES = { type: 'array', items: { type: 'string' } };
const ARGS = {
  type: 'object',
  properties: {
    connectionId: { type: 'string', description: 'Where to look.' },
    experiments: { ...NAMES, description: 'Of the table: names of experiments.' },
    trials: { ...NAMES, description: 'Of the table: names of trials.' },
    unassigned: { type: 'boolean', description: 'Trial components that belong to no trial.' },
    rows: { ...NAMES, description: 'Each a trial, a slash and a trial component.' },
    statistic: { type: 'string', description: 'What metrics show.' },
    view: { type: 'object', description: 'The view of the table, as in a .smxview file.' },
    onlyDifferences: { type: 'boolean' },
    hiddenColumns: { type: 'boolean', description: 'Columns as well that the table does not show.' }
  },
  required: ['connectionId', 'rows']
};

export function addComparisons(options: ICompareTabsOptions): void {
  const { app, translator, restorer } = options;
  const trans = translator.load('smx_lab');
  const tracker = new WidgetTracker<ComparePanel>({ namespace: 'smx-comparison' });
  app.commands.addCommand(CommandIDs.openComparison, {
    label: trans.__('Compare trial components'),
    describedBy: { args: ARGS },
    // The code of the page is loaded when the first page is opened.
    execute: async args => {
      const { openComparison } = await import('./tabs');
      return openComparison(options, tracker, args as unknown as IOpenComparisonArgs);
    }
  });
  void restorer?.restore(tracker, {
    command: CommandIDs.openComparison,
    args: panel => ({ ...panel.model.args, key: panel.id }),
    name: panel => panel.id
  });
}
