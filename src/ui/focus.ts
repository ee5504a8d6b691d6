/** The focus, for panels whose parts are drawn later than they are asked for. */

/**
 * Give the focus to the first `selector` in `node` as soon as it is drawn; until then `node` has it.
 *
 * #### Notes
 * JupyterLab's palette gives the focus back to the main area after it has executed a command, so
 * that a panel which takes it at once loses it again. Once the user has moved on, the focus stays
 * where it is.
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
