import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import { nullTranslator } from '@jupyterlab/translation';
import { beforeEach, describe, expect, it, vi } from 'vitest';

import type { IOperation } from '../../api/types';
import { areNotificationsOn, notifyEnd, notifyErrorOf } from '../notify';

const shown = vi.hoisted(() => ({ success: vi.fn(), error: vi.fn() }));

vi.mock('@jupyterlab/apputils', () => ({ Notification: shown }));

const trans = nullTranslator.load('smx_lab');

function settingsWith(composite: unknown): ISettingRegistry {
  return { get: async () => ({ composite }) } as unknown as ISettingRegistry;
}

describe('notifications', () => {
  beforeEach(() => vi.clearAllMocks());

  it('show an error until it is closed', async () => {
    await notifyErrorOf(async () => undefined);
    expect(shown.error).not.toHaveBeenCalled();
    await notifyErrorOf(() => Promise.reject(new Error('The trial is gone.')));
    expect(shown.error).toHaveBeenCalledWith('The trial is gone.', { autoClose: false });
  });

  it('say how an operation has ended, and open it', () => {
    const onShow = vi.fn();
    const operation = { title: 'Clean up mnist', state: 'succeeded', error: null };
    notifyEnd(operation as IOperation, onShow, trans);
    const actions = [{ label: 'Show', callback: onShow }];
    expect(shown.success).toHaveBeenCalledWith('Clean up mnist: completed', {
      autoClose: 20_000,
      actions
    });
    const failed = { ...operation, state: 'failed', error: { message: 'No access.' } };
    notifyEnd(failed as IOperation, onShow, trans);
    notifyEnd({ ...operation, state: 'cancelled' } as IOperation, onShow, trans);
    expect(shown.error.mock.calls).toEqual([
      ['Clean up mnist: No access.', { autoClose: false, actions }],
      ['Clean up mnist: stopped', { autoClose: false, actions }]
    ]);
  });

  it('are on unless the settings turn them off', async () => {
    expect(await areNotificationsOn(null, 'smx-lab:cleanup')).toBe(true);
    expect(await areNotificationsOn(settingsWith(true), 'smx-lab:cleanup')).toBe(true);
    expect(await areNotificationsOn(settingsWith(false), 'smx-lab:cleanup')).toBe(false);
    const missing = { get: () => Promise.reject(new Error('no settings')) };
    expect(
      await areNotificationsOn(missing as unknown as ISettingRegistry, 'smx-lab:cleanup')
    ).toBe(true);
  });
});
