/** Copies text to the clipboard, also where the page is served without TLS. */
import { Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';

/** How long the notifications stay, in milliseconds. Our choice. */
const COPIED_MS = 3000;
const FAILED_MS = 5000;

/** Copy a text for a command; notify a failure, and with `done` also success. */
export async function copy(
  text: string | Promise<string>,
  trans: TranslationBundle,
  done: string | null = null
): Promise<void> {
  try {
    await copyText(text);
  } catch (reason) {
    console.warn('smx-lab: nothing was copied.', reason);
    Notification.error(trans.__('Nothing was copied.'), { autoClose: FAILED_MS });
    return;
  }
  if (done !== null) {
    Notification.success(done, { autoClose: COPIED_MS });
  }
}

/**
 * Put a text, or the text that a promise will give, on the clipboard; throws if the browser
 * refuses.
 */
export async function copyText(given: string | Promise<string>): Promise<void> {
  if (navigator.clipboard && window.isSecureContext) {
    if (typeof given !== 'string' && typeof ClipboardItem !== 'undefined') {
      // Some browsers allow writing only during the click, so the promise itself is passed on.
      const blob = given.then(text => new Blob([text], { type: 'text/plain' }));
      await navigator.clipboard.write([new ClipboardItem({ 'text/plain': blob })]);
    } else {
      await navigator.clipboard.writeText(await given);
    }
    return;
  }
  const text = await given;
  // The asynchronous clipboard is missing on plain http to another host.
  const active = document.activeElement;
  const area = document.createElement('textarea');
  area.value = text;
  area.style.position = 'fixed';
  area.style.opacity = '0';
  document.body.appendChild(area);
  area.select();
  const copied = document.execCommand('copy');
  area.remove();
  (active as HTMLElement | null)?.focus?.();
  if (!copied) {
    throw new Error('The browser did not allow copying.');
  }
}
