/** The part of cleaning up that is loaded when it is first used. */
import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Dialog, Notification, showDialog } from '@jupyterlab/apputils';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { ITranslator, TranslationBundle } from '@jupyterlab/translation';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

import { SmxError } from '../api/errors';
import type { ICleanUpRequest, IOperation } from '../api/types';
import { CommandIDs, ICleanUpArgs } from '../commands';
import { type IConnections, type IOperations, type ISmxClient, PLUGIN_PREFIX } from '../tokens';
import { LONG_MS, areNotificationsOn, notifyEnd } from '../ui/notify';
import { connectionText } from '../ui/pieces/chip';
import { localeOf } from '../ui/words/time';
import { CleanUpModel } from './model';

/** The commands that clean up a selection, in the order in which they are tried. */
const SELECTIONS = [
  { command: CommandIDs.cleanUpSelected, args: { onScreen: true } },
  { command: CommandIDs.cleanUpTableRows, args: { orOrigin: true } }
];

/** Opens the dialog for what is named or selected, and notifies when a clean-up has ended. */
export class CleanUpFeature {
  constructor(private readonly _options: CleanUpFeature.IOptions) {
    this._trans = _options.translator.load('smx_lab');
  }

  /** Open the dialog; resolves when it is closed. */
  async open(args: Partial<ICleanUpArgs> & ReadonlyPartialJSONObject): Promise<void> {
    const { connections } = this._options;
    const forbidden = connections.whyNot('delete');
    const { operationId, connectionId = connections.current?.id, ...names } = args;
    if (typeof operationId === 'string') {
      await this._show({ connectionId: connectionId ?? '' }, operationId);
    } else if (forbidden !== null) {
      Notification.warning(forbidden, { autoClose: LONG_MS });
    } else if (connectionId !== undefined && isAny(names)) {
      await this._show({ ...names, connectionId });
    } else {
      await this._ofSelection();
    }
  }

  /** Notify that a clean-up has ended, unless its dialog is open. */
  async notify(operation: IOperation): Promise<void> {
    const { app, settings } = this._options;
    const state = this._shown?.state;
    if (state?.is === 'cleaning' && state.operation.id === operation.id) {
      return;
    }
    const id = `${PLUGIN_PREFIX}:cleanup`;
    if (!(await areNotificationsOn(settings, id))) {
      return;
    }
    const { id: operationId, connection_id: connectionId } = operation;
    const show = (): void =>
      void app.commands.execute(CommandIDs.cleanUp, { connectionId, operationId });
    notifyEnd(operation, show, this._trans);
  }

  private async _show(args: ICleanUpArgs, operationId?: string): Promise<void> {
    const { client, connections, operations, translator } = this._options;
    const trans = this._trans;
    const model = new CleanUpModel({
      client,
      operations,
      args,
      codeStyle: await this._codeStyle()
    });
    try {
      if (operationId !== undefined) {
        model.show(await operations.read(operationId));
      } else {
        void model.plan();
      }
    } catch (reason) {
      Notification.error(SmxError.from(reason).message, { autoClose: LONG_MS });
      return;
    }
    const { showCleanUp } = await import('./dialog');
    this._shown = model;
    const connection = connections.find(args.connectionId);
    const place = connection ? connectionText(connection) : args.connectionId;
    await showCleanUp({ model, trans, locale: localeOf(translator), place });
    this._shown = null;
  }

  /**
   * Clean up what is selected in the browser or in a table; without a selection, say what to
   * select.
   */
  private async _ofSelection(): Promise<void> {
    const { commands } = this._options.app;
    for (const { command, args } of SELECTIONS) {
      if (commands.hasCommand(command) && commands.isEnabled(command, args)) {
        await commands.execute(command, args);
        return;
      }
    }
    const trans = this._trans;
    const { button } = await showDialog({
      title: trans.__('Clean up'),
      body: trans.__(
        'Select experiments, trials or trial components in the SageMaker Experiment List, or open a trial component list; then choose Clean up… again.'
      ),
      buttons: [
        Dialog.cancelButton({ label: trans.__('Cancel') }),
        Dialog.okButton({ label: trans.__('Experiments') })
      ]
    });
    if (button.accept) {
      await commands.execute(CommandIDs.showExperiments);
    }
  }

  /** The code style that is set for the experiments browser. */
  private async _codeStyle(): Promise<ICleanUpRequest['code_style']> {
    const { settings } = this._options;
    const id = `${PLUGIN_PREFIX}:experiments`;
    const style = await settings?.get(id, 'codeStyle').catch(() => undefined);
    return style?.composite === 'sdk' ? 'sdk' : 'boto3';
  }

  private readonly _trans: TranslationBundle;
  private _shown: CleanUpModel | null = null;
}

function isAny({ experiments, trials, trialComponents }: Partial<ICleanUpArgs>): boolean {
  return [experiments, trials, trialComponents].some(names => Boolean(names?.length));
}

export namespace CleanUpFeature {
  /** The parts of JupyterLab and of this extension that cleaning up uses. */
  export interface IOptions {
    app: JupyterFrontEnd;
    client: ISmxClient;
    connections: IConnections;
    operations: IOperations;
    translator: ITranslator;
    settings: ISettingRegistry | null;
  }
}
