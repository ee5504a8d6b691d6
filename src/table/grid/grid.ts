/**
 * The grid: the visible columns and rows of a table as elements.
 *
 * It is told of changes and draws them; the model has everything else.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Message } from '@lumino/messaging';
import type { ISignal } from '@lumino/signaling';
import { type Menu, Widget } from '@lumino/widgets';

import { statusWord } from '../../ui/pieces/status';
import { IShownColumn } from '../view/columns';
import type { IWindow } from '../rows/demand';
import type { IFormat } from '../view/format';
import { GridColumns } from './columns';
import { GridFocus } from './focus';
import { GridHeader } from './header';
import { GridKeys } from './keys';
import { CellMarks, hasMarks } from './marks';
import type { TableModel } from '../model';
import type { HoveredRow } from './hover';
import { GridPointer } from './pointer';
import { RowPool } from './rowpool';
import { ScrollAnchor } from './scrollanchor';
import { IColumnRange, Viewport } from './viewport';
import { contentWord } from '../view/words';

/** Relative times are drawn again this often, in milliseconds. */
const CLOCK_MS = 20_000;
/** After this time without scrolling, in milliseconds, the elements are put in order. */
const TIDY_MS = 200;

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
    this._columns = new GridColumns(this.model, trans, () => this._onChange());
    this._header = new GridHeader({
      sort: (column, add) => this._columns.sort(column, add),
      resize: (column, width, isDone) => this._columns.resize(column, width, isDone),
      fit: column => this.fitColumn(column),
      move: (column, place) => this._columns.move(column, place),
      offsetOf: (x, fromScreen) => this._viewport.offsetOf(x, this._header.node, fromScreen)
    });
    this._viewport = new Viewport(this.node, this.model);
    this._rows = new RowPool(this._body);
    this._focus = new GridFocus({
      node: this.node,
      model: this.model,
      header: this._header,
      rows: this._rows,
      viewport: this._viewport,
      draw: () => this._draw()
    });
    this._keys = new GridKeys({
      model: this.model,
      viewport: this._viewport,
      focus: this._focus,
      format: () => this.format
    });
    this._anchor = new ScrollAnchor(this.model, this._rows, this._viewport, () => this._onChange());
    this._pointer = new GridPointer({
      ..._options,
      header: this._header,
      rows: this._rows,
      anchor: this._anchor,
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
    _options.hovered.changed.connect(this._onSelection, this);
  }

  get model(): TableModel {
    return this._options.model;
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

  /** The index of the active column among the shown ones. */
  get activeColumn(): number {
    return this._focus.column;
  }

  /** Scroll to the active cell, and move the focus to it. */
  revealActive(): void {
    this._focus.reveal();
  }

  /** Move the focus to the active cell. */
  focusActive(): void {
    this._focus.take();
  }

  /** Open the menu of the active cell, as a right-click does. */
  openMenu(): void {
    this._focus.openMenu();
  }

  /** Emits how many new rows are above the screen and not seen yet. */
  get aboveChanged(): ISignal<unknown, number> {
    return this._anchor.aboveChanged;
  }

  /** Scroll to the first rows. */
  scrollToTop(): void {
    this._viewport.scrollTop = 0;
  }

  /** Make the column beside the active one active, because the active one will be removed. */
  leaveColumn(): void {
    const { selection, shown } = this.model;
    const at = this.activeColumn;
    selection.activate(selection.active.row, (shown[at + 1] ?? shown[at - 1])?.id ?? null);
  }

  /** Make a column wide enough for its header and the loaded rows. */
  fitColumn(column: IShownColumn): void {
    this._columns.fit(column, this.format);
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
        this._focus.handle(event as FocusEvent);
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
    this._clock = window.setInterval(() => this.isVisible && this._onChange(), CLOCK_MS);
    this._measure();
  }

  protected onBeforeDetach(msg: Message): void {
    EVENTS.forEach(type => this.node.removeEventListener(type, this));
    this._observer?.disconnect();
    window.clearInterval(this._clock);
    window.clearTimeout(this._tidying);
    this._anchor.dispose();
    super.onBeforeDetach(msg);
  }

  protected onBeforeHide(msg: Message): void {
    this._viewport.keep();
    super.onBeforeHide(msg);
  }

  protected onAfterShow(msg: Message): void {
    super.onAfterShow(msg);
    this._measure();
    this._viewport.restore();
  }

  protected onUpdateRequest(msg: Message): void {
    super.onUpdateRequest(msg);
    this._draw();
  }

  // Changes

  private _onChange(): void {
    this._isDirty = true;
    this.update();
  }

  /** Draw the selection of rows; cells and header stay as they are. */
  private _onSelection(): void {
    this._selections++;
    this.update();
  }

  private _onView(): void {
    if (this.model.rows.isReordering) {
      // In another order or with other rows, the interesting ones are at the top.
      this._viewport.scrollTop = 0;
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
      this._viewport.rowCount === this._viewport.rowAxis.count &&
      this._isBusy === this._busy
    ) {
      // More values have arrived: only cells without a value are drawn.
      this.update();
      return;
    }
    this._generation = rows.generation;
    this._version = rows.version;
    if (isRefresh) {
      this._anchor.keep(() => this._layOut());
    } else {
      this._layOut();
    }
    this._onChange();
  }

  // Drawing

  private _measure(): void {
    if (!this.isVisible) {
      return;
    }
    this._columns.fitter.setFont(this.node);
    this._viewport.measure(this._header.node.offsetHeight);
    this._onChange();
  }

  /** Update axes and sizes from the model. */
  private _layOut(): void {
    const columns = this._columns.current;
    this._viewport.layOut(columns);
    const width = `${this._viewport.width}px`;
    this._header.node.style.width = width;
    this._body.style.width = width;
    this._body.style.height = `${this._viewport.rowAxis.height}px`;
    this.node.setAttribute('role', this.model.rows.groups === null ? 'grid' : 'treegrid');
    this.node.setAttribute('aria-rowcount', String(this._viewport.rowCount + 1));
    this.node.setAttribute('aria-colcount', String(columns.length));
    this._isBusy = this._busy;
    this.node.setAttribute('aria-busy', String(this._isBusy));
  }

  private get _busy(): boolean {
    return this.model.isWaiting || this.model.rows.isStale;
  }

  private _draw(): void {
    if (!this.isVisible || this._viewport.isEmpty) {
      return;
    }
    if (this._isDirty) {
      this._isDirty = false;
      this._content++;
      this._revision++;
      this._layOut();
    }
    // Read before anything is written. Otherwise the browser has to lay out in between.
    const { scrollTop, pinned } = this._viewport;
    const window = { ...this._viewport.drawnRows(), ...this._viewport.drawnColumns(), pinned };
    const place = `${window.firstColumn} ${window.lastColumn} ${pinned}`;
    if (place !== this._columnsDrawn) {
      this._columnsDrawn = place;
      this._revision++;
    }
    this._drawHeader(window);
    this._drawRows(window, scrollTop);
    this._focus.sync();
    this.model.want({ ...window, direction: this._direction });
  }

  private _drawHeader(drawn: IColumnRange): void {
    if (this._headerRevision !== this._revision) {
      const { columns, columnAxis: axis, pinned } = this._viewport;
      this._headerRevision = this._revision;
      this._header.draw({
        columns,
        axis,
        pinned,
        ...this._viewport.drawnHeaders(drawn),
        // The order of the rows on the screen, not of those that are still to come.
        sort: this.model.rows.query?.sort ?? [],
        statistic: column => contentWord(column, this._options.trans)
      });
    }
  }

  private _drawRows(window: Omit<IWindow, 'direction'>, scrollTop: number): void {
    const { columns, columnAxis: axis, rowAxis, hasBaseline } = this._viewport;
    const { rows, selection } = this.model;
    this._rows.draw({
      ...window,
      columns,
      axis,
      rows,
      format: this.format,
      fitter: this._columns.fitter,
      marks: this._marks(),
      hasBaseline,
      top: row => rowAxis.top(row, scrollTop),
      isSelected: id => selection.has(id),
      moved: this._anchor.moved,
      hovered: this._options.hovered.id,
      revision: this._revision + this._selections,
      content: this._content
    });
  }

  private _marks(): CellMarks | null {
    const { rows, view } = this.model;
    const { locale, trans } = this._options;
    return hasMarks(rows, view.comparing)
      ? new CellMarks(rows, view.comparing, locale, trans)
      : null;
  }

  private _onScroll(): void {
    const { rowAxis, scrollTop: top } = this._viewport;
    this._anchor.scrolled();
    this._direction = Math.sign(top - this._lastTop) as -1 | 0 | 1;
    this._lastTop = top;
    if (rowAxis.height < rowAxis.length) {
      // The positions of rows now depend on the scroll position.
      this._revision++;
    }
    this._draw();
    window.clearTimeout(this._tidying);
    this._tidying = window.setTimeout(() => this._rows.tidy(), TIDY_MS);
  }

  private readonly _body = document.createElement('div');
  private _clock = 0;
  private readonly _columns: GridColumns;
  private _columnsDrawn = '';
  private _content = 0;
  private _direction: -1 | 0 | 1 = 0;
  private readonly _focus: GridFocus;
  private _generation = -1;
  private readonly _header: GridHeader;
  private _headerRevision = -1;
  private _isBusy = false;
  private _isDirty = true;
  private readonly _keys: GridKeys;
  private _lastTop = 0;
  private _observer: ResizeObserver | null = null;
  private readonly _pointer: GridPointer;
  private _revision = 0;
  private readonly _rows: RowPool;
  private _selections = 0;
  private readonly _anchor: ScrollAnchor;
  private _tidying = 0;
  private _version = -1;
  private readonly _viewport: Viewport;
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
  /** Options of a grid. */
  export interface IOptions {
    model: TableModel;
    trans: TranslationBundle;
    locale: string;
    /** The row under the pointer, here or in a chart. */
    hovered: HoveredRow;
    /** JupyterLab's context menu, which opens on a right-click. */
    contextMenu: Menu;
    /** Called on a double-click on the active row. */
    onOpen: () => void;
  }
}
