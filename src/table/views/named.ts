/** The user's named views, which are saved in JupyterLab's settings. */
import { ISignal, Signal } from '@lumino/signaling';

import { SavedView, stableText } from './saved';

/** The part of a plugin's settings that is used. */
export interface IViewSettings {
  readonly composite: { readonly views?: unknown; readonly defaultView?: unknown };
  readonly changed: ISignal<unknown, void>;
  set(key: string, value: never): Promise<void>;
}

/** Longer names do not fit the menu. Our choice. */
export const MAX_NAME_LENGTH = 80;

/** Uses the settings; does not depend on tables. */
export class NamedViews {
  /** The views have changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Whether the settings are loaded. Before that, nothing can be saved. */
  get isReady(): boolean {
    return this._settings !== null;
  }

  /** The names in the order of the menu. */
  get names(): readonly string[] {
    return Object.keys(this._views()).sort((a, b) => a.localeCompare(b));
  }

  /** The name of the view that new tables start with; null for the standard view. */
  get defaultName(): string | null {
    const name = this._settings?.composite.defaultView;
    return typeof name === 'string' && Object.hasOwn(this._views(), name) ? name : null;
  }

  find(name: string): SavedView | undefined {
    return Object.entries(this._views()).find(([other]) => other === name)?.[1];
  }

  /** Use these settings from now on. */
  follow(settings: IViewSettings): void {
    this._settings = settings;
    settings.changed.connect(() => this._changed.emit());
    this._changed.emit();
  }

  async save(name: string, view: SavedView): Promise<void> {
    await this._set('views', { ...this._views(), [name]: view });
  }

  /** Rename a view. A view that has the new name is replaced. */
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

  /** Set the view that new tables start with; null for the standard view. */
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
