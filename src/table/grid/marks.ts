/** The marks beside the value of a cell: its spread, its difference, and whether it is the best. */
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IGroupSummary } from '../../api/types';
import { duration } from '../../ui/words/time';
import { IShownColumn, TRIAL_COMPONENT } from '../view/columns';
import { hasBest } from '../../ui/words/statistics';
import { GROUP, IComparing, goalOf } from '../view/comparing';
import { numberText } from '../view/numberformat';
import type { RowCache } from '../rows/rowcache';
import type { Cell, IRowFacts } from '../view/options';

/** A note beside a value, in smaller type; the description is for tooltip and screen readers. */
export interface IMark {
  readonly note: string;
  readonly description: string;
  readonly isBest: boolean;
}

/** What the cells of a column are compared with. */
interface IMeasure {
  /** The best value of the column; null if there is none. */
  readonly best: number | null;
  readonly bestWord: string;
  readonly baseline: number | null;
  readonly decimals: number | null;
}

/** The marks of all cells, while the grid is drawn once. */
export class CellMarks {
  constructor(
    private readonly _rows: RowCache,
    private readonly _comparing: IComparing,
    private readonly _locale: string,
    private readonly _trans: TranslationBundle
  ) {}

  /** Return the mark of a cell; null for none. */
  of(index: number, row: IRowFacts, column: IShownColumn, cell: Cell): IMark | null {
    const notes: string[] = [];
    const said: string[] = [];
    const isBaseline = row.id === this._rows.baseline?.id;
    if (isBaseline && column.id === this._nameColumn) {
      notes.push(this._trans.__('Baseline'));
    }
    if (row.group) {
      const summary = this._rows.summary(index, column.key);
      this._addGroup(row.group.row_count, column, summary, notes, said);
    }
    if (typeof cell !== 'number') {
      return mark(notes, said, false);
    }
    const measure = this._measure(column);
    const { baseline } = measure;
    if (baseline !== null && !isBaseline) {
      const text = this._difference(cell - baseline, column, measure.decimals);
      notes.push(text);
      said.push(this._trans.__('Difference to the baseline: %1', exact(cell - baseline, column)));
    }
    if (baseline !== null && isBaseline) {
      // An empty note keeps the number aligned with the others.
      notes.push(NOTHING);
    }
    const isMeasured = this._rows.groups === null || row.group !== null;
    const isBest = isMeasured && cell === measure.best;
    if (isBest) {
      said.push(measure.bestWord);
    }
    return mark(notes, said, isBest);
  }

  private _addGroup(
    rowCount: number,
    column: IShownColumn,
    summary: IGroupSummary | undefined,
    notes: string[],
    said: string[]
  ): void {
    const trans = this._trans;
    if (column.id === GROUP) {
      notes.push(trans._n('%1 row', '%1 rows', rowCount));
    } else if (summary === undefined || summary.n === 0 || column.type === 'time') {
      return;
    } else if (summary.distinct !== null) {
      if (summary.distinct > 1) {
        notes.push(trans._n('%1 value', '%1 values', summary.distinct));
      }
    } else {
      const deviation = summary.std_dev;
      if (deviation !== null) {
        const decimals = this._rows.decimals(column.key);
        notes.push(`± ${this._size(deviation, column, decimals)}`);
        said.push(trans.__('Standard deviation: %1', exact(deviation, column)));
      }
      notes.push(`n=${summary.n}`);
      said.push(trans.__('Mean of %1 of %2 rows', summary.n, rowCount));
    }
  }

  private _measure(column: IShownColumn): IMeasure {
    let measure = this._measures.get(column.key);
    if (measure === undefined) {
      const baseline = this._rows.baselineCell(column.key);
      const isNumber = column.type === 'number' || column.type === 'duration';
      measure = {
        ...this._best(column),
        baseline: isNumber && typeof baseline === 'number' ? baseline : null,
        decimals: this._rows.decimals(column.key)
      };
      this._measures.set(column.key, measure);
    }
    return measure;
  }

  private _best(column: IShownColumn): Pick<IMeasure, 'best' | 'bestWord'> {
    const extent = this._rows.extent(column.key);
    const goal = goalOf(this._comparing, column);
    const isMarked = this._comparing.markBest && goal !== 'None' && hasBest(column.statistic);
    // If all values are equal, none is the best.
    if (!isMarked || extent === null || extent.lowest === extent.highest) {
      return { best: null, bestWord: '' };
    }
    return goal === 'Max'
      ? { best: extent.highest, bestWord: this._trans.__('Best: the highest value') }
      : { best: extent.lowest, bestWord: this._trans.__('Best: the lowest value') };
  }

  private _difference(by: number, column: IShownColumn, decimals: number | null): string {
    return by === 0 ? '±0' : `${by < 0 ? '−' : '+'}${this._size(Math.abs(by), column, decimals)}`;
  }

  /** Return a size with the decimals of its column, or with more if it would be zero. */
  private _size(size: number, column: IShownColumn, decimals: number | null): string {
    if (column.type === 'duration') {
      return duration(size, this._locale);
    }
    const isLost = decimals !== null && size !== 0 && size < 0.5 * 10 ** -decimals;
    const needed = isLost ? Math.ceil(-Math.log10(size)) : decimals;
    const shown = needed !== null && needed > MAX_DECIMALS ? null : needed;
    return numberText(size, shown, this._locale, column.format);
  }

  /** The column in which the baseline is marked. */
  private get _nameColumn(): string {
    return this._rows.groups === null ? TRIAL_COMPONENT : GROUP;
  }

  private readonly _measures = new Map<string, IMeasure>();
}

/** Keeps the place of a difference empty. */
const NOTHING = '\u00a0';

/** A size with more decimals than this is shown in scientific notation. Our choice. */
const MAX_DECIMALS = 8;

function mark(notes: readonly string[], said: readonly string[], isBest: boolean): IMark | null {
  return notes.length || isBest
    ? { note: notes.join('  '), description: said.join('\n'), isBest }
    : null;
}

function exact(value: number, column: IShownColumn): string {
  return column.type === 'duration' ? `${value / 1000} s` : String(value);
}

/** Whether any cell of a table can have a mark. */
export function hasMarks(rows: RowCache, comparing: IComparing): boolean {
  return comparing.markBest || rows.baseline !== null || rows.groups !== null;
}
