/** Code that is loaded when it is first needed, so that the start of JupyterLab does not wait. */
import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { CommandRegistry } from '@lumino/commands';
import type { IDisposable } from '@lumino/disposable';

/** The first press of a key or a button in this window, after which palette and menus may open. */
const firstInput = new Promise<void>(resolve => {
  for (const type of ['keydown', 'pointerdown']) {
    document.addEventListener(type, () => resolve(), { capture: true, once: true, passive: true });
  }
});

/**
 * What a module makes. It is loaded once: for whoever asks first, or on the first input.
 *
 * #### Notes
 * A command that nobody could find before that input comes with the module. What may be executed
 * without one (by a link, or to bring a tab back) is added at once, by `standIn` where need be.
 */
export class LazyFeature<Module, T> {
  constructor(
    private readonly _app: JupyterFrontEnd,
    private readonly _import: () => Promise<Module>,
    private readonly _make: (module: Module) => T
  ) {
    void firstInput.then(() => this.get());
  }

  /** What was made; null before. */
  get now(): T | null {
    return this._made;
  }

  /** Rejects if the code cannot be fetched; the next call tries again. */
  get(): Promise<T> {
    this._loading ??= this._load().catch(reason => {
      this._loading = null;
      throw reason;
    });
    return this._loading;
  }

  /** Add a command until the module adds it itself: executed early, it waits for that. */
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
