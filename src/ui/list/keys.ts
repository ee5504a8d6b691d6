/** The keyboard of a list. */
import * as React from 'react';

import type { IListColumn, IListProps } from './options';
import { indexStartingWith } from './window';
import { openRowMenu } from './rowmenu';

/** Letters typed faster than this, in milliseconds, make one word to jump to. Our choice. */
const TYPING_MS = 800;

interface ITyped {
  text: string;
  time: number;
  /** The row that it led to. The word ends when the focus moves to another row. */
  row: string | null;
}

/** The visible height of the rows, in CSS pixels. */
interface IViewport {
  /** Without the header. */
  height: number;
  rowHeight: number;
}

/** Handles arrows, `Home`, `End`, pages, `Space`, `Enter`, `Ctrl+A`, `Shift+F10` and letters. */
export function useListKeys<T>(
  props: IListProps<T>,
  scrollerRef: React.RefObject<HTMLDivElement>,
  columns: readonly IListColumn<T>[],
  viewport: IViewport
): {
  onKeyDown: (event: React.KeyboardEvent) => void;
  /** Scroll so that a row is visible, below the header that stays in place. */
  reveal: (index: number) => void;
} {
  const { selection, rows } = props;
  const { height, rowHeight } = viewport;
  const typed = React.useRef<ITyped>({ text: '', time: 0, row: null });

  const reveal = (index: number): void => {
    const scroller = scrollerRef.current!;
    const top = index * rowHeight;
    scroller.scrollTop = Math.max(Math.min(scroller.scrollTop, top), top + rowHeight - height);
  };

  const move = (index: number, event: React.KeyboardEvent): void => {
    selection.moveTo(index, { range: event.shiftKey, add: event.ctrlKey || event.metaKey });
    reveal(selection.indexOf(selection.focusKey));
  };

  const jump = (letter: string, event: React.KeyboardEvent): void => {
    const { text, time, row } = typed.current;
    const goesOn = event.timeStamp - time < TYPING_MS && row === selection.focusKey;
    const word = goesOn ? text + letter : letter;
    // One letter goes to the next row that starts with it; a longer word may stay on the same row.
    const from = selection.indexOf(selection.focusKey) + (word.length === 1 ? 1 : 0);
    const texts = rows.map(columns[0].text);
    const index = indexStartingWith(texts, word, from, props.locale);
    if (index >= 0) {
      selection.moveTo(index);
      reveal(index);
    }
    typed.current = { text: word, time: event.timeStamp, row: selection.focusKey };
  };

  const inHeader = (event: React.KeyboardEvent): boolean => {
    const column = columns[Math.min(selection.focusColumn, columns.length - 1)];
    if (event.key === 'ArrowDown' && rows.length) {
      selection.setInHeader(false);
    } else if ((event.key === 'Enter' || event.key === ' ') && column.sortable) {
      props.onSort?.(column.id);
    } else {
      return false;
    }
    return true;
  };

  const inRows = (event: React.KeyboardEvent): boolean => {
    const command = event.ctrlKey || event.metaKey;
    const index = selection.indexOf(selection.focusKey);
    const page = Math.max(1, Math.floor(height / rowHeight) - 1);
    const targets: Record<string, number> = {
      ArrowDown: index + 1,
      ArrowUp: index - 1,
      PageDown: index + page,
      PageUp: index - page,
      Home: 0,
      End: rows.length - 1
    };
    if (event.key === 'ArrowUp' && index === 0 && !event.shiftKey) {
      selection.setInHeader(true);
    } else if (event.key in targets) {
      if (command && (event.key === 'Home' || event.key === 'End')) {
        selection.moveToColumn(event.key === 'Home' ? 0 : columns.length - 1);
      }
      move(targets[event.key], event);
    } else if (event.key === ' ') {
      selection.toggle();
    } else if (event.key === 'Enter' && index >= 0) {
      props.onOpen(rows[index]);
    } else if (event.key.length === 1 && !command && !event.altKey && event.key !== '/') {
      jump(event.key, event);
    } else {
      return false;
    }
    return true;
  };

  const anywhere = (event: React.KeyboardEvent): boolean => {
    const command = event.ctrlKey || event.metaKey;
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step !== undefined && !event.altKey) {
      const mirrored = getComputedStyle(scrollerRef.current!).direction === 'rtl';
      const wanted =
        Math.min(selection.focusColumn, columns.length - 1) + (mirrored ? -step : step);
      selection.moveToColumn(Math.min(wanted, columns.length - 1));
    } else if (command && event.key.toLowerCase() === 'a') {
      selection.selectAll();
    } else if ((event.shiftKey && event.key === 'F10') || event.key === 'ContextMenu') {
      if (selection.focusKey !== null) {
        selection.pick(selection.focusKey);
      }
      openRowMenu(scrollerRef.current);
    } else {
      return false;
    }
    return true;
  };

  const onKeyDown = (event: React.KeyboardEvent): void => {
    if (event.altKey && event.key.startsWith('Arrow')) {
      return;
    }
    const done = (selection.inHeader ? inHeader(event) : inRows(event)) || anywhere(event);
    if (done) {
      event.preventDefault();
      event.stopPropagation();
    }
  };
  return { onKeyDown, reveal };
}
