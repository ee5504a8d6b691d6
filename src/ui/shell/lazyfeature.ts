/** Loads code when it is first needed, so that the start of JupyterLab does not wait for it. */
import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { CommandRegistry } from '@lumino/commands';
import type { IDisposable } from '@lumino/disposable';

/**
 * The first key or button pressed in this window. Palette and menus can be opened only after it.
 */
const firstInput = new Promise<void>(resolve => {
  for (const type of ['keydown', 'pointerdown']) {
    document.addEventListener(type, () => resolve(), { capture: true, once: true, passive: true });
  }
});

/**
 * A part of a feature whose module is loaded once: on the first request, or on the first input.
 *
 * #### Notes
 * Commands that can only be found in palette and menus are added by the module. Commands that may
 * be executed before any input (by a link, or to restore a tab) are added at once, if necessary
 * with `standIn`.
 */
export class LazyFeature<Module, T> {
  constructor(
    private readonly _app: JupyterFrontEnd,
    private readonly _import: () => Promise<Module>,
    private readonly _make: (module: Module) => T
  ) {
    void firstInput.then(() => this.get());
  }

  /** The loaded part; null before it is loaded. */
  get now(): T | null {
    return this._made;
  }

  /** Load the part. Rejects if the code cannot be fetched; the next call tries again. */
  get(): Promise<T> {
    this._loading ??= this._load().catch(reason => {
      this._loading = null;
      throw reason;
    });
    return this._loading;
  }

  /**
   * Add a command that is replaced when the module adds it itself. Executed earlier, it waits for
   * the module.
   */
  standIn(command: string, options: Omit<CommandRegistry.ICommandOptions, 'execute'>): void {
    const { commands } = this._app;
    this._standIns.push(
      commands.addCommand(command, {
        describedBy: { args: { type: 'object' } },
        ...options,
        execute: async (args): Promise<unknown> => {
          await this.get();
          return commands.execute(command, args);
        }
      })
    );
  }

  private async _load(): Promise<T> {
    const module = await this._import();
    this._standIns.splice(0).forEach(command => command.dispose());
    this._made = this._make(module);
    return this._made;
  }

  private _loading: Promise<T> | null = null;
  private _made: T | null = null;
  private readonly _standIns: IDisposable[] = [];
}
