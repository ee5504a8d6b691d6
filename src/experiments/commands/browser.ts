/** The commands of the experiments browser; all act on what is selected there. */
import type { CommandRegistry } from '@lumino/commands';

import { CommandIDs } from '../../commands';
import { copy } from '../../ui/clipboard';
import { explainDisabled } from '../../ui/shell/menureasons';
import {
  cleanUpArgs,
  stoppableJob,
  tableOrigin,
  whyNotAny,
  whyNotArn,
  whyNotCleanUp,
  whyNotCopy,
  whyNotDeploy,
  whyNotDetails
} from './actions';
import { cellOf, codeOf, rowsOf } from './clipboardtext';
import { addEditCommands } from './edit';
import type { IBrowserRow } from '../rows/rows';
import type { ICommandOptions } from './options';

const NO_ARGS = { describedBy: { args: { type: 'object', properties: {} } } } as const;

/** Options of a command without arguments that shows why it is disabled. */
function explained(
  whyNot: () => string | null
): Pick<CommandRegistry.ICommandOptions, 'isEnabled' | 'dataset' | 'caption' | 'describedBy'> {
  return { ...NO_ARGS, ...explainDisabled(whyNot) };
}

export function addCommands(options: ICommandOptions): void {
  addPanelCommands(options);
  addOpenCommands(options);
  addCopyCommands(options);
  addEditCommands(options);
}

function addPanelCommands({ commands, model, panel, show, trans }: ICommandOptions): void {
  commands.addCommand(CommandIDs.refreshExperiments, {
    ...NO_ARGS,
    label: trans.__('Refresh Experiments'),
    execute: () => model.refresh()
  });
  commands.addCommand(CommandIDs.goUp, {
    ...NO_ARGS,
    label: trans.__('Go Up in Experiments'),
    isEnabled: () => model.level !== 'experiments',
    execute: () => model.goUp()
  });
  commands.addCommand(CommandIDs.selectAllRows, {
    ...NO_ARGS,
    label: trans.__('Select All Experiment Rows'),
    execute: () => model.selection.selectAll()
  });
  commands.addCommand(CommandIDs.openRowMenu, {
    ...NO_ARGS,
    label: trans.__('Open Context Menu of Experiment Row'),
    isEnabled: () => panel() !== null,
    execute: () => panel()?.openMenu()
  });
  commands.addCommand(CommandIDs.clearExperimentFilters, {
    ...explained(() => (model.filters.length ? null : trans.__('No filters are set'))),
    label: trans.__('Clear All Filters of the Experiments'),
    execute: () => model.setFilters([])
  });
  commands.addCommand(CommandIDs.focusFilter, {
    ...NO_ARGS,
    label: trans.__('Search Experiments'),
    execute: () => {
      show();
      return panel()?.focusFilter();
    }
  });
}

function addOpenCommands(options: ICommandOptions): void {
  const { commands, model, connections, modelData, trans } = options;
  const connectionId = (): string => connections.current?.id ?? '';
  const focused = (): IBrowserRow | undefined =>
    model.rows.find(row => row.key === model.selection.focusKey);
  const details = (row: IBrowserRow): Promise<unknown> =>
    commands.execute(CommandIDs.openTrialComponent, {
      connectionId: connectionId(),
      trialComponentName: row.name,
      ...model.place
    });
  const job = (): ReturnType<typeof stoppableJob> =>
    stoppableJob(model.selectedRows, action => connections.whyNot(action), trans);

  commands.addCommand(CommandIDs.openSelected, {
    ...explained(() => (focused() ? null : trans.__('Select a row first'))),
    label: trans.__('Open'),
    execute: () => {
      const row = focused();
      if (row && !model.enter(row)) {
        return details(row);
      }
    }
  });
  commands.addCommand(CommandIDs.openSelectedInTable, {
    ...explained(() => whyNotAny(model.selectedRows, trans)),
    label: trans.__('Open in trial component list'),
    execute: () => {
      const origin = tableOrigin(model.selectedRows, connectionId());
      return origin && commands.execute(CommandIDs.openTable, { ...origin });
    }
  });
  commands.addCommand(CommandIDs.openSelectedDetails, {
    ...explained(() => whyNotDetails(model.selectedRows, trans)),
    label: trans.__('Open in trial details'),
    execute: () => details(model.selectedRows[0])
  });
  commands.addCommand(CommandIDs.copySelectedExperiment, {
    ...explained(() => whyNotCopy(model.selectedRows, action => connections.whyNot(action), trans)),
    label: trans.__('Copy to another connection…'),
    execute: () =>
      commands.execute(CommandIDs.copyExperiment, {
        connectionId: connectionId(),
        experimentName: model.selectedRows[0].name
      })
  });
  addCleanUpCommand(options);
  commands.addCommand(CommandIDs.deploySelected, {
    ...explained(() =>
      whyNotDeploy(
        model.selectedRows,
        modelData.find(model.selectedRows),
        action => connections.whyNot(action),
        trans
      )
    ),
    label: trans.__('Deploy model'),
    execute: () =>
      commands.execute(CommandIDs.deployModel, {
        connectionId: connectionId(),
        trialComponentName: model.selectedRows[0].name
      })
  });
  commands.addCommand(CommandIDs.stopSelected, {
    ...explained(() => {
      const found = job();
      return 'reason' in found ? found.reason : null;
    }),
    label: trans.__('Stop training job'),
    execute: () => {
      const found = job();
      if ('job' in found) {
        return commands.execute(CommandIDs.stopTrainingJob, {
          connectionId: connectionId(),
          trainingJobName: found.job
        });
      }
    }
  });
}

/** With `onScreen`, only a visible list counts, because the menu bar belongs to no list. */
function addCleanUpCommand({ commands, model, connections, panel, trans }: ICommandOptions): void {
  const whyNot = (): string | null =>
    whyNotCleanUp(model.selectedRows, action => connections.whyNot(action), trans);
  commands.addCommand(CommandIDs.cleanUpSelected, {
    ...explained(whyNot),
    describedBy: {
      args: {
        type: 'object',
        properties: {
          onScreen: { type: 'boolean', description: 'Only if the browser can be seen.' }
        }
      }
    },
    label: trans.__('Clean up…'),
    isEnabled: ({ onScreen }) => whyNot() === null && (!onScreen || panel()?.isVisible === true),
    execute: () =>
      commands.execute(CommandIDs.cleanUp, {
        ...cleanUpArgs(model.selectedRows, connections.current?.id ?? '')
      })
  });
}

function addCopyCommands(options: ICommandOptions): void {
  const { commands, model, connections, codeStyle, trans } = options;
  const any = (): string | null => whyNotAny(model.selectedRows, trans);

  commands.addCommand(CommandIDs.copyLoadingCode, {
    ...explained(any),
    label: trans.__('Copy code'),
    execute: async () => {
      if (connections.current) {
        await copy(codeOf(options, connections.current, codeStyle()), trans);
      }
    }
  });
  commands.addCommand(CommandIDs.copyCellContents, {
    ...explained(any),
    label: trans.__('Copy cell contents'),
    execute: () => copy(cellOf(options) ?? '', trans)
  });
  commands.addCommand(CommandIDs.copyArn, {
    ...explained(() => whyNotArn(model.selectedRows, trans)),
    label: trans.__('Copy ARN'),
    execute: () => {
      const arns = model.selectedRows.map(row => row.arn).filter(arn => arn);
      return copy(arns.join('\n'), trans);
    }
  });
  commands.addCommand(CommandIDs.copySelectedRows, {
    ...explained(any),
    label: trans.__('Copy Selected Experiment Rows'),
    execute: () => copy(rowsOf(options), trans)
  });
}
