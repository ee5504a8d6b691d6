/** The actions on columns in the grid: sort, resize, move. */
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IShownColumn } from '../view/columns';
import { TextFitter, fitWidth } from './fit';
import type { IFormat } from '../view/format';
import type { TableModel } from '../model';
import { moveBefore } from '../view/moves';
import { cycleSort, setWidth } from '../view/view';
import { contentWord } from '../view/words';

export class GridColumns {
  constructor(
    private readonly _model: TableModel,
    private readonly _trans: TranslationBundle,
    private readonly _onResizing: () => void
  ) {}

  /** Measures texts in the font of the grid. */
  readonly fitter = new TextFitter();

  /** The shown columns. A column that is being resized has its current width. */
  get current(): readonly IShownColumn[] {
    const { shown } = this._model;
    const resizing = this._resizing;
    return resizing
      ? shown.map(column => (column.id === resizing.id ? { ...column, ...resizing } : column))
      : shown;
  }

  /** Sort by a column; if it is sorted already, change to its next order. */
  sort(column: IShownColumn, add: boolean): void {
    this._model.update(view => cycleSort(view, column, add));
  }

  /** Resize a column. Its width is saved when the user is done. */
  resize(column: IShownColumn, width: number, isDone: boolean): void {
    this._resizing = isDone ? null : { id: column.id, width };
    if (isDone) {
      this._model.update(view => setWidth(view, column.id, width));
    } else {
      this._onResizing();
    }
  }

  /** Make a column wide enough for its header and the loaded rows. */
  fit(column: IShownColumn, format: IFormat): void {
    const below = contentWord(column, this._trans);
    const width = fitWidth(column, below, this._model.rows, format, this.fitter);
    this._model.update(view => setWidth(view, column.id, width));
  }

  /** Move a column in front of the one at a place. */
  move(column: IShownColumn, place: number): void {
    const before = this._model.shown[place]?.id ?? null;
    if (before !== column.id) {
      this._model.update(view => moveBefore(view, this._model.columns, column.id, before));
    }
  }

  private _resizing: { id: string; width: number } | null = null;
}
