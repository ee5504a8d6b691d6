/** Addresses of documents. Pure. */
import { URLExt } from '@jupyterlab/coreutils';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

/** What a link opens: a command that shows something, and its arguments. */
export interface ILink {
  command: string;
  args: ReadonlyPartialJSONObject;
}

const MARK = 'smx=';

/** The address in JupyterLab that opens something. */
export function linkTo(link: ILink, baseUrl: string): string {
  // In the hash, which reaches no server: names of experiments are in no log, and may be many.
  const hash = encodeURIComponent(JSON.stringify([link.command, link.args]));
  return `${URLExt.join(baseUrl, 'lab')}#${MARK}${hash}`;
}

/** What the hash of an address asks to be opened; null for nothing, or for nonsense. */
export function linkFrom(hash: string): ILink | null {
  const text = hash.replace(/^#/, '');
  if (!text.startsWith(MARK)) {
    return null;
  }
  try {
    const [command, args] = JSON.parse(decodeURIComponent(text.slice(MARK.length))) as unknown[];
    return typeof command === 'string' && args && typeof args === 'object'
      ? { command, args: args as ReadonlyPartialJSONObject }
      : null;
  } catch {
    // Typed by hand, or cut off on its way: nothing is opened.
    return null;
  }
}
