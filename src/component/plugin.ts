/** Opens **Describe Trial Component** documents, and stops training jobs. */
import { ILayoutRestorer, JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { Dialog, Notification, showDialog, WidgetTracker } from '@jupyterlab/apputils';
import { ITranslator, nullTranslator, TranslationBundle } from '@jupyterlab/translation';
import { UUID } from '@lumino/coreutils';

import { SmxError } from '../api/errors';
import { CommandIDs, IOpenTrialComponentArgs, IStopTrainingJobArgs } from '../commands';
import { IConnections, ISmxClient, PLUGIN_PREFIX } from '../tokens';
import { addDocument } from '../ui/documents';
import type { TrialComponentPage } from './page';

const name = { type: 'string' } as const;

const plugin: JupyterFrontEndPlugin<void> = {
  id: `${PLUGIN_PREFIX}:component`,
  description: 'Describes one trial component in a tab.',
  autoStart: true,
  requires: [ISmxClient, IConnections],
  optional: [ITranslator, ILayoutRestorer],
  activate: (
    app: JupyterFrontEnd,
    client: ISmxClient,
    connections: IConnections,
    translatorOrNull: ITranslator | null,
    restorer: ILayoutRestorer | null
  ): void => {
    const translator = translatorOrNull ?? nullTranslator;
    const trans = translator.load('smx_lab');
    const tracker = new WidgetTracker<TrialComponentPage>({ namespace: 'smx-trial-component' });

    const open = async (
      args: IOpenTrialComponentArgs & { tab?: string }
    ): Promise<TrialComponentPage> => {
      const { connectionId, trialComponentName } = args;
      const old = tracker.find(
        page =>
          page.args.connectionId === connectionId &&
          page.args.trialComponentName === trialComponentName
      );
      if (old) {
        app.shell.activateById(old.id);
        return old;
      }
      const [{ TrialComponentPage }, { TrialComponentModel }] = await Promise.all([
        import('./page'),
        import('./model')
      ]);
      const model = new TrialComponentModel(client, connections, args);
      const page: TrialComponentPage = new TrialComponentPage(
        { model, commands: app.commands, translator, tab: args.tab },
        () => void tracker.save(page)
      );
      page.id = `smx-trial-component-${UUID.uuid4()}`;
      model.stateChanged.connect(() => nameTabs(tracker, trans));
      page.disposed.connect(() => nameTabs(tracker, trans));
      await tracker.add(page);
      addDocument(app, page, 'Describe Trial Component', {
        command: CommandIDs.openTrialComponent,
        args: { ...args }
      });
      nameTabs(tracker, trans);
      return page;
    };

    app.commands.addCommand(CommandIDs.openTrialComponent, {
      label: trans.__('Open in trial details'),
      describedBy: {
        args: {
          type: 'object',
          properties: {
            connectionId: name,
            trialComponentName: name,
            trialName: name,
            experimentName: name,
            tab: name
          },
          required: ['connectionId', 'trialComponentName']
        }
      },
      execute: args => open(args as unknown as IOpenTrialComponentArgs)
    });
    app.commands.addCommand(CommandIDs.stopTrainingJob, {
      label: trans.__('Stop training job'),
      describedBy: {
        args: {
          type: 'object',
          properties: { connectionId: name, trainingJobName: name },
          required: ['connectionId', 'trainingJobName']
        }
      },
      isEnabled: () => connections.whyNot('stop') === null,
      execute: async args => {
        if (await stop(client, args as unknown as IStopTrainingJobArgs, trans)) {
          tracker.forEach(page => page.refresh());
        }
      }
    });
    void restorer?.restore(tracker, {
      command: CommandIDs.openTrialComponent,
      args: page => ({ ...page.snapshot() }),
      name: page => page.id
    });
  }
};

/** One tab is called by its kind; two of a kind add their object's name. */
function nameTabs(tracker: WidgetTracker<TrialComponentPage>, trans: TranslationBundle): void {
  let count = 0;
  tracker.forEach(page => (count += page.isDisposed ? 0 : 1));
  tracker.forEach(page => {
    page.title.label =
      count > 1
        ? trans.__('Describe Trial Component: %1', page.displayName)
        : trans.__('Describe Trial Component');
    page.title.caption = page.args.trialComponentName;
  });
}

/** Ask, then stop; true if the job was asked to. */
async function stop(
  client: ISmxClient,
  { connectionId, trainingJobName }: IStopTrainingJobArgs,
  trans: TranslationBundle
): Promise<boolean> {
  const answer = await showDialog({
    title: trans.__('Stop training job %1?', trainingJobName),
    body: trans.__('What it has logged so far is kept.'),
    buttons: [
      Dialog.cancelButton({ label: trans.__('Cancel') }),
      Dialog.warnButton({ label: trans.__('Stop training job') })
    ],
    defaultButton: 0
  });
  if (!answer.button.accept) {
    return false;
  }
  try {
    await client.stopTrainingJob(connectionId, trainingJobName);
    return true;
  } catch (reason) {
    Notification.error(SmxError.from(reason).message);
    return false;
  }
}

export default plugin;
