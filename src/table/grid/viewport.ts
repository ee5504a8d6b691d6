/** What of a grid is on the screen: where rows and columns lie, and which of them to draw. */
import { ColumnAxis, RowAxis } from './axis';
import type { IShownColumn } from '../view/columns';
import type { TableModel } from '../model';

/** Rows drawn beyond the visible ones, and columns, in CSS pixels, so that scrolling meets none. */
const ROWS_AROUND = 8;
const WIDTH_AROUND = 240;
/** Up to so many columns all cells of a row are drawn, and up to so many all headers. */
const FEW_COLUMNS = 24;
const MANY_HEADERS = 200;
const FALLBACK_ROW_HEIGHT = 24;
/** The part of the screen that pinned columns may cover; others scroll like any. Our choice. */
const MAX_PINNED = 0.6;

/** Columns from one place to another, both included. */
export interface IColumnRange {
  readonly firstColumn: number;
  readonly lastColumn: number;
}

/** Knows the size and the scroll position of the grid's element, and nothing of what is in it. */
export class Viewport {
  constructor(
    private readonly _node: HTMLElement,
    private readonly _model: TableModel
  ) {}

  /** The columns as they are laid out: one that is being resized has its width of the moment. */
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

  /** How many columns stay at the start of the screen. */
  get pinned(): number {
    return this._pinned;
  }

  /** The width that all columns need, or the screen if that is wider. */
  get width(): number {
    return Math.max(this._columnAxis.length, this._width);
  }

  get scrollTop(): number {
    return this._node.scrollTop;
  }
  set scrollTop(top: number) {
    this._node.scrollTop = top;
  }

  /** Whether there is no room for a single row, or none is known yet. */
  get isEmpty(): boolean {
    return this._height === 0;
  }

  get isMirrored(): boolean {
    return getComputedStyle(this._node).direction === 'rtl';
  }

  /** Rows on the grid: those of the table, or grey ones while they are not known. */
  get rowCount(): number {
    const { isWaiting, state, rows } = this._model;
    return isWaiting ? this._visibleRows + 1 : state.is === 'ready' ? (rows.total ?? 0) : 0;
  }

  /** Rows that go past with a page. */
  get pageRows(): number {
    return Math.max(1, this._visibleRows - 1);
  }

  /** Whether the first row is the one that others are held against: it stays at the top. */
  get hasBaseline(): boolean {
    return this._model.rows.baseline !== null && !this._model.isWaiting;
  }

  /** Take the size of the grid; its header covers the top. */
  measure(headerHeight: number): void {
    const style = getComputedStyle(this._node);
    this._rowHeight = parseFloat(style.getPropertyValue('--smx-row-height')) || FALLBACK_ROW_HEIGHT;
    this._width = this._node.clientWidth;
    this._height = Math.max(0, this._node.clientHeight - headerHeight);
  }

  /** Bring the axes in step with the model and these columns. */
  layOut(columns: readonly IShownColumn[]): void {
    this._columns = columns;
    this._columnAxis = new ColumnAxis(columns.map(column => column.width));
    this._pinned = pinnedCount(columns, this._columnAxis, this._width);
    this._rowAxis = new RowAxis(this.rowCount, this._rowHeight, this._height);
  }

  /** The columns that can be seen and some around; few columns are drawn whole. */
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

  /** Headers are drawn all, unless there are very many: there is only one row of them. */
  drawnHeaders(drawn: IColumnRange): IColumnRange {
    const count = this._columns.length;
    return count <= MANY_HEADERS ? { firstColumn: this._pinned, lastColumn: count - 1 } : drawn;
  }

  /** As many rows on every drawing, so that elements keep their rows while scrolling. */
  drawnRows(): { first: number; last: number } {
    const count = this._rowAxis.count;
    const least = this.hasBaseline ? 1 : 0;
    const capacity = Math.min(count - least, this._visibleRows + 2 + 2 * ROWS_AROUND);
    const visible = this._rowAxis.visible(this.scrollTop);
    const first = Math.max(least, Math.min(visible.first - ROWS_AROUND, count - capacity));
    return { first, last: first + capacity - 1 };
  }

  /** Scroll so that a row can be seen, not covered by the baseline. */
  revealRow(row: number): void {
    const top = this.scrollTop;
    const revealed = this._rowAxis.reveal(row, top);
    this.scrollTop = !this.hasBaseline
      ? revealed
      : row === 0
        ? top
        : Math.min(revealed, this._rowAxis.scrollTop((row - 1) * this._rowHeight));
  }

  /** Scroll so that a column can be seen, not covered by the pinned ones. */
  revealColumn(column: number): void {
    if (column >= this._pinned) {
      const covered = this._columnAxis.left(this._pinned);
      const start = this._scrollStart;
      this._scrollStart = this._columnAxis.reveal(column, start, this._width, covered);
    }
  }

  /** A place on the screen as an offset among the columns, or from the start of the grid. */
  offsetOf(clientX: number, header: Element, fromScreen: boolean): number {
    const box = header.getBoundingClientRect();
    const offset = this.isMirrored ? box.right - clientX : clientX - box.left;
    return offset - (fromScreen ? this._scrollStart : 0);
  }

  /** Remember what is on the screen: an element that is not displayed may lose its place. */
  keep(): void {
    this._kept = { top: this.scrollTop, start: this._scrollStart };
  }

  /** Scroll to where `keep` was called. */
  restore(): void {
    this.scrollTop = this._kept.top;
    this._scrollStart = this._kept.start;
  }

  private get _visibleRows(): number {
    return Math.max(1, Math.floor(this._height / this._rowHeight));
  }

  /** The offset of what is at the start edge of the screen; mirrored scrolling counts down. */
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

/** How many columns stay: those pinned, as far as most of the screen is left for the others. */
function pinnedCount(columns: readonly IShownColumn[], axis: ColumnAxis, width: number): number {
  let count = 0;
  while (columns[count]?.isPinned && axis.left(count + 1) <= MAX_PINNED * width) {
    count++;
  }
  return count;
}
