/** Views in files of the working folder. Other contents are never overwritten. */
import { Dialog, showDialog } from '@jupyterlab/apputils';
import type { Contents } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';

import {
  FILE_SUFFIX,
  IViewFile,
  SavedView,
  ViewFileFault,
  parseViewFile,
  viewFileText
} from './saved';

interface IViewFilesOptions {
  contents: Pick<Contents.IManager, 'get' | 'save'>;
  trans: TranslationBundle;
  /** The folder that the file browser shows. */
  folder: () => string;
}

/** Return why a file cannot be opened as a view, as a sentence. */
export function faultText(path: string, fault: ViewFileFault, trans: TranslationBundle): string {
  switch (fault.is) {
    case 'no-json':
      return trans.__('%1 is no valid JSON, so it cannot be opened as a view.', path);
    case 'no-view':
      return trans.__('%1 does not say which table it is a view of.', path);
    case 'version':
      return trans.__(
        '%1 has version %2, which this release of smx-lab does not know.',
        path,
        fault.version
      );
  }
}

/** Uses JupyterLab's contents, and remembers the view files that this page has read. */
export class ViewFiles {
  constructor(private readonly _options: IViewFilesOptions) {}

  /** Return the view in a file as last read or written; undefined if it was neither. */
  known(path: string): SavedView | undefined {
    return this._known.get(path)?.view;
  }

  /** Remember the contents of a file. */
  note(path: string, file: IViewFile): void {
    this._known.set(path, file);
  }

  /** Return a path for a new file. */
  suggest(stem: string): string {
    const folder = this._options.folder();
    return folder ? `${folder}/${stem}${FILE_SUFFIX}` : `${stem}${FILE_SUFFIX}`;
  }

  /** Read a file again; null if that fails. */
  async look(path: string): Promise<IViewFile | null> {
    const text = await this._read(path);
    const file = text === null ? null : parseViewFile(text);
    if (file === null || 'is' in file) {
      return null;
    }
    this.note(path, file);
    return file;
  }

  /** Write a new file, after asking if one exists; return false if the user cancelled. */
  async create(path: string, file: IViewFile): Promise<boolean> {
    const there = await this._read(path);
    const { trans } = this._options;
    if (there !== null && !(await this._ask(trans.__('%1 is there already.', path), path))) {
      return false;
    }
    await this._write(path, file);
    return true;
  }

  /**
   * Write a file that was opened; return false if the user cancelled.
   *
   * @throws if the file was changed and is not a view any more; it is then left as it is.
   */
  async overwrite(path: string, file: IViewFile): Promise<boolean> {
    const { trans } = this._options;
    const text = await this._read(path);
    const there = text === null ? null : parseViewFile(text);
    if (there && 'is' in there) {
      throw new Error(faultText(path, there, trans));
    }
    const known = this._known.get(path);
    const isOurs = !there || !known || viewFileText(there) === viewFileText(known);
    if (!isOurs && !(await this._ask(trans.__('%1 has changed since.', path), path))) {
      return false;
    }
    await this._write(path, file);
    return true;
  }

  private async _ask(body: string, path: string): Promise<boolean> {
    const { trans } = this._options;
    const { button } = await showDialog({
      title: trans.__('Replace %1?', path),
      body,
      buttons: [
        Dialog.cancelButton({ label: trans.__('Cancel') }),
        Dialog.warnButton({ label: trans.__('Replace') })
      ]
    });
    return button.accept;
  }

  /** Return the text of a file; null if there is none. */
  private async _read(path: string): Promise<string | null> {
    const { contents } = this._options;
    const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
    // The folder is listed because a request for a missing file is logged as an error in the
    // console.
    const listing = await contents.get(folder, { type: 'directory', content: true });
    const name = path.slice(folder ? folder.length + 1 : 0);
    if (!(listing.content as Contents.IModel[]).some(entry => entry.name === name)) {
      return null;
    }
    const model = await contents.get(path, { type: 'file', format: 'text', content: true });
    return String(model.content);
  }

  private async _write(path: string, file: IViewFile): Promise<void> {
    await this._options.contents.save(path, {
      type: 'file',
      format: 'text',
      content: viewFileText(file)
    });
    this.note(path, file);
  }

  private readonly _known = new Map<string, IViewFile>();
}
