import { afterEach, describe, expect, it } from 'vitest';

import { focusWhenDrawn } from '../focus';

function panel(html: string): HTMLElement {
  const node = document.createElement('div');
  node.innerHTML = html;
  document.body.append(node);
  return node;
}

const ROW = '<button data-smx-stop>mnist</button>';
const drawn = (): Promise<void> => new Promise(resolve => setTimeout(resolve));

describe('focusWhenDrawn', () => {
  afterEach(() => document.body.replaceChildren());

  it('gives the focus to what is there', async () => {
    const node = panel(ROW);
    await focusWhenDrawn(node, '[data-smx-stop]');
    expect(document.activeElement?.textContent).toBe('mnist');
  });

  it('holds the focus until the rows have come', async () => {
    const node = panel('');
    await focusWhenDrawn(node, '[data-smx-stop]');
    expect(document.activeElement).toBe(node);
    node.innerHTML = ROW;
    await drawn();
    expect(document.activeElement?.textContent).toBe('mnist');
  });

  it('leaves the focus where the user has taken it', async () => {
    const node = panel('');
    const other = panel('<input>').querySelector('input')!;
    await focusWhenDrawn(node, '[data-smx-stop]');
    other.focus();
    node.innerHTML = ROW;
    await drawn();
    expect(document.activeElement).toBe(other);
  });
});
