/** Which columns of a table differ. The server is asked again when rows or values change. */
import { SmxError } from '../../api/errors';
import type { IView } from '../../api/types';
import { isAdded } from '../view/choices';
import type { IRowQuery, ITableView } from '../view/options';

export class DifferingColumns {
  /** `list` asks the server; `onAnswer` is called when an answer differs from the one before. */
  constructor(
    private readonly _list: (view: IView) => Promise<{ columns: readonly string[] }>,
    private readonly _onAnswer: () => void,
    private readonly _onFailure: (error: SmxError) => void
  ) {}

  /** The ids of the columns in the newest answer; null before the first. */
  get ids(): ReadonlySet<string> | null {
    return this._ids;
  }

  /** Ask for this view of this version, unless it is known; null stops asking. */
  want(view: IView | null, version: number): void {
    const question = view && JSON.stringify([version, view]);
    if (question === this._question) {
      return;
    }
    this._question = question;
    if (view === null) {
      this._ids = null;
    } else {
      void this._ask(view, question);
    }
  }

  private async _ask(view: IView, question: string | null): Promise<void> {
    try {
      const { columns } = await this._list(view);
      // A later question has its own answer.
      if (question === this._question) {
        const isNew = columns.join('\n') !== [...(this._ids ?? [])].join('\n') || !this._ids;
        this._ids = new Set(columns);
        if (isNew) {
          this._onAnswer();
        }
      }
    } catch (reason) {
      if (question === this._question) {
        this._question = null;
        this._onFailure(SmxError.from(reason));
      }
    }
  }

  private _ids: ReadonlySet<string> | null = null;
  private _question: string | null = null;
}

/** Return the view that says which rows are compared, by which statistics. */
export function differencesView(view: ITableView, query: IRowQuery): IView {
  const { default_statistic, filters, types } = query;
  const columns = Object.entries(view.statistics)
    .filter(([column]) => !isAdded(column))
    .map(([column, statistic]) => ({ column, statistic }));
  return { columns, default_statistic, filters, types };
}
