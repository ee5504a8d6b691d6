/** The tabs of trial components, and the question before a training job is stopped. */
import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Dialog, showDialog, type WidgetTracker } from '@jupyterlab/apputils';
import type { ITranslator, TranslationBundle } from '@jupyterlab/translation';

import { CommandIDs, IOpenTrialComponentArgs, IStopTrainingJobArgs } from '../commands';
import type { IConnections, ISmxClient } from '../tokens';
import { notifyError } from '../ui/notify';
import { showDocument } from '../ui/shell/documents';
import { TrialComponentModel } from './model';
import { TrialComponentPage } from './page';

/** The parts of JupyterLab and of this extension that the feature uses. */
export interface IComponentParts {
  app: JupyterFrontEnd;
  client: ISmxClient;
  connections: IConnections;
  tracker: WidgetTracker<TrialComponentPage>;
  translator: ITranslator;
  trans: TranslationBundle;
}

/** Open the tab of a trial component, or show the one that is open. */
export async function openPage(
  parts: IComponentParts,
  args: IOpenTrialComponentArgs & { tab?: string }
): Promise<TrialComponentPage> {
  const { app, client, connections, tracker, translator, trans } = parts;
  const { connectionId, trialComponentName } = args;
  const old = tracker.find(
    page =>
      page.args.connectionId === connectionId && page.args.trialComponentName === trialComponentName
  );
  if (old) {
    if (args.trialName !== undefined) {
      old.lookIn(args.experimentName, args.trialName);
      void tracker.save(old);
    }
    show(parts, old);
    return old;
  }
  const model = new TrialComponentModel(client, connections, args);
  const page: TrialComponentPage = new TrialComponentPage(
    { model, commands: app.commands, translator, tab: args.tab },
    () => void tracker.save(page)
  );
  // JupyterLab finds the tab's place after a reload by this id, so it must stay the same.
  const key = JSON.stringify([connectionId, trialComponentName]);
  page.id = `smx-trial-component:${encodeURIComponent(key)}`;
  model.stateChanged.connect(() => nameTabs(tracker, trans));
  page.disposed.connect(() => nameTabs(tracker, trans));
  await tracker.add(page);
  show(parts, page);
  nameTabs(tracker, trans);
  return page;
}

function show({ app }: IComponentParts, page: TrialComponentPage): void {
  showDocument(app, page, 'Describe Trial Component', {
    command: CommandIDs.openTrialComponent,
    args: { ...page.args }
  });
}

/** Name the tabs. A single tab has its kind as its name; several also have the object's name. */
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

/** Ask, then stop the job; return true if it was stopped. */
export async function stop(
  { client, trans }: IComponentParts,
  { connectionId, trainingJobName }: IStopTrainingJobArgs
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
    notifyError(reason);
    return false;
  }
}
