/** The context menu of a row, opened from the keyboard. */

/** Open the context menu of the focused row, as a right-click on it would. */
export function openRowMenu(list: Element | null): void {
  const target = list?.querySelector<HTMLElement>('[role=gridcell][data-smx-stop]');
  if (!target) {
    return;
  }
  const box = target.getBoundingClientRect();
  target.dispatchEvent(
    new MouseEvent('contextmenu', {
      bubbles: true,
      cancelable: true,
      clientX: Math.round(box.left + 24),
      clientY: Math.round(box.bottom - 4)
    })
  );
}
