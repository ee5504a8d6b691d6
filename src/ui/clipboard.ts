/** Copying text, also where the page is served without TLS. */

/** Put text on the clipboard; throws if the browser refuses. */
export async function copyText(text: string): Promise<void> {
  if (navigator.clipboard && window.isSecureContext) {
    await navigator.clipboard.writeText(text);
    return;
  }
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
