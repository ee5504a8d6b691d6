/** **Edit tags…** of the selected rows. */
import { CommandIDs } from '../../commands';
import { editDetails } from '../../ui/forms/editdialog';
import { notifyErrorOf } from '../../ui/notify';
import { tooManyReason } from '../../ui/words/reasons';
import type { IParts } from './options';
import type { TablePanel } from '../panel';
import { whyNotAny, whyNotGroups } from './actions';

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
        (count === 0 ? trans.__('Select a trial component') : tooManyReason(count, trans))
      );
    }),
    label: trans.__('Edit tags…'),
    execute: async () => {
      const panel = table();
      if (panel) {
        await notifyErrorOf(() => edit(panel));
      }
    }
  });
}

/**
 * Return the ARNs of the components of the selected rows. A row that stands for a group has none.
 */
function arnsOf({ model }: TablePanel): string[] {
  const arns = model.selection.rows.map(row => row.trial_component_arn);
  return [...new Set(arns.filter(arn => arn !== ''))];
}
