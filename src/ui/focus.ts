/** Moving the focus in panels that are drawn later. */

/**
 * Focus the first `selector` in `node` as soon as it is drawn; until then `node` has the focus.
 *
 * #### Notes
 * JupyterLab's palette moves the focus back to the main area after it has executed a command. A
 * panel that takes the focus at once would lose it again. If the user moves the focus, it stays
 * there.
 */
export async function focusWhenDrawn(node: HTMLElement, selector: string): Promise<void> {
  const find = (): HTMLElement | null => node.querySelector<HTMLElement>(selector);
  await new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve)));
  const found = find();
  if (found) {
    found.focus();
    return;
  }
  node.tabIndex = -1;
  node.focus({ preventScroll: true });
  const observer = new MutationObserver(() => {
    const drawn = find();
    if (drawn || document.activeElement !== node || !node.isConnected) {
      observer.disconnect();
    }
    if (drawn && document.activeElement === node) {
      drawn.focus();
    }
  });
  observer.observe(node, { childList: true, subtree: true, attributeFilter: ['data-smx-stop'] });
}

const FOCUSABLE = 'a[href], button, input, select, textarea, summary, [tabindex]';

/** Keep `Tab` inside `node`: after the last element comes the first one. */
export function trapTab(node: HTMLElement, event: KeyboardEvent): void {
  const stops = [...node.querySelectorAll<HTMLElement>(FOCUSABLE)].filter(
    stop => stop.tabIndex >= 0 && !stop.matches(':disabled') && stop.checkVisibility()
  );
  const end = event.shiftKey ? stops[0] : stops[stops.length - 1];
  if (document.activeElement === end) {
    event.preventDefault();
    (event.shiftKey ? stops[stops.length - 1] : stops[0]).focus();
  }
}
