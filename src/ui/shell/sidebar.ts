/** The width of sidebars. */
import { SplitPanel, Widget } from '@lumino/widgets';

/**
 * Widen the sidebar of a panel to `width` CSS pixels, but not beyond two fifths of the window.
 *
 * #### Notes
 * The sidebar is never made narrower. JupyterLab's default leaves space for a name only.
 */
export function widenSidebar(panel: Widget, width: number): void {
  let child = panel;
  while (child.parent && !(child.parent instanceof SplitPanel)) {
    child = child.parent;
  }
  const split = child.parent;
  const total = split?.node.clientWidth ?? 0;
  if (!(split instanceof SplitPanel) || split.orientation !== 'horizontal' || total === 0) {
    return;
  }
  const sizes = split.relativeSizes();
  const index = split.widgets.indexOf(child);
  const missing = Math.min(width / total, 0.4) - sizes[index];
  if (missing > 0) {
    const widest = sizes.indexOf(Math.max(...sizes));
    sizes[index] += missing;
    sizes[widest] -= missing;
    split.setRelativeSizes(sizes);
  }
}
