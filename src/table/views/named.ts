/** The views that a user has saved under names, kept in the settings of JupyterLab. */
import { ISignal, Signal } from '@lumino/signaling';

import { SavedView, stableText } from './saved';

/** What is needed of the settings of a plugin. */
export interface IViewSettings {
  readonly composite: { readonly views?: unknown; readonly defaultView?: unknown };
  readonly changed: ISignal<unknown, void>;
  set(key: string, value: never): Promise<void>;
}

/** Longer names do not fit the menu. Our choice. */
export const MAX_NAME_LENGTH = 80;

/** Knows the settings, and nothing of tables. */
export class NamedViews {
  /** What is known of them has changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Whether the settings are there: before, nothing can be saved. */
  get isReady(): boolean {
    return this._settings !== null;
  }

  /** The names, in the order of the menu. */
  get names(): readonly string[] {
    return Object.keys(this._views()).sort((a, b) => a.localeCompare(b));
  }

  /** The view that a new table begins with; null for the standard one. */
  get defaultName(): string | null {
    const name = this._settings?.composite.defaultView;
    return typeof name === 'string' && Object.hasOwn(this._views(), name) ? name : null;
  }

  find(name: string): SavedView | undefined {
    return Object.entries(this._views()).find(([other]) => other === name)?.[1];
  }

  /** Follow the settings from now on. */
  follow(settings: IViewSettings): void {
    this._settings = settings;
    settings.changed.connect(() => this._changed.emit());
    this._changed.emit();
  }

  async save(name: string, view: SavedView): Promise<void> {
    await this._set('views', { ...this._views(), [name]: view });
  }

  /** Give a view another name; one of that name is replaced. */
  async rename(name: string, to: string): Promise<void> {
    const { [name]: view, ...others } = this._views();
    if (view !== undefined) {
      const isDefault = this.defaultName === name;
      await this._set('views', { ...others, [to]: view });
      if (isDefault) {
        await this._set('defaultView', to);
      }
    }
  }

  async delete(name: string): Promise<void> {
    const { [name]: _, ...others } = this._views();
    if (this.defaultName === name) {
      await this._set('defaultView', '');
    }
    await this._set('views', others);
  }

  /** Begin new tables with a view; null for the standard one. */
  async setDefault(name: string | null): Promise<void> {
    await this._set('defaultView', name ?? '');
  }

  private async _set(key: 'views' | 'defaultView', value: unknown): Promise<void> {
    if (this._settings === null) {
      throw new Error('The settings are not there.');
    }
    if (stableText(this._settings.composite[key]) !== stableText(value)) {
      await this._settings.set(key, value as never);
    }
  }

  private _views(): Record<string, SavedView> {
    const views = this._settings?.composite.views;
    const entries = typeof views === 'object' && views !== null ? Object.entries(views) : [];
    return Object.fromEntries(
      entries.filter(([, view]) => typeof view === 'object' && view !== null)
    );
  }

  private _changed = new Signal<this, void>(this);
  private _settings: IViewSettings | null = null;
}
