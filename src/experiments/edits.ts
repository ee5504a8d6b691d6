/** What the editing commands do. Loaded when the first of them is used. */
import type { TranslationBundle } from '@jupyterlab/translation';

import type { SmxClient } from '../api/client';
import { editDetails } from '../ui/editdialog';
import type { ExperimentsModel } from './model';
import type { IBrowserRow } from './rows';
import { chooseTrial } from './trialdialog';

export interface IEditParts {
  client: SmxClient;
  connectionId: string;
  model: ExperimentsModel;
  trans: TranslationBundle;
}

/** **Edit description and tags…** of an experiment or a trial. */
export async function editRow(row: IBrowserRow, parts: IEditParts): Promise<void> {
  const { client, connectionId, model, trans } = parts;
  const isTrial = row.kind === 'trial';
  const [{ resources }, described] = await Promise.all([
    client.listTags(connectionId, [row.arn]),
    isTrial ? null : client.describeExperiment(connectionId, row.name)
  ]);
  const changed = await editDetails({
    title: trans.__('Edit %1', row.displayName),
    tags: resources.map(resource => resource.tags),
    words: {
      displayName: row.displayName,
      ...(described ? { description: described.description ?? '' } : {})
    },
    send: async (tags, words) => {
      if (words && isTrial) {
        await client.editTrial(connectionId, row.name, { display_name: words.displayName });
      } else if (words) {
        const { displayName, description } = words;
        const members = { display_name: displayName, description };
        await client.editExperiment(connectionId, row.name, members);
      }
      if (tags) {
        const { put, remove } = tags;
        await client.editTags(connectionId, {
          resource_arns: [row.arn],
          put: { ...put },
          remove: [...remove]
        });
      }
    },
    trans
  });
  if (changed) {
    await model.refresh();
  }
}

/** **Associate with trial…** of trial components. */
export async function associateRows(
  rows: readonly IBrowserRow[],
  parts: IEditParts
): Promise<void> {
  const { client, connectionId, model, trans } = parts;
  const names = rows.map(row => row.name);
  const changed = await chooseTrial({
    title: trans._n(
      'Associate %2 with a trial',
      'Associate %1 trial components with a trial',
      rows.length,
      rows[0].displayName
    ),
    listTrials: async contains => {
      const query = contains ? { name_contains: contains } : {};
      return (await client.listAllTrials(connectionId, query)).trials;
    },
    send: async trialName => {
      await client.associate(connectionId, trialName, names);
    },
    trans
  });
  if (changed) {
    await model.refresh();
  }
}
