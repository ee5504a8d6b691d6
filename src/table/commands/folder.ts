/** The folder of the file browser, in which users expect files to be saved. */
import type { Contents } from '@jupyterlab/services';

import { freeName } from './exporting';

/** Saves files in the folder of the file browser. Paths are those of JupyterLab. */
export interface IWorkingFolder {
  /** The path of the folder; empty for the root. */
  readonly path: string;
  /** Save a file under a name that is free; return its path. */
  save(name: string, file: Blob, isBinary: boolean): Promise<string>;
}

/** Uses JupyterLab's contents and the folder of the file browser. */
export class WorkingFolder implements IWorkingFolder {
  constructor(
    private readonly _contents: Pick<Contents.IManager, 'get' | 'save'>,
    private readonly _path: () => string
  ) {}

  get path(): string {
    return this._path();
  }

  async save(name: string, file: Blob, isBinary: boolean): Promise<string> {
    const folder = this.path;
    const listing = await this._contents.get(folder, { type: 'directory', content: true });
    const taken = new Set((listing.content as Contents.IModel[]).map(entry => entry.name));
    const free = freeName(name, taken);
    // The path of another file system, such as `drive:`, ends in a colon.
    const path = folder === '' || folder.endsWith(':') ? `${folder}${free}` : `${folder}/${free}`;
    await this._contents.save(path, {
      type: 'file',
      format: isBinary ? 'base64' : 'text',
      content: await contentOf(file, isBinary)
    });
    return path;
  }
}

/** Return the content of a file in the form of JupyterLab's contents. */
function contentOf(file: Blob, isBinary: boolean): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => {
      const text = reader.result as string;
      resolve(isBinary ? (text.split(',', 2)[1] ?? '') : text);
    };
    reader.onerror = () => reject(reader.error ?? new Error('The file could not be read.'));
    if (isBinary) {
      reader.readAsDataURL(file);
    } else {
      reader.readAsText(file);
    }
  });
}
