/** The positions of rows and columns in pixels, and back. Pure. */

/**
 * The height of the tallest element, in CSS pixels. Browsers allow about 17 million (Firefox) or 33
 * million (Chromium).
 */
export const MAX_HEIGHT = 15_000_000;

/**
 * Rows of one height, in an element that may be too small for all of them.
 *
 * #### Notes
 * Up to `MAX_HEIGHT` a scroll position is the offset of the first visible row. Beyond, the element
 * is `MAX_HEIGHT` tall and a scroll position is a proportion of the height of all rows. The visible
 * rows keep their height and distance in either case.
 */
export class RowAxis {
  constructor(
    readonly count: number,
    readonly rowHeight: number,
    /** The height of the visible area. */
    readonly viewHeight: number
  ) {}

  /** The height of all rows. */
  get length(): number {
    return this.count * this.rowHeight;
  }

  /** The height of the element. */
  get height(): number {
    return Math.min(this.length, MAX_HEIGHT);
  }

  /** Return the offset, among all rows, of the top of the screen. */
  offset(scrollTop: number): number {
    return Math.min(
      Math.max(0, scrollTop * this._scale),
      Math.max(0, this.length - this.viewHeight)
    );
  }

  /** Return the scroll position at which an offset is at the top of the screen. */
  scrollTop(offset: number): number {
    return Math.max(0, offset) / this._scale;
  }

  /** Return the rows that are visible at least in part; `last` is -1 without any. */
  visible(scrollTop: number): { first: number; last: number } {
    const offset = this.offset(scrollTop);
    const first = Math.floor(offset / this.rowHeight);
    const last = Math.ceil((offset + this.viewHeight) / this.rowHeight) - 1;
    return {
      first: Math.max(0, Math.min(first, this.count - 1)),
      last: Math.min(last, this.count - 1)
    };
  }

  /** Return where to draw a row inside the element, at a scroll position. */
  top(row: number, scrollTop: number): number {
    return this._scale === 1
      ? row * this.rowHeight
      : Math.round(scrollTop) + row * this.rowHeight - Math.round(this.offset(scrollTop));
  }

  /** Return the nearest scroll position at which a whole row is visible. */
  reveal(row: number, scrollTop: number): number {
    const offset = this.offset(scrollTop);
    const start = row * this.rowHeight;
    if (start < offset) {
      return this.scrollTop(start);
    }
    const end = start + this.rowHeight - this.viewHeight;
    return end > offset ? this.scrollTop(Math.max(0, end)) : scrollTop;
  }

  private get _scale(): number {
    const way = this.height - this.viewHeight;
    return this.length > MAX_HEIGHT && way > 0 ? (this.length - this.viewHeight) / way : 1;
  }
}

/** Columns of different widths, side by side. */
export class ColumnAxis {
  constructor(widths: readonly number[]) {
    let left = 0;
    this._lefts = new Float64Array(widths.length + 1);
    widths.forEach((width, at) => {
      this._lefts[at] = left;
      left += width;
    });
    this._lefts[widths.length] = left;
  }

  get count(): number {
    return this._lefts.length - 1;
  }

  /** The width of all columns. */
  get length(): number {
    return this._lefts[this.count];
  }

  left(column: number): number {
    return this._lefts[column];
  }

  width(column: number): number {
    return this._lefts[column + 1] - this._lefts[column];
  }

  /** Return the column at an offset from the left; beyond the ends, the first or last one. */
  at(offset: number): number {
    let low = 0;
    let high = this.count - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this._lefts[middle] <= offset) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return Math.max(0, low);
  }

  /** Return the columns that are visible at least in part; `last` is -1 without any. */
  visible(scrollLeft: number, viewWidth: number): { first: number; last: number } {
    if (this.count === 0) {
      return { first: 0, last: -1 };
    }
    return {
      first: this.at(scrollLeft),
      last: this.at(Math.max(0, scrollLeft + viewWidth - 1))
    };
  }

  /**
   * Return the nearest scroll position at which a whole column is visible. `covered` is the width
   * of the pinned columns, which cover the start of the view.
   */
  reveal(column: number, scrollLeft: number, viewWidth: number, covered = 0): number {
    const start = this.left(column) - covered;
    const end = this.left(column) + this.width(column) - viewWidth;
    return start < scrollLeft || end > start ? start : Math.max(scrollLeft, end);
  }

  private readonly _lefts: Float64Array;
}
