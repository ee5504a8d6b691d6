/** Menus that drop down from a button. */
import type { Menu } from '@lumino/widgets';

/** Open a menu below its button, which gets the focus back; the menu is gone once it is closed. */
export function dropDown(menu: Menu, anchor: HTMLElement): void {
  menu.aboutToClose.connect(() => {
    anchor.setAttribute('aria-expanded', 'false');
    anchor.focus();
    // Lumino still runs the chosen command after this signal.
    requestAnimationFrame(() => disposeAll(menu));
  });
  const box = anchor.getBoundingClientRect();
  anchor.setAttribute('aria-expanded', 'true');
  menu.open(box.left, box.bottom);
  // From the keyboard the first entry is there at once.
  menu.activateNextItem();
}

/** A menu does not dispose the menus below it. */
function disposeAll(menu: Menu): void {
  menu.items.forEach(item => item.submenu && disposeAll(item.submenu));
  menu.dispose();
}
