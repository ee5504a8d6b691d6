/** The row elements of the grid. There are few, used again for whatever rows are visible. */
import type { ColumnAxis } from './axis';
import { CellElement, setOrRemove } from './cells';
import type { IShownColumn } from '../view/columns';
import type { TextFitter } from './fit';
import type { IFormat } from '../view/format';
import type { CellMarks } from './marks';
import type { RowCache } from '../rows/rowcache';
import type { IRowFacts } from '../view/options';

const ROW_CLASS = 'smx-TableGrid-row';
/** The class of the part of a row that is not scrolled sideways. */
export const PINNED_CLASS = 'smx-TableGrid-pinned';

/** What is drawn of the rows. The ends are included. */
export interface IRowsDrawing {
  readonly first: number;
  readonly last: number;
  readonly firstColumn: number;
  readonly lastColumn: number;
  /** The number of pinned columns, which are drawn in front of `firstColumn`. */
  readonly pinned: number;
  readonly columns: readonly IShownColumn[];
  readonly axis: ColumnAxis;
  readonly rows: RowCache;
  readonly format: IFormat;
  readonly fitter: TextFitter;
  /** The marks beside values; null without groups, baseline and best values. */
  readonly marks: CellMarks | null;
  /** Whether row 0 is the baseline, which stays at the top. */
  readonly hasBaseline: boolean;
  /** The position of a row, in CSS pixels. */
  readonly top: (row: number) => number;
  readonly isSelected: (id: string) => boolean;
  /** The ids of rows that have just moved. */
  readonly moved: ReadonlySet<string>;
  /** The id of the row under the pointer in a chart; null for none. */
  readonly hovered: string | null;
  /** Increases whenever a drawn row may look different. */
  readonly revision: number;
  /** Increases whenever a cell may look different, but not when other columns are drawn. */
  readonly content: number;
}

/** The element of one row, used again for other rows. */
class RowElement {
  constructor() {
    this.node.setAttribute('role', 'row');
    this.node.className = ROW_CLASS;
    this._pinnedPart.className = PINNED_CLASS;
    this._pinnedPart.setAttribute('role', 'presentation');
  }

  readonly node = document.createElement('div');
  readonly cells: CellElement[] = [];
  readonly pinnedCells: CellElement[] = [];
  index = -1;
  id: string | null = null;
  revision = -1;
  /** Whether all its values had arrived when it was drawn. */
  isWhole = false;

  draw(index: number, drawing: IRowsDrawing): void {
    const row = drawing.rows.row(index);
    if (index !== this.index) {
      this.index = index;
      // The header is row 1.
      this.node.setAttribute('aria-rowindex', String(index + 2));
    }
    this.id = row?.id ?? null;
    this.revision = drawing.revision;
    this._dress(row?.status ?? '', index, drawing);
    this._dressGroup(row, drawing.rows.groups !== null);
    this._pin(drawing);
    this._turnTo(drawing.firstColumn);
    resize(this.cells, this.node, drawing.lastColumn - drawing.firstColumn + 1);
    this._drawCells(this.pinnedCells, 0, drawing);
    this._drawCells(this.cells, drawing.firstColumn, drawing);
    this.isWhole = !this.pinnedCells.some(isBlank) && !this.cells.some(isBlank);
  }

  /** Whether it is drawn already as it should be. */
  isDrawn(index: number, revision: number): boolean {
    return index === this.index && revision === this.revision && this.isWhole;
  }

  private _pin({ pinned, axis }: IRowsDrawing): void {
    resize(this.pinnedCells, this._pinnedPart, pinned);
    if (pinned > 0) {
      this._pinnedPart.style.width = `${axis.left(pinned)}px`;
      if (!this._pinnedPart.parentNode) {
        this.node.prepend(this._pinnedPart);
      }
    } else {
      this._pinnedPart.remove();
    }
  }

  /**
   * Move the cells that were scrolled out at one end to the other end; all other cells stay as they
   * are.
   */
  private _turnTo(firstColumn: number): void {
    const by = firstColumn - this._firstColumn;
    this._firstColumn = firstColumn;
    const leaving = by > 0 ? this.cells.slice(0, by) : this.cells.slice(by);
    // A moved element loses the focus, so the row with the focus is drawn again in place.
    const isFocused = leaving.some(({ node }) => node.contains(document.activeElement));
    if (by === 0 || leaving.length === this.cells.length || isFocused) {
      return;
    }
    const nodes = leaving.map(({ node }) => node);
    if (by > 0) {
      this.cells.splice(0, by);
      this.cells.push(...leaving);
      this.node.append(...nodes);
    } else {
      this.cells.splice(by);
      this.cells[0].node.before(...nodes);
      this.cells.unshift(...leaving);
    }
  }

  private _drawCells(cells: readonly CellElement[], first: number, drawing: IRowsDrawing): void {
    const { rows, format, fitter, columns, axis, marks } = drawing;
    const row = rows.row(this.index);
    cells.forEach((cell, at) => {
      const place = first + at;
      if (cell.isDrawn(this.index, place, drawing.content)) {
        return;
      }
      const column = columns[place];
      cell.place(axis.left(place), axis.width(place), place);
      const content = rows.cell(this.index, column.key);
      cell.draw(column, content, row, rows.decimals(column.key), format, fitter);
      cell.mark(
        marks && row && content !== undefined ? marks.of(this.index, row, column, content) : null
      );
    });
  }

  private _dress(status: string, index: number, drawing: IRowsDrawing): void {
    const selected = this.id !== null && drawing.isSelected(this.id);
    const moved = this.id !== null && drawing.moved.has(this.id);
    const hovered = this.id !== null && this.id === drawing.hovered;
    const dress = `${selected} ${moved} ${hovered} ${status} ${index % 2}`;
    if (dress !== this._dressed) {
      this._dressed = dress;
      this.node.setAttribute('aria-selected', String(selected));
      this.node.classList.toggle('smx-mod-selected', selected);
      this.node.classList.toggle('smx-mod-moved', moved);
      this.node.classList.toggle('smx-mod-pointed', hovered);
      this.node.classList.toggle('smx-mod-odd', index % 2 === 1);
      this.node.dataset.status = status;
    }
    const top = drawing.top(index);
    if (top !== this._top) {
      this._top = top;
      this.node.style.transform = `translateY(${top}px)`;
    }
  }

  /** Set the level of the row in a grouped table. */
  private _dressGroup(row: IRowFacts | undefined, isGrouped: boolean): void {
    const level = isGrouped && row ? row.level : 0;
    const expanded = row?.group ? row.group.is_expanded : null;
    const dress = `${level} ${expanded}`;
    if (dress !== this._dressedGroup) {
      this._dressedGroup = dress;
      setOrRemove(this.node, 'aria-level', level > 0 ? String(level) : null);
      setOrRemove(this.node, 'aria-expanded', expanded === null ? null : String(expanded));
      this.node.classList.toggle('smx-mod-group', expanded !== null);
      this.node.classList.toggle('smx-mod-member', level > 1);
    }
  }

  private _dressed = '';
  private _dressedGroup = '';
  private _firstColumn = 0;
  private readonly _pinnedPart = document.createElement('div');
  private _top = -1;
}

function isBlank(cell: CellElement): boolean {
  return cell.isBlank;
}

/** Add or remove elements until there are so many cells. */
function resize(cells: CellElement[], parent: HTMLElement, count: number): void {
  while (cells.length < count) {
    const cell = new CellElement();
    cells.push(cell);
    parent.appendChild(cell.node);
  }
  while (cells.length > count) {
    cells.pop()?.node.remove();
  }
}

export class RowPool {
  constructor(private readonly _body: HTMLElement) {}

  /** Draw exactly these rows. Rows that are drawn already are skipped. */
  draw(drawing: IRowsDrawing): void {
    this._drawBaseline(drawing);
    const { first, last, revision } = drawing;
    const count = Math.max(0, last - first + 1);
    this._resize(count);
    for (let index = first; index <= last; index++) {
      const element = this._elements[index % count];
      if (!element.isDrawn(index, revision)) {
        element.draw(index, drawing);
      }
    }
    this._first = first;
    this._last = last;
    this._firstColumn = drawing.firstColumn;
    this._pinned = drawing.pinned;
  }

  private _drawBaseline(drawing: IRowsDrawing): void {
    if (!drawing.hasBaseline) {
      this._baseline?.node.remove();
      this._baseline = null;
      return;
    }
    if (this._baseline === null) {
      this._baseline = new RowElement();
      this._baseline.node.classList.add('smx-mod-baseline');
      this._body.prepend(this._baseline.node);
    }
    if (!this._baseline.isDrawn(0, drawing.revision)) {
      this._baseline.draw(0, { ...drawing, top: () => 0 });
    }
  }

  /** The ids of the drawn rows, from top to bottom. */
  get ids(): string[] {
    return this._inOrder().flatMap(element => element.id ?? []);
  }

  /** Return the id of a drawn row; null if it is not drawn, or not known. */
  idOf(row: number): string | null {
    return this._inOrder().find(element => element.index === row)?.id ?? null;
  }

  /** Return the element of a cell; undefined if it is not drawn. */
  cell(row: number, column: number): HTMLElement | undefined {
    const element = this._elementOf(row);
    return column < this._pinned
      ? element?.pinnedCells[column]?.node
      : element?.cells[column - this._firstColumn]?.node;
  }

  private _elementOf(row: number): RowElement | undefined {
    if (row === 0 && this._baseline) {
      return this._baseline;
    }
    return row >= this._first && row <= this._last
      ? this._elements[row % this._elements.length]
      : undefined;
  }

  /** Return the row and column of the cell that contains an element. */
  placeOf(target: Element): { row: number; column: number } | null {
    const node = target.closest(`.${ROW_CLASS}`);
    const element = this._inOrder().find(other => other.node === node);
    if (!element) {
      return null;
    }
    const holds = (cell: CellElement): boolean => cell.node.contains(target);
    const pinned = element.pinnedCells.findIndex(holds);
    const at = element.cells.findIndex(holds);
    return { row: element.index, column: at < 0 ? pinned : at + this._firstColumn };
  }

  /**
   * Put the elements in the order of the screen, for screen readers and find-in-page.
   *
   * #### Notes
   * The row with the focus is not moved, because a moved element loses the focus.
   */
  tidy(): void {
    const nodes = this._inOrder().map(element => element.node);
    const pinned = nodes.findIndex(node => node.contains(document.activeElement));
    if (nodes.every((node, at) => this._body.children[at] === node)) {
      return;
    }
    if (pinned < 0) {
      this._body.append(...nodes);
      return;
    }
    nodes.slice(0, pinned).forEach(node => this._body.insertBefore(node, nodes[pinned]));
    this._body.append(...nodes.slice(pinned + 1));
  }

  private _inOrder(): RowElement[] {
    const rows = [...this._elements].sort((a, b) => a.index - b.index);
    return this._baseline ? [this._baseline, ...rows] : rows;
  }

  private _resize(count: number): void {
    if (count === this._elements.length) {
      return;
    }
    while (this._elements.length < count) {
      const element = new RowElement();
      this._elements.push(element);
      this._body.appendChild(element.node);
    }
    this._elements.splice(count).forEach(element => element.node.remove());
    // The element of a row is its index modulo their number, so all now have other rows.
    this._elements.forEach(element => (element.index = -1));
  }

  private _baseline: RowElement | null = null;
  private readonly _elements: RowElement[] = [];
  private _first = 0;
  private _firstColumn = 0;
  private _last = -1;
  private _pinned = 0;
}
