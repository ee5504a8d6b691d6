/** The row of column headers, in which columns are sorted, resized and moved with the pointer. */
import { caretDownIcon, caretUpIcon } from '@jupyterlab/ui-components';

import type { ColumnAxis } from './axis';
import { serverId } from '../view/choices';
import { IShownColumn, cellKey, clampWidth } from '../view/columns';
import { isAtRight } from '../view/format';
import { PINNED_CLASS } from './rowpool';
import type { IRowQuery } from '../view/options';

const HEADER_CLASS = 'smx-TableGrid-header';
const RESIZER_CLASS = 'smx-TableGrid-resizer';
/** A pointer that moves less than this, in CSS pixels, has clicked. Our choice. */
const DRAG_DISTANCE = 6;

/** What is drawn of the headers. The ends are included. */
interface IHeaderDrawing {
  readonly firstColumn: number;
  readonly lastColumn: number;
  /** The number of pinned columns, which are drawn in front of `firstColumn`. */
  readonly pinned: number;
  readonly columns: readonly IShownColumn[];
  readonly axis: ColumnAxis;
  /** The order of the rows on the screen. */
  readonly sort: IRowQuery['sort'];
  /** The small text below a metric's name. */
  readonly statistic: (column: IShownColumn) => string;
}

/** The actions that the pointer triggers. */
interface IHeaderActions {
  sort(column: IShownColumn, add: boolean): void;
  /** `isDone` is false while the pointer is still down. */
  resize(column: IShownColumn, width: number, isDone: boolean): void;
  fit(column: IShownColumn): void;
  /** Move a column in front of a place; the number of columns is the end. */
  move(column: IShownColumn, place: number): void;
  /** Return a client x as an offset from the start of the first column, or of the screen. */
  offsetOf(clientX: number, fromScreen: boolean): number;
}

/** One header, used again for other columns. */
class HeaderElement {
  constructor() {
    this.node.setAttribute('role', 'columnheader');
    this.node.tabIndex = -1;
    this._line.append(this._label, this._arrow, this._number);
    this.node.append(this._line, this._statistic, this._resizer);
    this._arrow.setAttribute('aria-hidden', 'true');
    this._number.setAttribute('aria-hidden', 'true');
    this._resizer.setAttribute('aria-hidden', 'true');
  }

  readonly node = document.createElement('div');
  column: IShownColumn | null = null;

  draw(place: number, drawing: IHeaderDrawing): void {
    const column = drawing.columns[place];
    this.column = column;
    const statistic = drawing.statistic(column);
    const at = sortPlace(column, drawing);
    const style = this.node.style;
    style.insetInlineStart = `${drawing.axis.left(place)}px`;
    style.width = `${drawing.axis.width(place)}px`;
    this.node.setAttribute('aria-colindex', String(place + 1));
    const dress = JSON.stringify([
      column.id,
      column.label,
      statistic,
      at,
      drawing.sort.length,
      at >= 0 && drawing.sort[at].descending
    ]);
    if (dress !== this._dressed) {
      this._dressed = dress;
      this._dress(column, statistic, at, drawing.sort);
    }
  }

  private _dress(
    column: IShownColumn,
    statistic: string,
    at: number,
    sort: IRowQuery['sort']
  ): void {
    this.node.className = `${HEADER_CLASS} ${isAtRight(column) ? 'smx-mod-right' : ''}`;
    this.node.dataset.smxKind = column.kind;
    this.node.title = statistic ? `${column.label}\n${statistic}` : column.label;
    this._label.textContent = column.label;
    this._statistic.textContent = statistic;
    const descending = at >= 0 && sort[at].descending === true;
    const icon = descending ? caretDownIcon : caretUpIcon;
    this._arrow.replaceChildren(...(at >= 0 ? [icon.element({ tag: 'span' })] : []));
    this._number.textContent = at >= 0 && sort.length > 1 ? String(at + 1) : '';
    if (at < 0) {
      this.node.removeAttribute('aria-sort');
    } else {
      this.node.setAttribute('aria-sort', descending ? 'descending' : 'ascending');
    }
  }

  private _arrow = span('smx-TableGrid-arrow');
  private _dressed = '';
  private _label = span('smx-TableGrid-label');
  private _line = span('smx-TableGrid-line');
  private _number = span('smx-TableGrid-sortNumber');
  private _resizer = span(RESIZER_CLASS);
  private _statistic = span('smx-TableGrid-statistic');
}

/** Return the index of a column among the sort keys; -1 for none. */
function sortPlace(column: IShownColumn, { sort, columns }: IHeaderDrawing): number {
  const id = serverId(column.id);
  // Called for each drawn header, so most calls have to end here.
  if (!sort.some(key => key.column === id)) {
    return -1;
  }
  const isAlone = !columns.some(other => other !== column && serverId(other.id) === id);
  // While rows in another order are loading, the arrow stays if this column is the only one.
  return sort.findIndex(
    key =>
      key.column === id &&
      (isAlone || cellKey(id, key.statistic ?? null, key.at ?? null) === column.key)
  );
}

/** A pressed pointer on a header. */
interface IGesture {
  readonly column: IShownColumn;
  readonly pointerId: number;
  readonly startX: number;
  readonly isResize: boolean;
  moved: boolean;
}

export class GridHeader {
  constructor(private readonly _actions: IHeaderActions) {
    this.node.className = 'smx-TableGrid-head';
    this.node.setAttribute('role', 'rowgroup');
    this._row.setAttribute('role', 'row');
    this._row.setAttribute('aria-rowindex', '1');
    this._row.className = 'smx-TableGrid-headRow';
    this._pinnedPart.className = PINNED_CLASS;
    this._pinnedPart.setAttribute('role', 'presentation');
    this._mark.className = 'smx-TableGrid-dropMark';
    this._mark.hidden = true;
    this.node.append(this._row, this._mark);
    this._row.addEventListener('pointerdown', event => this._onDown(event));
    this._row.addEventListener('pointermove', event => this._onMove(event));
    this._row.addEventListener('pointerup', event => this._onUp(event));
    this._row.addEventListener('pointercancel', () => this._end());
    this._row.addEventListener('click', event => this._onClick(event));
    this._row.addEventListener('dblclick', event => this._onDoubleClick(event));
  }

  readonly node = document.createElement('div');

  draw(drawing: IHeaderDrawing): void {
    const count = Math.max(0, drawing.lastColumn - drawing.firstColumn + 1);
    resize(this._pinned, this._pinnedPart, drawing.pinned);
    resize(this._elements, this._row, count);
    this._pinnedPart.style.width = `${drawing.axis.left(drawing.pinned)}px`;
    if (drawing.pinned === 0) {
      this._pinnedPart.remove();
    } else if (!this._pinnedPart.parentNode) {
      this._row.prepend(this._pinnedPart);
    }
    this._pinned.forEach((element, at) => element.draw(at, drawing));
    this._elements.forEach((element, at) => element.draw(drawing.firstColumn + at, drawing));
    this._drawing = drawing;
  }

  /** Return the element of a header; undefined if it is not drawn. */
  cell(place: number): HTMLElement | undefined {
    const { pinned, firstColumn } = this._drawing ?? { pinned: 0, firstColumn: 0 };
    return (place < pinned ? this._pinned[place] : this._elements[place - firstColumn])?.node;
  }

  /** Return the column of the header that contains an element. */
  columnOf(target: Element): IShownColumn | null {
    const node = target.closest(`.${HEADER_CLASS}`);
    const elements = [...this._pinned, ...this._elements];
    return elements.find(element => element.node === node)?.column ?? null;
  }

  private _onDown(event: PointerEvent): void {
    const target = event.target as Element;
    const column = this.columnOf(target);
    if (column && event.button === 0) {
      const isResize = target.classList.contains(RESIZER_CLASS);
      const { pointerId, clientX } = event;
      this._gesture = {
        column,
        pointerId,
        startX: clientX,
        isResize,
        moved: false
      };
      if (isResize) {
        // A drag must not move the focus or select text.
        event.preventDefault();
      }
    }
  }

  private _onMove(event: PointerEvent): void {
    const gesture = this._gesture;
    if (!gesture || event.pointerId !== gesture.pointerId) {
      return;
    }
    if (!gesture.moved) {
      const least = gesture.isResize ? 1 : DRAG_DISTANCE;
      if (Math.abs(event.clientX - gesture.startX) < least) {
        return;
      }
      gesture.moved = true;
      this._row.setPointerCapture(event.pointerId);
      this.node.classList.add(gesture.isResize ? 'smx-mod-resizing' : 'smx-mod-moving');
    }
    if (gesture.isResize) {
      this._actions.resize(gesture.column, this._widthAt(gesture, event), false);
    } else {
      this._showMark(this._placeAt(event));
    }
  }

  private _onUp(event: PointerEvent): void {
    const gesture = this._gesture;
    if (gesture?.moved && gesture.isResize) {
      this._actions.resize(gesture.column, this._widthAt(gesture, event), true);
    } else if (gesture?.moved) {
      this._actions.move(gesture.column, this._placeAt(event));
    }
    // The click that follows a drag must not sort.
    this._wasDrag = gesture?.moved ?? false;
    this._end();
  }

  private _end(): void {
    this._gesture = null;
    this._mark.hidden = true;
    this.node.classList.remove('smx-mod-resizing', 'smx-mod-moving');
  }

  private _onClick(event: MouseEvent): void {
    const wasDrag = this._wasDrag;
    this._wasDrag = false;
    const target = event.target as Element;
    const column = this.columnOf(target);
    if (column && !wasDrag && !target.classList.contains(RESIZER_CLASS)) {
      this._actions.sort(column, event.shiftKey);
    }
  }

  private _onDoubleClick(event: MouseEvent): void {
    const target = event.target as Element;
    const column = this.columnOf(target);
    if (column && target.classList.contains(RESIZER_CLASS)) {
      event.stopPropagation();
      this._actions.fit(column);
    }
  }

  private _widthAt(gesture: IGesture, event: PointerEvent): number {
    const { axis, columns, pinned } = this._drawing!;
    const place = columns.findIndex(column => column.id === gesture.column.id);
    const end = this._actions.offsetOf(event.clientX, place < pinned);
    return clampWidth(end - axis.left(place));
  }

  /** Return the place in front of which a column would be dropped here. */
  private _placeAt(event: PointerEvent): number {
    const { axis, pinned } = this._drawing!;
    const onScreen = this._actions.offsetOf(event.clientX, true);
    const isPinned = onScreen < axis.left(pinned);
    const offset = isPinned ? onScreen : this._actions.offsetOf(event.clientX, false);
    const place = axis.at(offset);
    return offset > axis.left(place) + axis.width(place) / 2 ? place + 1 : place;
  }

  private _showMark(place: number): void {
    const { axis, pinned } = this._drawing!;
    this._mark.hidden = false;
    const offset = place < axis.count ? axis.left(place) : axis.length;
    const scrolled = this._actions.offsetOf(0, false) - this._actions.offsetOf(0, true);
    this._mark.style.insetInlineStart = `${place <= pinned ? offset + scrolled : offset}px`;
  }

  private _drawing: IHeaderDrawing | null = null;
  private readonly _elements: HeaderElement[] = [];
  private _gesture: IGesture | null = null;
  private readonly _pinned: HeaderElement[] = [];
  private readonly _pinnedPart = document.createElement('div');
  private readonly _mark = document.createElement('div');
  private readonly _row = document.createElement('div');
  private _wasDrag = false;
}

/** Add or remove elements until there are so many headers. */
function resize(elements: HeaderElement[], parent: HTMLElement, count: number): void {
  while (elements.length < count) {
    const element = new HeaderElement();
    elements.push(element);
    parent.appendChild(element.node);
  }
  elements.splice(count).forEach(element => element.node.remove());
}

function span(className: string): HTMLSpanElement {
  const node = document.createElement('span');
  node.className = className;
  return node;
}
