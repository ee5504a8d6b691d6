/** The commands that change what is selected in the experiments browser. */
import { Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';

import { CommandIDs } from '../../commands';
import { SHORT_MS, notifyErrorOf } from '../../ui/notify';
import { explainDisabled } from '../../ui/shell/menureasons';
import { tooManyReason } from '../../ui/words/reasons';
import { whyNotAny } from './actions';
import type { ICommandOptions } from './options';
import { associate, associateRows, editRow, IEditParts } from './edits';
import type { IBrowserRow } from '../rows/rows';

/** Without these arguments, the selected components are used and the trial is asked for. */
const ASSOCIATE_ARGS = {
  type: 'object',
  properties: {
    connectionId: { type: 'string', description: 'Where they are, if not in the current one.' },
    trialName: { type: 'string', description: 'The trial that takes them.' },
    trialComponentNames: { type: 'array', items: { type: 'string' } }
  }
};

interface IAssociateArgs {
  connectionId?: string;
  trialName?: string;
  trialComponentNames?: string[];
}

export function addEditCommands(options: ICommandOptions): void {
  const { commands, model, connections, client, trans } = options;
  const parts = (): IEditParts => ({
    client,
    connectionId: connections.current?.id ?? '',
    model,
    trans
  });
  const whyNot = (own: (rows: readonly IBrowserRow[]) => string | null): string | null =>
    connections.whyNot('edit') ?? whyNotAny(model.selectedRows, trans) ?? own(model.selectedRows);
  commands.addCommand(CommandIDs.editSelected, {
    describedBy: { args: { type: 'object', properties: {} } },
    label: trans.__('Edit description and tags…'),
    ...explainDisabled(() => whyNot(rows => whyNotEdit(rows, trans))),
    execute: () => notifyErrorOf(() => editRow(model.selectedRows[0], parts()))
  });
  commands.addCommand(CommandIDs.associateSelected, {
    describedBy: { args: ASSOCIATE_ARGS },
    label: trans.__('Associate with trial…'),
    ...explainDisabled(() => whyNot(rows => whyNotAssociate(rows, trans))),
    execute: args =>
      notifyErrorOf(async () => {
        const { connectionId, trialName, trialComponentNames: names } = args as IAssociateArgs;
        if (trialName === undefined || names === undefined) {
          await associateRows(model.selectedRows, parts());
          return;
        }
        const reason = connections.whyNot('edit') ?? tooManyReason(names.length, trans);
        if (reason !== null) {
          Notification.warning(reason, { autoClose: SHORT_MS });
          return;
        }
        await associate(names, trialName, {
          ...parts(),
          ...(connectionId ? { connectionId } : {})
        });
      })
  });
}

/** Return why the description and tags of these rows cannot be edited; null if they can. */
function whyNotEdit(rows: readonly IBrowserRow[], trans: TranslationBundle): string | null {
  if (rows.length > 1) {
    return trans.__('Select one experiment or trial only');
  }
  return rows[0].kind === 'experiment' || rows[0].kind === 'trial'
    ? null
    : trans.__('Select an experiment or a trial');
}

/** Return why these rows cannot be associated with a trial; null if they can. */
function whyNotAssociate(rows: readonly IBrowserRow[], trans: TranslationBundle): string | null {
  if (rows.some(row => row.kind !== 'component')) {
    return trans.__('Select trial components');
  }
  return tooManyReason(rows.length, trans);
}
