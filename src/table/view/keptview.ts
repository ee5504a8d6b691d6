/** The view of a table, saved over a reload. */
import { DEFAULT_VIEW, fromJSON, toJSON } from './view';
import type { ITableView } from './options';

/** The store of a view. */
export interface IViewStore {
  load(): Promise<unknown>;
  save(view: Record<string, unknown>): Promise<void>;
}

export class KeptView {
  constructor(private readonly _store: IViewStore) {}

  get current(): ITableView {
    return this._current;
  }

  /** Load the saved view. If the store fails, the default view is used. */
  async load(): Promise<void> {
    try {
      this._current = fromJSON(await this._store.load());
    } catch (reason) {
      console.warn('smx-lab: the kept view of a table could not be read.', reason);
    }
  }

  /** Change the view, and save it. */
  set(view: ITableView): void {
    this._current = view;
    this._store.save(toJSON(view)).catch(reason => {
      console.warn('smx-lab: the view of a table could not be kept.', reason);
    });
  }

  private _current: ITableView = DEFAULT_VIEW;
}
