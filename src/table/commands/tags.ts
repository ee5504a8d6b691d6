/** **Edit tags…** of the selected rows. */
import { Notification } from '@jupyterlab/apputils';

import { SmxError } from '../../api/errors';
import { CommandIDs } from '../../commands';
import { editDetails } from '../../ui/forms/editdialog';
import type { IParts } from './options';
import type { TablePanel } from '../panel';
import { whyNotAny, whyNotGroups } from './actions';

/** Tagged by one request; the server takes no more. */
const MAX_AT_ONCE = 50;

export function addTagCommands({
  commands,
  connections,
  table,
  trans,
  explained,
  client
}: IParts): void {
  const edit = async (panel: TablePanel): Promise<void> => {
    const { connectionId } = panel.model;
    const arns = arnsOf(panel);
    const { resources } = await client.listTags(connectionId, arns);
    const [row] = panel.model.selection.rows;
    const changed = await editDetails({
      title: trans._n('Tags of %2', 'Tags of %1 trial components', arns.length, row.display_name),
      tags: resources.map(({ tags }) => tags),
      words: null,
      send: async tags => {
        if (tags) {
          const { put, remove } = tags;
          const changes = { resource_arns: arns, put: { ...put }, remove: [...remove] };
          await client.editTags(connectionId, changes);
        }
      },
      trans
    });
    if (changed) {
      await panel.model.refresh();
    }
  };
  commands.addCommand(CommandIDs.editTableTags, {
    ...explained(panel => {
      const { model } = panel;
      const forbidden =
        connections.whyNot('edit') ?? whyNotAny(model, trans) ?? whyNotGroups(model, trans);
      const count = arnsOf(panel).length;
      return (
        forbidden ??
        (count === 0
          ? trans.__('Select a trial component')
          : count > MAX_AT_ONCE
            ? trans.__('Select at most %1 trial components', MAX_AT_ONCE)
            : null)
      );
    }),
    label: trans.__('Edit tags…'),
    execute: async () => {
      const panel = table();
      try {
        if (panel) {
          await edit(panel);
        }
      } catch (reason) {
        Notification.error(SmxError.from(reason).message, { autoClose: false });
      }
    }
  });
}

/** The components of the selected rows, each once; a row that stands for a group has none. */
function arnsOf({ model }: TablePanel): string[] {
  const arns = model.selection.rows.map(row => row.trial_component_arn);
  return [...new Set(arns.filter(arn => arn !== ''))];
}
