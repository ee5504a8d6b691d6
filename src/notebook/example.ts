/** Saves the example notebook in the user's folder. */
import type { Contents } from '@jupyterlab/services';

import type { IExample } from '../api/types';

/** The part of JupyterLab's contents that is used. */
export type IContents = Pick<Contents.IManager, 'get' | 'save'>;

/**
 * Save the files of the example that do not exist yet; return the path of the notebook.
 *
 * #### Notes
 * An existing file belongs to the user and is not changed.
 */
export async function saveExample(contents: IContents, example: IExample): Promise<string> {
  const { folder, notebook, files } = example;
  // The folder is listed because a request for a missing file is logged as an error in the console.
  if (!(await namesIn(contents, '')).has(folder)) {
    await contents.save(folder, { type: 'directory' });
  }
  const there = await namesIn(contents, folder);
  for (const { name, text } of files.filter(file => !there.has(file.name))) {
    const isNotebook = name === notebook;
    await contents.save(`${folder}/${name}`, {
      type: isNotebook ? 'notebook' : 'file',
      format: isNotebook ? 'json' : 'text',
      content: isNotebook ? JSON.parse(text) : text
    });
  }
  return `${folder}/${notebook}`;
}

async function namesIn(contents: IContents, folder: string): Promise<Set<string>> {
  const listing = await contents.get(folder, { type: 'directory', content: true });
  return new Set((listing.content as Contents.IModel[]).map(({ name }) => name));
}
