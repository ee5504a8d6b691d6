/** The actions that a screen offers when AWS cannot be asked, for panels and documents. */
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';

import type { SmxError } from '../../api/errors';
import { CommandIDs } from '../../commands';
import type { IAction } from './states';

interface IRemedyOptions {
  error: SmxError;
  /** The connection of the screen; null while it is not known. */
  connectionId: string | null;
  commands: CommandRegistry;
  trans: TranslationBundle;
  onRetry: () => void;
  /**
   * Whether the screen is a document, which keeps its connection. The panel then shows the local
   * service.
   */
  isDocument?: boolean;
}

/** Whether the credentials are the reason of an error. */
function isCredentials(error: SmxError): boolean {
  return error.code.startsWith('credentials_');
}

const REGION_CODES = new Set(['NoRegionError', 'InvalidRegionError']);

/**
 * Return those of **Use the local service**, **Choose a profile** and **Retry now** that can help.
 */
export function remedies(options: IRemedyOptions): IAction[] {
  const { error, connectionId, commands, trans, onRetry } = options;
  const actions: IAction[] = [];
  const isAws = connectionId !== null && connectionId !== 'local';
  if (isAws && commands.isEnabled(CommandIDs.useLocalService)) {
    actions.push({
      label: trans.__('Use the local service'),
      accept: true,
      onClick: () => {
        void commands.execute(CommandIDs.useLocalService);
        if (options.isDocument && commands.hasCommand(CommandIDs.showExperiments)) {
          void commands.execute(CommandIDs.showExperiments);
        }
      }
    });
  }
  const code = error.details.aws_code ?? '';
  if ((isCredentials(error) || REGION_CODES.has(code)) && isAws) {
    actions.push({
      label: trans.__('Choose a profile'),
      onClick: () => void commands.execute(CommandIDs.selectConnection)
    });
  }
  actions.push({ label: trans.__('Retry now'), accept: !isAws, onClick: onRetry });
  return actions;
}
