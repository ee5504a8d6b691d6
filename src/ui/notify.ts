/** Notifications that several features show. */
import { Notification } from '@jupyterlab/apputils';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { TranslationBundle } from '@jupyterlab/translation';

import { SmxError } from '../api/errors';
import type { IOperation } from '../api/types';

/** A short notification is shown this long, in milliseconds. Our choice. */
export const SHORT_MS = 5000;
/** A notification with a button is shown this long, in milliseconds. Our choice. */
export const LONG_MS = 20_000;

/** Show an error until the user closes it. */
export function notifyError(reason: unknown): void {
  Notification.error(SmxError.from(reason).message, { autoClose: false });
}

/** Run `act`; show its error, if it fails, in a notification. */
export async function notifyErrorOf(act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (reason) {
    notifyError(reason);
  }
}

/** Show how an operation has ended, with a button **Show**. */
export function notifyEnd(
  { title, state, error }: IOperation,
  onShow: () => void,
  trans: TranslationBundle
): void {
  const actions = [{ label: trans.__('Show'), callback: onShow }];
  if (state === 'succeeded') {
    Notification.success(trans.__('%1: completed', title), { autoClose: LONG_MS, actions });
  } else {
    const text = trans.__('%1: %2', title, error?.message ?? trans.__('stopped'));
    Notification.error(text, { autoClose: false, actions });
  }
}

/** Whether the settings of a plugin leave its notifications on. */
export async function areNotificationsOn(
  settings: ISettingRegistry | null,
  pluginId: string
): Promise<boolean> {
  const setting = await settings?.get(pluginId, 'notifications').catch(() => undefined);
  return setting?.composite !== false;
}
