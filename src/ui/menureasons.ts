/**
 * Tooltips of menu entries: why one is disabled.
 *
 * Lumino's menus have none, so a command gives its reason in `dataset`, and the entry gets it as
 * title and description when its menu comes up.
 */

/** The dataset of a command whose reason is this sentence; null for none. */
export function reasonDataset(reason: string | null): { [key: string]: string } {
  return reason === null ? {} : { 'smx-reason': reason };
}

let observer: MutationObserver | null = null;

/** Watch for menus; more than one call does no harm. */
export function showMenuReasons(): void {
  if (observer) {
    return;
  }
  observer = new MutationObserver(records => {
    for (const node of records.flatMap(record => [...record.addedNodes])) {
      if (node instanceof HTMLElement && node.classList.contains('lm-Menu')) {
        // Lumino leaves out the role of entries with a submenu; readers call them list items then.
        node.querySelectorAll('.lm-Menu-item[data-type=submenu]:not([role])').forEach(item => {
          item.setAttribute('role', 'menuitem');
        });
        node.querySelectorAll<HTMLElement>('.lm-Menu-item[data-smx-reason]').forEach(item => {
          item.title = item.dataset.smxReason!;
          item.setAttribute('aria-description', item.dataset.smxReason!);
        });
      }
    }
  });
  observer.observe(document.body, { childList: true });
}
