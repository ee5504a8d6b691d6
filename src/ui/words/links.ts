/** Addresses of documents. Pure. */
import { URLExt } from '@jupyterlab/coreutils';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

/** What a link opens: a command and its arguments. */
export interface ILink {
  command: string;
  args: ReadonlyPartialJSONObject;
}

const MARK = 'smx=';

/** Return the address in JupyterLab that opens something. */
export function linkTo(link: ILink, baseUrl: string): string {
  // The hash is not sent to any server, so names of experiments do not appear in logs.
  const hash = encodeURIComponent(JSON.stringify([link.command, link.args]));
  return `${URLExt.join(baseUrl, 'lab')}#${MARK}${hash}`;
}

/** Return what the hash of an address opens; null if it is empty or not valid. */
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
    // Typed by hand, or cut off: nothing is opened.
    return null;
  }
}
