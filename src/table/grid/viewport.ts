/** The visible part of a grid: where rows and columns are, and which of them to draw. */
import { ColumnAxis, RowAxis } from './axis';
import type { IShownColumn } from '../view/columns';
import type { TableModel } from '../model';

/**
 * This many rows, and this width in CSS pixels, are drawn beyond the visible area, so that
 * scrolling shows no blanks.
 */
const ROWS_AROUND = 8;
const WIDTH_AROUND = 240;
/** With up to so many columns, all cells of a row are drawn; the next is the same for headers. */
const FEW_COLUMNS = 24;
const MANY_HEADERS = 200;
const FALLBACK_ROW_HEIGHT = 24;
/** Pinned columns cover at most this part of the screen; further ones are scrolled. Our choice. */
const MAX_PINNED = 0.6;

/** Columns from one place to another, both included. */
export interface IColumnRange {
  readonly firstColumn: number;
  readonly lastColumn: number;
}

/** Size and scroll position of the grid's element. It does not depend on the contents. */
export class Viewport {
  constructor(
    private readonly _node: HTMLElement,
    private readonly _model: TableModel
  ) {}

  /** The columns as laid out. A column that is being resized has its current width. */
  get columns(): readonly IShownColumn[] {
    return this._columns;
  }

  get columnAxis(): ColumnAxis {
    return this._columnAxis;
  }

  get rowAxis(): RowAxis {
    return this._rowAxis;
  }

  get rowHeight(): number {
    return this._rowHeight;
  }

  /** The number of pinned columns. */
  get pinned(): number {
    return this._pinned;
  }

  /** The width of all columns, or of the screen if that is wider. */
  get width(): number {
    return Math.max(this._columnAxis.length, this._width);
  }

  get scrollTop(): number {
    return this._node.scrollTop;
  }
  set scrollTop(top: number) {
    this._node.scrollTop = top;
  }

  /** Whether there is no space for a row, or no row is known yet. */
  get isEmpty(): boolean {
    return this._height === 0;
  }

  get isMirrored(): boolean {
    return getComputedStyle(this._node).direction === 'rtl';
  }

  /** The number of rows: those of the table, or grey ones while they are not known. */
  get rowCount(): number {
    const { isWaiting, state, rows } = this._model;
    return isWaiting ? this._visibleRows + 1 : state.is === 'ready' ? (rows.total ?? 0) : 0;
  }

  /** The number of rows that a page key moves by. */
  get pageRows(): number {
    return Math.max(1, this._visibleRows - 1);
  }

  /** Whether the first row is the baseline, which stays at the top. */
  get hasBaseline(): boolean {
    return this._model.rows.baseline !== null && !this._model.isWaiting;
  }

  /** Read the size of the grid, whose header covers the top. */
  measure(headerHeight: number): void {
    const style = getComputedStyle(this._node);
    this._rowHeight = parseFloat(style.getPropertyValue('--smx-row-height')) || FALLBACK_ROW_HEIGHT;
    this._width = this._node.clientWidth;
    this._height = Math.max(0, this._node.clientHeight - headerHeight);
  }

  /** Update the axes for the model and these columns. */
  layOut(columns: readonly IShownColumn[]): void {
    this._columns = columns;
    this._columnAxis = new ColumnAxis(columns.map(column => column.width));
    this._pinned = pinnedCount(columns, this._columnAxis, this._width);
    this._rowAxis = new RowAxis(this.rowCount, this._rowHeight, this._height);
  }

  /** Return the visible columns and some around them; all, if there are few. */
  drawnColumns(): IColumnRange {
    const count = this._columns.length;
    if (count <= FEW_COLUMNS) {
      return { firstColumn: this._pinned, lastColumn: count - 1 };
    }
    const { first, last } = this._columnAxis.visible(
      this._scrollStart - WIDTH_AROUND,
      this._width + 2 * WIDTH_AROUND
    );
    return { firstColumn: Math.max(first, this._pinned), lastColumn: last };
  }

  /** Return the headers to draw: all, unless there are very many, because they are only one row. */
  drawnHeaders(drawn: IColumnRange): IColumnRange {
    const count = this._columns.length;
    return count <= MANY_HEADERS ? { firstColumn: this._pinned, lastColumn: count - 1 } : drawn;
  }

  /** Return the rows to draw. Their number is always the same, so that elements keep their rows. */
  drawnRows(): { first: number; last: number } {
    const count = this._rowAxis.count;
    const least = this.hasBaseline ? 1 : 0;
    const capacity = Math.min(count - least, this._visibleRows + 2 + 2 * ROWS_AROUND);
    const visible = this._rowAxis.visible(this.scrollTop);
    const first = Math.max(least, Math.min(visible.first - ROWS_AROUND, count - capacity));
    return { first, last: first + capacity - 1 };
  }

  /** Scroll so that a row is visible and not covered by the baseline. */
  revealRow(row: number): void {
    const top = this.scrollTop;
    const revealed = this._rowAxis.reveal(row, top);
    this.scrollTop = !this.hasBaseline
      ? revealed
      : row === 0
        ? top
        : Math.min(revealed, this._rowAxis.scrollTop((row - 1) * this._rowHeight));
  }

  /** Scroll so that a column is visible and not covered by the pinned ones. */
  revealColumn(column: number): void {
    if (column >= this._pinned) {
      const covered = this._columnAxis.left(this._pinned);
      const start = this._scrollStart;
      this._scrollStart = this._columnAxis.reveal(column, start, this._width, covered);
    }
  }

  /**
   * Return a position on the screen as an offset among the columns, or from the start of the grid.
   */
  offsetOf(clientX: number, header: Element, fromScreen: boolean): number {
    const box = header.getBoundingClientRect();
    const offset = this.isMirrored ? box.right - clientX : clientX - box.left;
    return offset - (fromScreen ? this._scrollStart : 0);
  }

  /** Save the scroll position, which a hidden element may lose. */
  keep(): void {
    this._kept = { top: this.scrollTop, start: this._scrollStart };
  }

  /** Restore the saved scroll position. */
  restore(): void {
    this.scrollTop = this._kept.top;
    this._scrollStart = this._kept.start;
  }

  private get _visibleRows(): number {
    return Math.max(1, Math.floor(this._height / this._rowHeight));
  }

  /** The offset of the start edge of the screen. In right-to-left layouts it counts down. */
  private get _scrollStart(): number {
    return Math.abs(this._node.scrollLeft);
  }
  private set _scrollStart(offset: number) {
    if (Math.round(offset) !== Math.round(this._scrollStart)) {
      this._node.scrollLeft = this.isMirrored ? -offset : offset;
    }
  }

  private _columnAxis = new ColumnAxis([]);
  private _columns: readonly IShownColumn[] = [];
  private _height = 0;
  private _kept = { top: 0, start: 0 };
  private _pinned = 0;
  private _rowAxis = new RowAxis(0, FALLBACK_ROW_HEIGHT, 0);
  private _rowHeight = FALLBACK_ROW_HEIGHT;
  private _width = 0;
}

/** Return the number of pinned columns that stay: as many as leave enough space for the others. */
function pinnedCount(columns: readonly IShownColumn[], axis: ColumnAxis, width: number): number {
  let count = 0;
  while (columns[count]?.isPinned && axis.left(count + 1) <= MAX_PINNED * width) {
    count++;
  }
  return count;
}
