/** An accessible grid of rows that draws only the visible ones. */
import * as React from 'react';

import { useListKeys } from './keys';
import { ListHeader, ListRow } from './row';
import {
  anchorOf,
  drawnIndexes,
  fittingColumns,
  heldScrollTop,
  IAnchor,
  ROW_HEIGHT,
  rowHeightOf
} from './window';
import type { IListProps } from './options';
import type { ListSelection } from './selection';

/** The minimum width of a column without a fixed width. */
const FLEXIBLE_WIDTH = 150;
const HEADER_HEIGHT = ROW_HEIGHT;
/** The size that is assumed before the list is measured. */
const UNMEASURED = { width: 0, height: 600 };

/**
 * Draws rows, selects them, and moves the focus. The owner does everything else.
 *
 * #### Notes
 * The list has one tab stop. Rows that are added or removed above the visible rows, or above the
 * pointer, do not move what the user sees.
 */
export function List<T>(props: IListProps<T>): JSX.Element {
  const { rows, keyOf, selection, trans } = props;
  const scroller = React.useRef<HTMLDivElement>(null);
  const keys = React.useMemo(() => rows.map(keyOf), [rows]);
  const size = useSize(scroller);
  const columns = fittingColumns(props.columns, size.width, FLEXIBLE_WIDTH);
  const rowHeight = rowHeightOf(columns, size.width);
  const { scrollTop, pad, above, hold, release } = useHeldScroll(
    scroller,
    props.listId,
    keys,
    rowHeight
  );
  useRerenderOn(selection);
  const focused = selection.indexOf(selection.focusKey);
  const drawn = drawnIndexes(rows.length, scrollTop, size.height, rowHeight, focused);
  const viewport = { height: size.height - HEADER_HEIGHT, rowHeight };
  const { onKeyDown, reveal } = useListKeys(props, scroller, columns, viewport);
  useFocusFollows(scroller, selection);
  useRevealOnArrival(props.listId, keys, focused, reveal);

  const first = Math.floor(scrollTop / rowHeight);
  const last = Math.ceil((scrollTop + size.height) / rowHeight);
  React.useEffect(() => props.onVisible?.(first, last), [first, last, rows]);

  const count = props.total === null ? -1 : (props.total ?? rows.length) + 1;
  return (
    <div
      className={`smx-List${rowHeight > ROW_HEIGHT ? ' smx-mod-wrapped' : ''}`}
      ref={scroller}
      onPointerMove={hold}
      onPointerLeave={release}
      onKeyDown={onKeyDown}
    >
      {above > 0 && (
        <button className="smx-List-above" onClick={release}>
          {trans._n('%1 row above', '%1 rows above', above)}
        </button>
      )}
      <div
        className="smx-List-grid"
        role="grid"
        aria-label={props.label}
        aria-multiselectable="true"
        aria-rowcount={count}
        aria-colcount={props.columns.length}
        aria-busy={props.busy ?? false}
      >
        <ListHeader {...props} columns={columns} />
        <div className="smx-List-body" role="rowgroup" style={{ height: rows.length * rowHeight }}>
          {drawn.map(index => (
            <ListRow
              key={keys[index]}
              rowKey={keys[index]}
              row={rows[index]}
              index={index}
              rowHeight={rowHeight}
              columns={columns}
              selection={selection}
              selected={selection.selected.has(keys[index])}
              focusColumn={!selection.inHeader && index === focused ? selection.focusColumn : -1}
              attributes={props.rowAttributes?.(rows[index])}
              onOpen={props.onOpen}
            />
          ))}
        </div>
      </div>
      {props.end}
      <div style={{ height: pad }} />
    </div>
  );
}

/** The inner size of the list, in CSS pixels. */
function useSize(scroller: React.RefObject<HTMLDivElement>): { width: number; height: number } {
  const [size, setSize] = React.useState(UNMEASURED);
  React.useLayoutEffect(() => {
    const element = scroller.current!;
    const measure = (): void =>
      setSize({ width: element.clientWidth, height: element.clientHeight || UNMEASURED.height });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, []);
  return size;
}

/** Scroll to the focused row once when its list is first drawn. */
function useRevealOnArrival(
  listId: string,
  keys: readonly string[],
  focused: number,
  reveal: (index: number) => void
): void {
  const shown = React.useRef<string | null>(null);
  React.useEffect(() => {
    if (keys.length && shown.current !== listId) {
      shown.current = listId;
      reveal(focused);
    }
  });
}

/** Draw again when the selection changes. */
function useRerenderOn(selection: ListSelection): void {
  const [, rerender] = React.useReducer((count: number) => count + 1, 0);
  React.useEffect(() => {
    const onChanged = (): void => rerender();
    selection.changed.connect(onChanged);
    return () => void selection.changed.disconnect(onChanged);
  }, [selection]);
}

/** Keep the DOM focus on the focused cell, once the focus is in the list. */
function useFocusFollows(
  scroller: React.RefObject<HTMLDivElement>,
  selection: ListSelection
): void {
  // Read while rendering: after the commit, the focused row may be gone together with the focus.
  const hadFocus = scroller.current?.contains(document.activeElement) ?? false;
  const wanted = `${selection.inHeader}\n${selection.focusKey}\n${selection.focusColumn}`;
  const reached = React.useRef(wanted);
  React.useLayoutEffect(() => {
    const lost = hadFocus && !scroller.current?.contains(document.activeElement);
    if (hadFocus && (lost || reached.current !== wanted)) {
      const cell = scroller.current?.querySelector<HTMLElement>('[data-smx-stop]');
      cell?.focus({ preventScroll: true });
    }
    reached.current = wanted;
  });
}

/**
 * Return scroll position and size, and keep the rows in place while others are added or removed.
 */
function useHeldScroll(
  scroller: React.RefObject<HTMLDivElement>,
  listId: string,
  keys: readonly string[],
  rowHeight: number
) {
  const [scrollTop, setScrollTop] = React.useState(0);
  const [pad, setPad] = React.useState(0);
  const pointed = React.useRef<{ key: string | null; x: number; y: number } | null>(null);
  const before = React.useRef<{ listId: string; keys: readonly string[]; anchor: IAnchor | null }>({
    listId,
    keys,
    anchor: null
  });
  if (before.current.keys !== keys && before.current.listId === listId) {
    const top = scroller.current?.scrollTop ?? 0;
    before.current.anchor = anchorOf(
      before.current.keys,
      top,
      rowHeight,
      pointed.current?.key ?? null
    );
  }

  React.useLayoutEffect(() => {
    const element = scroller.current!;
    if (before.current.listId !== listId) {
      // The row below the pointer has changed without a move of the pointer.
      pointed.current = null;
      before.current.anchor = null;
      setPad(0);
      element.scrollTop = 0;
    } else if (before.current.keys !== keys) {
      const held = heldScrollTop(before.current.anchor, keys, element.scrollTop, rowHeight);
      const padding = element.lastElementChild as HTMLElement;
      // A short list gets space below it, so that it can scroll, until the pointer leaves.
      const needed = held + element.clientHeight - padding.offsetTop;
      if (pointed.current?.key && held > 0 && needed > pad) {
        padding.style.height = `${needed}px`;
        setPad(needed);
      }
      element.scrollTop = held;
    }
    before.current = { listId, keys, anchor: null };
    setScrollTop(element.scrollTop);
  }, [listId, keys]);

  React.useLayoutEffect(() => {
    const element = scroller.current!;
    const onScroll = (): void => setScrollTop(element.scrollTop);
    element.addEventListener('scroll', onScroll, { passive: true });
    return () => element.removeEventListener('scroll', onScroll);
  }, []);

  const hold = (event: React.PointerEvent): void => {
    const moved = pointed.current?.x !== event.clientX || pointed.current?.y !== event.clientY;
    const isFirst = pointed.current === null;
    if (event.pointerType === 'mouse' && moved) {
      const row = (event.target as Element).closest<HTMLElement>('[data-smx-key]');
      // The browser also reports a move when rows appear below a pointer at rest. It is ignored.
      const key = isFirst && !event.movementX && !event.movementY ? null : row?.dataset.smxKey;
      pointed.current = { key: key ?? null, x: event.clientX, y: event.clientY };
    }
  };
  const release = (): void => {
    pointed.current = null;
    if (pad > 0) {
      setPad(0);
      scroller.current!.scrollTop = 0;
    }
  };
  const above = pad > 0 ? Math.round(scrollTop / rowHeight) : 0;
  return { scrollTop, pad, above, hold, release };
}
