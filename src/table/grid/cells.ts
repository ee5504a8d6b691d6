/** The elements of cells. An element is used again for other cells. */
import { caretDownIcon, caretRightIcon } from '@jupyterlab/ui-components';

import { type Status, statusIcons } from '../../ui/pieces/status';
import { EXPERIMENT, IShownColumn, STATUS, TRIAL, TRIAL_COMPONENT } from '../view/columns';
import { GROUP } from '../view/comparing';
import { CELL_PADDING, type TextFitter } from './fit';
import { IFormat, cellText, isAtRight } from '../view/format';
import type { IMark } from './marks';
import type { Cell, IRowFacts } from '../view/options';

const CELL_CLASS = 'smx-TableGrid-cell';
/** The class of the button that unfolds a group. */
export const CARET_CLASS = 'smx-TableGrid-caret';

type Shape = 'blank' | 'text' | 'name' | 'status' | 'group';

/**
 * Return the shape of a column's cells. Names of trials differ at the end, so they are cut in the
 * middle.
 */
function shapeOf(column: IShownColumn): Shape {
  switch (column.id) {
    case STATUS:
      return 'status';
    case GROUP:
      return 'group';
    case EXPERIMENT:
    case TRIAL:
    case TRIAL_COMPONENT:
      return 'name';
    default:
      return column.kind === 'input_artifact' || column.kind === 'output_artifact'
        ? 'name'
        : 'text';
  }
}

const NO_MARK: IMark = { note: '', description: '', isBest: false };

/** The class of the part of a cell that is not its text. */
const FIRST_CLASS: Partial<Record<Shape, string>> = {
  name: 'smx-TableGrid-cut',
  status: 'smx-TableGrid-status',
  group: CARET_CLASS
};

/**
 * Draws a cell, and changes only those parts of the element that differ.
 *
 * #### Notes
 * As in `ui/pieces/names.tsx`, the whole name lies invisibly over a cut one, so that find-in-page,
 * copying and screen readers find it complete.
 */
export class CellElement {
  constructor() {
    this.node.setAttribute('role', 'gridcell');
    this.node.tabIndex = -1;
    this.node.className = CELL_CLASS;
  }

  readonly node = document.createElement('div');

  /** Whether the value had not arrived when the cell was drawn. */
  get isBlank(): boolean {
    return this._shape === 'blank';
  }

  /** Whether the cell is drawn as asked; if not, it has to be drawn now. */
  isDrawn(row: number, columnIndex: number, content: number): boolean {
    const isDrawn =
      row === this._row &&
      columnIndex === this._columnIndex &&
      content === this._content &&
      !this.isBlank;
    this._row = row;
    this._content = content;
    return isDrawn;
  }

  /** `columnIndex` counts from 0. */
  place(left: number, width: number, columnIndex: number): void {
    if (left !== this._left) {
      this._left = left;
      this.node.style.insetInlineStart = `${left}px`;
    }
    if (width !== this._width) {
      this._width = width;
      this.node.style.width = `${width}px`;
    }
    if (columnIndex !== this._columnIndex) {
      this._columnIndex = columnIndex;
      this.node.setAttribute('aria-colindex', String(columnIndex + 1));
    }
  }

  draw(
    column: IShownColumn,
    cell: Cell | undefined,
    row: IRowFacts | undefined,
    decimals: number | null,
    format: IFormat,
    fitter: TextFitter
  ): void {
    const atRight = isAtRight(column);
    if (atRight !== this._atRight) {
      this._atRight = atRight;
      this.node.classList.toggle('smx-mod-right', atRight);
    }
    if (row === undefined || cell === undefined) {
      this._shapeAs('blank');
      this._say('', '');
      return;
    }
    const { text, title } = cellText(column, cell, row, decimals, format);
    const shape = shapeOf(column);
    this._shapeAs(shape);
    this._say(text, title);
    if (shape === 'name') {
      const shown = fitter.cut(text, column.width - CELL_PADDING);
      if (shown !== this._first.dataset.text) {
        this._first.dataset.text = shown;
      }
    }
    if (shape === 'group') {
      this._drawCaret(row.group ? row.group.is_expanded : null);
    }
    if (shape === 'status' && row.status !== this._status) {
      this._status = row.status;
      this._first.dataset.status = row.status ?? '';
      this._first.replaceChildren(...(row.status ? [statusNode(row.status)] : []));
    }
  }

  /** Show a note beside the value, and whether it is the best; null removes both. */
  mark(mark: IMark | null): void {
    if (mark === null && this._mark === null) {
      return;
    }
    const { note, description, isBest } = mark ?? NO_MARK;
    const before = this._mark ?? NO_MARK;
    this._mark = mark;
    if (note !== before.note) {
      this._note.textContent = note;
      if (note) {
        this.node.append(this._note);
      } else {
        this._note.remove();
      }
    }
    if (isBest !== before.isBest) {
      this.node.classList.toggle('smx-mod-best', isBest);
    }
    if (description !== before.description) {
      setOrRemove(this.node, 'aria-description', description || null);
    }
    // The text may have changed while the description is the same.
    this.node.title = description ? `${this._title}\n${description}` : this._title;
  }

  private _drawCaret(isExpanded: boolean | null): void {
    if (isExpanded !== this._isExpanded) {
      this._isExpanded = isExpanded;
      const icon = isExpanded ? caretDownIcon : caretRightIcon;
      this._first.replaceChildren(...(isExpanded === null ? [] : [icon.element({ tag: 'span' })]));
    }
  }

  private _say(text: string, title: string): void {
    if (title !== this._title) {
      this._title = title;
      this.node.title = title;
    }
    if (text !== this._text) {
      this._text = text;
      // Using a text node again costs less than creating one.
      this._words.data = text;
    }
  }

  private _shapeAs(shape: Shape): void {
    if (shape === this._shape) {
      return;
    }
    this._shape = shape;
    this._text = this._title = '';
    this._status = null;
    this._isExpanded = null;
    this.mark(null);
    this.node.title = '';
    this._label = span(shape === 'name' ? 'smx-Name-text' : 'smx-TableGrid-text');
    this._label.append(this._words);
    this._words.data = '';
    this._first = span(FIRST_CLASS[shape] ?? '');
    this._first.setAttribute('aria-hidden', 'true');
    this.node.replaceChildren(...this._parts(shape));
  }

  private _parts(shape: Shape): HTMLElement[] {
    if (shape === 'name') {
      const name = span('smx-Name');
      name.append(this._label, this._first);
      return [name];
    }
    if (shape === 'blank') {
      return [span('smx-TableGrid-blank')];
    }
    return shape === 'text' ? [this._label] : [this._first, this._label];
  }

  private _atRight = false;
  private _columnIndex = -1;
  private _content = -1;
  private _first = span('');
  private _isExpanded: boolean | null = null;
  private _label = span('');
  private _left = -1;
  private _mark: IMark | null = null;
  private readonly _note = span('smx-TableGrid-note');
  private _row = -1;
  private _shape: Shape | null = null;
  private _status: IRowFacts['status'] = null;
  private _text = '';
  private _title = '';
  private _width = -1;
  private readonly _words = document.createTextNode('');
}

/** Creating an icon costs much more than copying it. */
const statusNodes = new Map<Status, HTMLElement>();

function statusNode(status: Status): Node {
  let node = statusNodes.get(status);
  if (!node) {
    node = statusIcons[status].element({ tag: 'span' });
    statusNodes.set(status, node);
  }
  return node.cloneNode(true);
}

/** Set an attribute of a node, or remove it for null. */
export function setOrRemove(node: HTMLElement, name: string, value: string | null): void {
  if (value === null) {
    node.removeAttribute(name);
  } else {
    node.setAttribute(name, value);
  }
}

function span(className: string): HTMLSpanElement {
  const node = document.createElement('span');
  node.className = className;
  return node;
}
