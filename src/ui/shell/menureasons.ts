/**
 * Tooltips that say why a menu entry is disabled.
 *
 * Lumino's menus have no tooltips. A command therefore gives its reason in `dataset`, and each entry
 * gets that text as title and description when its menu opens.
 */
import type { CommandRegistry } from '@lumino/commands';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

/** Options of a command that is disabled, and shows the reason, while `whyNot` returns one. */
export function explainDisabled(
  whyNot: (args: ReadonlyPartialJSONObject) => string | null
): Pick<CommandRegistry.ICommandOptions, 'isEnabled' | 'dataset' | 'caption'> {
  return {
    isEnabled: args => whyNot(args) === null,
    dataset: args => reasonDataset(whyNot(args)),
    caption: args => whyNot(args) ?? ''
  };
}

/** The dataset of a command that is disabled for this reason; null if it is enabled. */
export function reasonDataset(reason: string | null): { [key: string]: string } {
  return reason === null ? {} : { 'smx-reason': reason };
}

let observer: MutationObserver | null = null;

/** Entries that have one of our reasons. Menus use the same entries again for other commands. */
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

/** Watch for menus that open. A second call has no effect. */
export function showMenuReasons(): void {
  if (observer) {
    return;
  }
  observer = new MutationObserver(records => {
    for (const node of records.flatMap(record => [...record.addedNodes])) {
      if (node instanceof HTMLElement && node.classList.contains('lm-Menu')) {
        // Lumino sets no role on entries with a submenu, so that screen readers would call them
        // list items.
        node.querySelectorAll('.lm-Menu-item[data-type=submenu]:not([role])').forEach(item => {
          item.setAttribute('role', 'menuitem');
        });
        node.querySelectorAll<HTMLElement>('.lm-Menu-item').forEach(tell);
      }
    }
  });
  observer.observe(document.body, { childList: true });
}
