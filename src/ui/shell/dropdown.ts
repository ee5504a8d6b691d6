/** Menus that open below a button. */
import type { Menu } from '@lumino/widgets';

/**
 * Open a menu below its button. When it closes, it is disposed and the button has the focus again.
 */
export function dropDown(menu: Menu, anchor: HTMLElement): void {
  menu.aboutToClose.connect(() => {
    anchor.setAttribute('aria-expanded', 'false');
    anchor.focus();
    // Lumino executes the chosen command after this signal.
    requestAnimationFrame(() => disposeAll(menu));
  });
  const box = anchor.getBoundingClientRect();
  anchor.setAttribute('aria-expanded', 'true');
  menu.open(box.left, box.bottom);
  // The first entry is active when the menu was opened by a key.
  menu.activateNextItem();
}

/** A menu does not dispose the menus below it. */
function disposeAll(menu: Menu): void {
  menu.items.forEach(item => item.submenu && disposeAll(item.submenu));
  menu.dispose();
}
