import { describe, expect, it } from 'vitest';

import { ListSelection } from '../selection';

function listOf(...keys: string[]): ListSelection {
  const selection = new ListSelection();
  selection.setKeys(keys);
  return selection;
}

describe('ListSelection', () => {
  it('selects one with a click, and another one instead with the next', () => {
    const selection = listOf('a', 'b', 'c');
    selection.click('a');
    selection.click('c');
    expect(selection.selectedInOrder).toEqual(['c']);
    expect(selection.focusKey).toBe('c');
  });

  it('adds and takes away with Ctrl', () => {
    const selection = listOf('a', 'b', 'c');
    selection.click('a');
    selection.click('c', { add: true });
    expect(selection.selectedInOrder).toEqual(['a', 'c']);
    selection.click('a', { add: true });
    expect(selection.selectedInOrder).toEqual(['c']);
  });

  it('takes a range with Shift, from the same end each time', () => {
    const selection = listOf('a', 'b', 'c', 'd');
    selection.click('b');
    selection.click('d', { range: true });
    expect(selection.selectedInOrder).toEqual(['b', 'c', 'd']);
    selection.click('a', { range: true });
    expect(selection.selectedInOrder).toEqual(['a', 'b']);
  });

  it('keeps the selection on a right-click inside it, and replaces it outside', () => {
    const selection = listOf('a', 'b', 'c');
    selection.click('a');
    selection.click('b', { range: true });
    selection.pick('b');
    expect(selection.selectedInOrder).toEqual(['a', 'b']);
    selection.pick('c');
    expect(selection.selectedInOrder).toEqual(['c']);
  });

  it('moves with a key, extends with Shift, and passes by with Ctrl', () => {
    const selection = listOf('a', 'b', 'c');
    selection.moveTo(0);
    selection.moveTo(1, { range: true });
    expect(selection.selectedInOrder).toEqual(['a', 'b']);
    selection.moveTo(2, { add: true });
    expect(selection.selectedInOrder).toEqual(['a', 'b']);
    expect(selection.focusKey).toBe('c');
    selection.toggle();
    expect(selection.selectedInOrder).toEqual(['a', 'b', 'c']);
  });

  it('extends from the focused row if nothing was selected before', () => {
    const selection = listOf('a', 'b', 'c');
    selection.moveTo(1, { range: true });
    expect(selection.selectedInOrder).toEqual(['a', 'b']);
  });

  it('does not run over either end', () => {
    const selection = listOf('a', 'b');
    selection.moveTo(-5);
    expect(selection.focusKey).toBe('a');
    selection.moveTo(5);
    expect(selection.focusKey).toBe('b');
  });

  it('keeps selection and focus when rows come in above', () => {
    const selection = listOf('a', 'b');
    selection.click('b');
    selection.setKeys(['new', 'a', 'b']);
    expect(selection.selectedInOrder).toEqual(['b']);
    expect(selection.focusKey).toBe('b');
  });

  it('says nothing when rows come in that change neither', () => {
    const selection = listOf('a');
    let changes = 0;
    selection.changed.connect(() => changes++);
    selection.setKeys(['new', 'a']);
    expect(changes).toBe(0);
  });

  it('forgets a deleted row and moves the focus to the one that took its place', () => {
    const selection = listOf('a', 'b', 'c');
    selection.click('b');
    selection.setKeys(['a', 'c']);
    expect(selection.selectedInOrder).toEqual([]);
    expect(selection.focusKey).toBe('c');
  });

  it('has its focus in the header while there are no rows', () => {
    const selection = listOf();
    expect(selection.inHeader).toBe(true);
    expect(selection.focusKey).toBeNull();
    selection.setKeys(['a']);
    expect(selection.inHeader).toBe(false);
    expect(selection.focusKey).toBe('a');
  });
});
