/** The folder that the file browser shows: where a user expects files to be saved. */
import type { Contents } from '@jupyterlab/services';

import { freeName } from './exporting';

/** Saves files where the user works. Paths are as JupyterLab names them. */
export interface IWorkingFolder {
  /** The path of the folder; empty for the topmost one. */
  readonly path: string;
  /** Save under a name that is free; answers the path. */
  save(name: string, file: Blob, isBinary: boolean): Promise<string>;
}

/** Knows JupyterLab's contents, and which folder the file browser is in. */
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
    // A path such as `drive:` of another file system ends in a colon.
    const path = folder === '' || folder.endsWith(':') ? `${folder}${free}` : `${folder}/${free}`;
    await this._contents.save(path, {
      type: 'file',
      format: isBinary ? 'base64' : 'text',
      content: await contentOf(file, isBinary)
    });
    return path;
  }
}

/** The content of a file as JupyterLab's contents take it. */
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
