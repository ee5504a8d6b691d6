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

/** Entries that have a reason of ours on them; menus use them again for other commands. */
const told = new WeakSet<HTMLElement>();

function tell(item: HTMLElement): void {
  const reason = item.dataset.smxReason;
  if (reason !== undefined) {
    item.title = reason;
    item.setAttribute('aria-description', reason);
    told.add(item);
  } else if (told.delete(item)) {
    item.removeAttribute('title');
    item.removeAttribute('aria-description');
  }
}

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
        node.querySelectorAll<HTMLElement>('.lm-Menu-item').forEach(tell);
      }
    }
  });
  observer.observe(document.body, { childList: true });
}
