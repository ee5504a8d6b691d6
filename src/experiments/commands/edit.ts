/** The commands that change what is selected in the experiments browser. */
import { Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';

import { CommandIDs } from '../../commands';
import { reasonDataset } from '../../ui/shell/menureasons';
import { whyNotAny } from './actions';
import type { ICommandOptions } from './options';
import { associate, associateRows, editRow, IEditParts, shown } from './edits';
import type { IBrowserRow } from '../rows/rows';

/** Without them the selected components are meant, and the trial is asked for. */
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

/** Associated by one request; the server takes no more. */
const MAX_AT_ONCE = 50;

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
  const whyNotEdit = (): string | null => whyNot(rows => whyNotEdited(rows, trans));
  commands.addCommand(CommandIDs.editSelected, {
    describedBy: { args: { type: 'object', properties: {} } },
    label: trans.__('Edit description and tags…'),
    isEnabled: () => whyNotEdit() === null,
    dataset: () => reasonDataset(whyNotEdit()),
    caption: () => whyNotEdit() ?? '',
    execute: () => shown(() => editRow(model.selectedRows[0], parts()))
  });
  const whyNotAssociate = (): string | null => whyNot(rows => whyNotAssociated(rows, trans));
  commands.addCommand(CommandIDs.associateSelected, {
    describedBy: { args: ASSOCIATE_ARGS },
    label: trans.__('Associate with trial…'),
    isEnabled: () => whyNotAssociate() === null,
    dataset: () => reasonDataset(whyNotAssociate()),
    caption: () => whyNotAssociate() ?? '',
    execute: args =>
      shown(async () => {
        const { connectionId, trialName, trialComponentNames: names } = args as IAssociateArgs;
        if (trialName === undefined || names === undefined) {
          await associateRows(model.selectedRows, parts());
          return;
        }
        const reason = connections.whyNot('edit') ?? whyNotMany(names.length, trans);
        if (reason !== null) {
          Notification.warning(reason, { autoClose: 5000 });
          return;
        }
        await associate(names, trialName, {
          ...parts(),
          ...(connectionId ? { connectionId } : {})
        });
      })
  });
}

/** Why these rows have no words to edit. */
function whyNotEdited(
  rows: readonly IBrowserRow[],
  trans: TranslationBundle
): string | null {
  if (rows.length > 1) {
    return trans.__('Select one experiment or trial only');
  }
  return rows[0].kind === 'experiment' || rows[0].kind === 'trial'
    ? null
    : trans.__('Select an experiment or a trial');
}

/** Why these rows cannot be put into a trial. */
function whyNotAssociated(
  rows: readonly IBrowserRow[],
  trans: TranslationBundle
): string | null {
  if (rows.some(row => row.kind !== 'component')) {
    return trans.__('Select trial components');
  }
  return whyNotMany(rows.length, trans);
}

function whyNotMany(count: number, trans: TranslationBundle): string | null {
  return count > MAX_AT_ONCE ? trans.__('Select at most %1 trial components', MAX_AT_ONCE) : null;
}
