/**
 * The grid: columns and rows of a table as elements, drawn only where they can be seen.
 *
 * Knows where things are on the screen, and the focus; asks the model for everything else.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Message } from '@lumino/messaging';
import { type ISignal, Signal } from '@lumino/signaling';
import { type Menu, Widget } from '@lumino/widgets';

import { statusWord } from '../ui/status';
import { ColumnAxis, RowAxis } from './axis';
import { IShownColumn } from './columns';
import { TextFitter, fitWidth } from './fit';
import type { IFormat } from './format';
import { GridHeader } from './header';
import { GridKeys } from './keys';
import { CellMarks, hasMarks } from './marks';
import type { TableModel } from './model';
import { GridPointer } from './pointer';
import { RowPool } from './rowpool';
import { SteadyRows } from './steady';
import { contentWord } from './words';
import { moveBefore } from './moves';
import { cycleSort, setWidth } from './view';

/** Rows drawn beyond the visible ones, and columns, in CSS pixels, so that scrolling meets none. */
const ROWS_AROUND = 8;
const WIDTH_AROUND = 240;
/** Up to so many columns all cells of a row are drawn, and up to so many all headers. */
const FEW_COLUMNS = 24;
const MANY_HEADERS = 200;
/** Relative times are drawn anew this often. */
const CLOCK_MS = 20_000;
/** After this long without scrolling the elements are put in order. */
const TIDY_MS = 200;
const FALLBACK_ROW_HEIGHT = 24;
/** The part of the screen that pinned columns may cover; others scroll like any. Our choice. */
const MOST_PINNED = 0.6;
/** How far inside a cell its menu opens, in CSS pixels. */
const MENU_INSET = 24;

export class TableGrid extends Widget {
  constructor(private readonly _options: TableGrid.IOptions) {
    super();
    this.addClass('smx-TableGrid');
    const { trans } = _options;
    this.node.setAttribute('role', 'grid');
    this.node.setAttribute('aria-label', trans.__('Trial components'));
    this.node.setAttribute('aria-multiselectable', 'true');
    this.node.tabIndex = 0;
    this._body.className = 'smx-TableGrid-body';
    this._body.setAttribute('role', 'rowgroup');
    this._header = new GridHeader({
      sort: (column, add) => this.model.update(view => cycleSort(view, column, add)),
      resize: (column, width, isDone) => this._resizeColumn(column, width, isDone),
      fit: column => this.fitColumn(column),
      move: (column, place) => this._moveColumn(column, place),
      offsetOf: (x, fromScreen) => this._offsetOf(x) - (fromScreen ? this._scrollStart : 0)
    });
    this._rows = new RowPool(this._body);
    this._keys = new GridKeys(this);
    this._steady = new SteadyRows(this.model, this._rows, () => this._onChange());
    this._pointer = new GridPointer({
      ..._options,
      header: this._header,
      rows: this._rows,
      steady: this._steady,
      focusActive: () => {
        this._draw();
        this.focusActive();
      }
    });
    this.node.append(this._header.node, this._body);
    this.model.changed.connect(this._onChange, this);
    this.model.viewChanged.connect(this._onView, this);
    this.model.rows.changed.connect(this._onRows, this);
    this.model.selection.changed.connect(this._onSelection, this);
  }

  get model(): TableModel {
    return this._options.model;
  }

  get trans(): TranslationBundle {
    return this._options.trans;
  }

  /** How cells are written now. */
  get format(): IFormat {
    const { locale, trans } = this._options;
    return {
      locale,
      now: Date.now(),
      status: status => statusWord(status, trans)
    };
  }

  /** Rows on the grid: those of the table, or grey ones while they are not known. */
  get rowCount(): number {
    const { isWaiting, state, rows } = this.model;
    return isWaiting ? this._pageRows + 1 : state.is === 'ready' ? (rows.total ?? 0) : 0;
  }

  /** Rows that go past with a page. */
  get pageRows(): number {
    return Math.max(1, this._pageRows - 1);
  }

  get isMirrored(): boolean {
    return getComputedStyle(this.node).direction === 'rtl';
  }

  /** The place of the active column among the shown ones. */
  get activeColumn(): number {
    const { column } = this.model.selection.active;
    return Math.max(
      0,
      this.model.shown.findIndex(shown => shown.id === column)
    );
  }

  /** Bring the active cell into view, and the focus to it. */
  revealActive(): void {
    const { row } = this.model.selection.active;
    if (row >= 0) {
      this.node.scrollTop = this._revealed(row);
    }
    const column = this.activeColumn;
    if (column >= this._pinned) {
      const start = this._scrollStart;
      this._scrollStart = this._columnAxis.reveal(column, start, this._width, this._pinnedWidth);
    }
    this._draw();
    this.focusActive();
  }

  /** The scroll position at which a row can be seen, not covered by the baseline. */
  private _revealed(row: number): number {
    const top = this.node.scrollTop;
    if (!this._hasBaseline) {
      return this._rowAxis.reveal(row, top);
    }
    return row === 0
      ? top
      : Math.min(
          this._rowAxis.reveal(row, top),
          this._rowAxis.scrollTop((row - 1) * this._rowHeight)
        );
  }

  /** Whether the first row is the one that others are held against: it stays at the top. */
  private get _hasBaseline(): boolean {
    return this.model.rows.baseline !== null && !this.model.isWaiting;
  }

  /** Give the focus to the active cell, wherever it was. */
  focusActive(): void {
    (this._activeNode() ?? this.node).focus({ preventScroll: true });
  }

  /** The element of the active cell; undefined while it is scrolled away. */
  activeElement(): HTMLElement | undefined {
    return this._activeNode();
  }

  /** How many new rows are above the screen, unseen. */
  get aboveChanged(): ISignal<this, number> {
    return this._aboveChanged;
  }

  /** Show the first rows. */
  scrollToTop(): void {
    this.node.scrollTop = 0;
  }

  /** Open the menu of the active cell, as a right-click on it would. */
  openMenu(): void {
    this.revealActive();
    const cell = this._activeNode();
    if (cell) {
      const box = cell.getBoundingClientRect();
      const x = this.isMirrored ? box.right - MENU_INSET : box.left + MENU_INSET;
      cell.dispatchEvent(
        new MouseEvent('contextmenu', {
          bubbles: true,
          cancelable: true,
          clientX: Math.round(x),
          clientY: Math.round(box.bottom - 4)
        })
      );
    }
  }

  /** The active column is about to go: the one beside it becomes the active one. */
  leaveColumn(): void {
    const { selection, shown } = this.model;
    const at = this.activeColumn;
    selection.activate(selection.active.row, (shown[at + 1] ?? shown[at - 1])?.id ?? null);
  }

  /** Make a column as wide as its header and the rows at hand need it. */
  fitColumn(column: IShownColumn): void {
    const below = contentWord(column, this.trans);
    const width = fitWidth(column, below, this.model.rows, this.format, this._fitter);
    this.model.update(view => setWidth(view, column.id, width));
  }

  handleEvent(event: Event): void {
    switch (event.type) {
      case 'scroll':
        this._onScroll();
        break;
      case 'keydown':
        this._keys.handle(event as KeyboardEvent);
        break;
      case 'focusin':
        this._onFocus(event as FocusEvent);
        break;
      default:
        this._pointer.handle(event as MouseEvent);
    }
  }

  protected onAfterAttach(msg: Message): void {
    super.onAfterAttach(msg);
    EVENTS.forEach(type => this.node.addEventListener(type, this, { passive: type === 'scroll' }));
    this._observer = new ResizeObserver(() => this._measure());
    this._observer.observe(this.node);
    this._clock = window.setInterval(() => this._touch(), CLOCK_MS);
    this._measure();
  }

  protected onBeforeDetach(msg: Message): void {
    EVENTS.forEach(type => this.node.removeEventListener(type, this));
    this._observer?.disconnect();
    window.clearInterval(this._clock);
    window.clearTimeout(this._tidying);
    this._steady.dispose();
    super.onBeforeDetach(msg);
  }

  protected onBeforeHide(msg: Message): void {
    this._kept = { top: this.node.scrollTop, start: this._scrollStart };
    super.onBeforeHide(msg);
  }

  protected onAfterShow(msg: Message): void {
    super.onAfterShow(msg);
    this._measure();
    // An element that was not displayed may have lost its place.
    this.node.scrollTop = this._kept.top;
    this._scrollStart = this._kept.start;
  }

  protected onUpdateRequest(msg: Message): void {
    super.onUpdateRequest(msg);
    this._draw();
  }

  // What has changed

  private _onChange(): void {
    this._isDirty = true;
    this.update();
  }

  /** Rows may look selected now; their cells and the header stay as they are. */
  private _onSelection(): void {
    this._selections++;
    this.update();
  }

  private _onView(): void {
    if (this.model.rows.isReordering) {
      // Another order or other rows: what matters is at the top.
      this.node.scrollTop = 0;
    }
    this._onChange();
  }

  private _onRows(): void {
    const { rows } = this.model;
    const isSame = rows.generation === this._generation;
    const isRefresh = isSame && rows.version !== this._version;
    if (
      isSame &&
      !isRefresh &&
      this.rowCount === this._rowAxis.count &&
      this._isBusy === this._busy
    ) {
      // More of what was known: only what is grey is drawn.
      this.update();
      return;
    }
    const top = this.node.scrollTop;
    const firstVisible = top > 0 ? this._rowAxis.visible(top).first : -1;
    const anchor = isRefresh ? this._steady.anchor(firstVisible) : null;
    this._generation = rows.generation;
    this._version = rows.version;
    this._layOut();
    const at = anchor === null ? undefined : rows.indexOf(anchor.id);
    if (anchor && at !== undefined && at !== anchor.row) {
      this._shift(at - anchor.row);
    }
    if (isRefresh) {
      const { first, last } = this._rowAxis.visible(this.node.scrollTop);
      this._steady.mark(first, last);
    }
    this._onChange();
  }

  /** Rows have come or gone above what is looked at: scroll along with it. */
  private _shift(by: number): void {
    const offset = this._rowAxis.offset(this.node.scrollTop);
    const wasAtTop = offset < this._rowHeight;
    this.node.scrollTop = this._rowAxis.scrollTop(offset + by * this._rowHeight);
    if (by > 0 && (wasAtTop || this._above > 0)) {
      this._setAbove(this._above + by);
    }
  }

  /** Rows that came in above the screen while its top was held. */
  private _setAbove(count: number): void {
    if (count !== this._above) {
      this._above = count;
      this._aboveChanged.emit(count);
    }
  }

  private _touch(): void {
    if (this.isVisible) {
      this._onChange();
    }
  }

  // Drawing

  private _measure(): void {
    if (!this.isVisible) {
      return;
    }
    const style = getComputedStyle(this.node);
    this._rowHeight = parseFloat(style.getPropertyValue('--smx-row-height')) || FALLBACK_ROW_HEIGHT;
    this._fitter.setFont(this.node);
    this._width = this.node.clientWidth;
    this._height = Math.max(0, this.node.clientHeight - this._header.node.offsetHeight);
    this._onChange();
  }

  private get _pageRows(): number {
    return Math.max(1, Math.floor(this._height / this._rowHeight));
  }

  /** Bring axes and sizes in step with the model. */
  private _layOut(): void {
    const columns = this.model.shown.map(column =>
      column.id === this._resizing?.id ? { ...column, width: this._resizing.width } : column
    );
    this._columns = columns;
    this._columnAxis = new ColumnAxis(columns.map(column => column.width));
    this._pinned = pinnedCount(columns, this._columnAxis, this._width);
    this._rowAxis = new RowAxis(this.rowCount, this._rowHeight, this._height);
    const width = `${Math.max(this._columnAxis.length, this._width)}px`;
    this._header.node.style.width = width;
    this._body.style.width = width;
    this._body.style.height = `${this._rowAxis.height}px`;
    this.node.setAttribute('role', this.model.rows.groups === null ? 'grid' : 'treegrid');
    this.node.setAttribute('aria-rowcount', String(this.rowCount + 1));
    this.node.setAttribute('aria-colcount', String(columns.length));
    this._isBusy = this._busy;
    this.node.setAttribute('aria-busy', String(this._isBusy));
  }

  private get _busy(): boolean {
    return this.model.isWaiting || this.model.rows.isStale;
  }

  private _draw(): void {
    if (!this.isVisible || this._height === 0) {
      return;
    }
    if (this._isDirty) {
      this._isDirty = false;
      this._content++;
      this._revision++;
      this._layOut();
    }
    const { model } = this;
    const scrollTop = this.node.scrollTop;
    const { firstColumn, lastColumn } = this._drawnColumns();
    const place = `${firstColumn} ${lastColumn} ${this._pinned}`;
    if (place !== this._columnsDrawn) {
      this._columnsDrawn = place;
      this._revision++;
    }
    const shared = { columns: this._columns, axis: this._columnAxis, pinned: this._pinned };
    if (this._headerRevision !== this._revision) {
      this._headerRevision = this._revision;
      this._header.draw({
        ...shared,
        ...this._drawnHeaders(firstColumn, lastColumn),
        // The order of the rows that are there, not of those still on their way.
        sort: model.rows.query?.sort ?? [],
        statistic: column => contentWord(column, this.trans)
      });
    }
    const { first, last } = this._drawnRows(scrollTop);
    this._rows.draw({
      ...shared,
      first,
      last,
      firstColumn,
      lastColumn,
      rows: model.rows,
      format: this.format,
      fitter: this._fitter,
      marks: this._marks(),
      hasBaseline: this._hasBaseline,
      top: row => this._rowAxis.top(row, scrollTop),
      isSelected: id => model.selection.has(id),
      moved: this._steady.moved,
      revision: this._revision + this._selections,
      content: this._content
    });
    this._syncFocus();
    model.want({
      first,
      last,
      direction: this._direction,
      firstColumn,
      lastColumn,
      pinned: this._pinned
    });
  }

  private _marks(): CellMarks | null {
    const { rows, view } = this.model;
    const { locale, trans } = this._options;
    return hasMarks(rows, view.comparing)
      ? new CellMarks(rows, view.comparing, locale, trans)
      : null;
  }

  /** The columns that can be seen and some around; few columns are drawn whole. */
  private _drawnColumns(): { firstColumn: number; lastColumn: number } {
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
  private _drawnHeaders(
    firstColumn: number,
    lastColumn: number
  ): { firstColumn: number; lastColumn: number } {
    const count = this._columns.length;
    return count <= MANY_HEADERS
      ? { firstColumn: this._pinned, lastColumn: count - 1 }
      : { firstColumn, lastColumn };
  }

  /** As many rows on every drawing, so that elements keep their rows while scrolling. */
  private _drawnRows(scrollTop: number): { first: number; last: number } {
    const count = this._rowAxis.count;
    const least = this._hasBaseline ? 1 : 0;
    const capacity = Math.min(count - least, this._pageRows + 2 + 2 * ROWS_AROUND);
    const visible = this._rowAxis.visible(scrollTop);
    const first = Math.max(least, Math.min(visible.first - ROWS_AROUND, count - capacity));
    return { first, last: first + capacity - 1 };
  }

  private _onScroll(): void {
    const top = this.node.scrollTop;
    if (top < this._rowHeight) {
      this._setAbove(0);
    }
    this._direction = Math.sign(top - this._lastTop) as -1 | 0 | 1;
    this._lastTop = top;
    if (this._rowAxis.height < this._rowAxis.length) {
      // Where a row lies depends on the scroll position then.
      this._revision++;
    }
    this._draw();
    window.clearTimeout(this._tidying);
    this._tidying = window.setTimeout(() => this._rows.tidy(), TIDY_MS);
  }

  // The focus

  private _hasFocus(): boolean {
    return this.node.contains(document.activeElement);
  }

  private _activeNode(): HTMLElement | undefined {
    const { row } = this.model.selection.active;
    return row < 0 ? this._header.cell(this.activeColumn) : this._rows.cell(row, this.activeColumn);
  }

  /** One stop for the Tab key: the active cell, or the grid itself while that is scrolled away. */
  private _syncFocus(): void {
    const active = this._activeNode();
    if (active !== this._stop) {
      this._stop?.setAttribute('tabindex', '-1');
      this._stop = active;
    }
    // Also what is the same costs a layout when it is written.
    if (active && active.tabIndex !== 0) {
      active.tabIndex = 0;
    }
    const own = active ? -1 : 0;
    if (this.node.tabIndex !== own) {
      this.node.tabIndex = own;
    }
    if (this._hasFocus() && document.activeElement !== (active ?? this.node)) {
      this.focusActive();
    }
  }

  /** Tab has come to the grid while its active cell is scrolled away. */
  private _onFocus(event: FocusEvent): void {
    const from = event.relatedTarget as Node | null;
    if (event.target === this.node && !(from && this.node.contains(from))) {
      if (this.node.matches(':focus-visible')) {
        this.revealActive();
      }
    }
  }

  // The pointer

  private _resizeColumn(column: IShownColumn, width: number, isDone: boolean): void {
    this._resizing = isDone ? null : { id: column.id, width };
    if (isDone) {
      this.model.update(view => setWidth(view, column.id, width));
    } else {
      this._onChange();
    }
  }

  private _moveColumn(column: IShownColumn, place: number): void {
    const before = this._columns[place]?.id ?? null;
    if (before !== column.id) {
      this.model.update(view => moveBefore(view, this.model.columns, column.id, before));
    }
  }

  private _offsetOf(clientX: number): number {
    const box = this._header.node.getBoundingClientRect();
    return this.isMirrored ? box.right - clientX : clientX - box.left;
  }

  /** How much of the screen the columns cover that stay there. */
  private get _pinnedWidth(): number {
    return this._columnAxis.left(this._pinned);
  }

  /** The offset of what is at the start edge of the screen; mirrored scrolling counts down. */
  private get _scrollStart(): number {
    return Math.abs(this.node.scrollLeft);
  }
  private set _scrollStart(offset: number) {
    if (Math.round(offset) !== Math.round(this._scrollStart)) {
      this.node.scrollLeft = this.isMirrored ? -offset : offset;
    }
  }

  private _above = 0;
  private _aboveChanged = new Signal<this, number>(this);
  private readonly _body = document.createElement('div');
  private _clock = 0;
  private _columnAxis = new ColumnAxis([]);
  private _columns: readonly IShownColumn[] = [];
  private _columnsDrawn = '';
  private _content = 0;
  private _direction: -1 | 0 | 1 = 0;
  private readonly _fitter = new TextFitter();
  private _generation = -1;
  private readonly _header: GridHeader;
  private _headerRevision = -1;
  private _height = 0;
  private _isBusy = false;
  private _isDirty = true;
  private _kept = { top: 0, start: 0 };
  private readonly _keys: GridKeys;
  private _lastTop = 0;
  private _observer: ResizeObserver | null = null;
  private _pinned = 0;
  private readonly _pointer: GridPointer;
  private _resizing: { id: string; width: number } | null = null;
  private _revision = 0;
  private _rowAxis = new RowAxis(0, FALLBACK_ROW_HEIGHT, 0);
  private _rowHeight = FALLBACK_ROW_HEIGHT;
  private readonly _rows: RowPool;
  private _selections = 0;
  private readonly _steady: SteadyRows;
  private _stop: HTMLElement | undefined;
  private _tidying = 0;
  private _version = -1;
  private _width = 0;
}

/** How many columns stay: those pinned, as far as most of the screen is left for the others. */
function pinnedCount(columns: readonly IShownColumn[], axis: ColumnAxis, width: number): number {
  let count = 0;
  while (columns[count]?.isPinned && axis.left(count + 1) <= MOST_PINNED * width) {
    count++;
  }
  return count;
}

const EVENTS = [
  'scroll',
  'keydown',
  'click',
  'dblclick',
  'contextmenu',
  'focusin',
  'pointermove',
  'pointerleave'
] as const;

export namespace TableGrid {
  /** What a grid needs. */
  export interface IOptions {
    model: TableModel;
    trans: TranslationBundle;
    locale: string;
    /** JupyterLab's own, which opens on a right-click. */
    contextMenu: Menu;
    /** Double-click on the active row. */
    onOpen: () => void;
  }
}
