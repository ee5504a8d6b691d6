import { nullTranslator } from '@jupyterlab/translation';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { copy } from '../clipboard';

const said = vi.hoisted(() => ({ success: vi.fn(), error: vi.fn() }));

vi.mock('@jupyterlab/apputils', () => ({ Notification: said }));

const trans = nullTranslator.load('smx_lab');

describe('what a command copies', () => {
  const writeText = vi.fn<(text: string) => Promise<void>>();

  beforeEach(() => {
    vi.stubGlobal('isSecureContext', true);
    Object.defineProperty(navigator, 'clipboard', { value: { writeText }, configurable: true });
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    writeText.mockResolvedValue(undefined);
  });
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
    vi.clearAllMocks();
    Reflect.deleteProperty(navigator, 'clipboard');
  });

  it('is said only where there are words for it', async () => {
    await copy('one', trans);
    expect(said.success).not.toHaveBeenCalled();
    await copy(Promise.resolve('two'), trans, 'The link was copied.');
    expect(writeText.mock.calls).toEqual([['one'], ['two']]);
    expect(said.success).toHaveBeenCalledWith('The link was copied.', { autoClose: 3000 });
    expect(said.error).not.toHaveBeenCalled();
  });

  it('is said in one way where the browser refuses, or there is no text', async () => {
    writeText.mockRejectedValueOnce(new Error('no'));
    await copy('one', trans, 'Copied');
    await copy(Promise.reject(new Error('gone')), trans, 'Copied');
    expect(said.error.mock.calls).toEqual([
      ['Nothing was copied.', { autoClose: 5000 }],
      ['Nothing was copied.', { autoClose: 5000 }]
    ]);
    expect(said.success).not.toHaveBeenCalled();
  });
});
