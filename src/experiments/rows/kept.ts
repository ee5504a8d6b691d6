/** The part of the browser's state that is kept over a reload: places, sort and filters. */
import type { IStateDB } from '@jupyterlab/statedb';

import { KeptFilters } from './filters';
import { IPlace, placeFrom } from './rows';
import { DEFAULT_SORT, ISort, sortFrom } from './sort';

/** The key under which it is kept. */
const STATE_KEY = 'smx-lab:experiments';

export class KeptState {
  constructor(private readonly _stateDB: IStateDB | null) {}

  sort: ISort = DEFAULT_SORT;
  /** The text that names must contain. */
  filter = '';
  readonly filters = new KeptFilters();
  /** Whether the panel was widened once. After that, its width is left to the user. */
  isWidened = false;

  /** The last place on a connection. */
  place(connectionId: string | undefined): IPlace {
    return this._places.get(connectionId ?? '') ?? {};
  }

  async restore(): Promise<void> {
    const saved = (await this._stateDB?.fetch(STATE_KEY)) as Record<string, unknown> | undefined;
    if (saved) {
      this._places = new Map(
        Object.entries(saved.places ?? {}).map(([id, place]) => [id, placeFrom(place)])
      );
      this.sort = sortFrom(saved.sort);
      this.filter = typeof saved.filter === 'string' ? saved.filter : '';
      this.filters.restore(saved.filters);
      this.isWidened = saved.widened === true;
    }
  }

  /** Save everything, with the current place. */
  save(connectionId: string | undefined, place: IPlace): void {
    if (connectionId) {
      this._places.set(connectionId, place);
    }
    void this._stateDB?.save(STATE_KEY, {
      places: Object.fromEntries(this._places) as never,
      sort: { ...this.sort },
      filter: this.filter,
      filters: this.filters.toJSON() as never,
      widened: this.isWidened
    });
  }

  private _places = new Map<string, IPlace>();
}
