/** The actions of the editing commands. */
import { Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { SmxClient } from '../../api/client';
import { editDetails } from '../../ui/forms/editdialog';
import { notifyErrorOf } from '../../ui/notify';
import type { ExperimentsModel } from '../model';
import type { IBrowserRow } from '../rows/rows';
import { chooseTrial } from './trialdialog';

/** The button **Undo** is offered this long, in milliseconds. Our choice. */
const UNDO_MS = 15_000;

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

/** **Associate with trial…** of trial components: asks for the trial. */
export async function associateRows(
  rows: readonly IBrowserRow[],
  parts: IEditParts
): Promise<void> {
  const { client, connectionId, trans } = parts;
  await chooseTrial({
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
    send: trialName =>
      associate(
        rows.map(row => row.name),
        trialName,
        parts
      ),
    trans
  });
}

/** Associate trial components with a trial, and offer to undo it. */
export async function associate(
  names: readonly string[],
  trialName: string,
  { client, connectionId, model, trans }: IEditParts
): Promise<void> {
  const { added } = await client.associate(connectionId, trialName, names);
  if (added.length === 0) {
    Notification.info(
      trans._n(
        '%2 was in the trial %3 already.',
        'All %1 trial components were in the trial %3 already.',
        names.length,
        names[0],
        trialName
      ),
      { autoClose: UNDO_MS }
    );
    return;
  }
  const undo = async (): Promise<void> => {
    await client.disassociate(connectionId, trialName, added);
    await model.refresh();
  };
  Notification.success(
    trans._n(
      '%2 is in the trial %3 now.',
      '%1 trial components are in the trial %3 now.',
      added.length,
      added[0],
      trialName
    ),
    {
      autoClose: UNDO_MS,
      actions: [{ label: trans.__('Undo'), callback: () => void notifyErrorOf(undo) }]
    }
  );
  await model.refresh();
}
