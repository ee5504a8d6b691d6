/** Puts the example notebook where the user works. */
import type { Contents } from '@jupyterlab/services';

import type { IExample } from '../api/types';

/** What is needed of JupyterLab's contents. */
export type IContents = Pick<Contents.IManager, 'get' | 'save'>;

/**
 * Save the files of the example that are not there yet; answers the notebook's path.
 *
 * #### Notes
 * A file that is there is the user's own by now, and is left as it is.
 */
export async function saveExample(contents: IContents, example: IExample): Promise<string> {
  const { folder, notebook, files } = example;
  // Listing a folder, since asking for a file that is missing is an error on the console.
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
