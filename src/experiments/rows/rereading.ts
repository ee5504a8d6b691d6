/** Reads again those pages of a list that are on the screen. */
import { IPage, nextTokenOf, pageOfRow, Pages, withFirstPages, withPage } from './pages';

/**
 * Up to this many pages are all read again after a change; of the others, only the visible ones.
 */
const REREAD_PAGES = 5;

/** Reads one page; null if it has not changed since the answer with `etag`. */
export type ReadPage = (token?: string, etag?: string) => Promise<IPage | null>;

/** Applies the result to the pages, of which more may have been read in the meantime. */
type Renew = (pages: Pages) => Pages;

/** The first and the last visible row. */
type Visible = () => readonly [number, number];

/** Read a few pages again, or, if there are many, the first pages and the visible ones. */
export async function reread(old: Pages, visible: Visible, read: ReadPage): Promise<Renew> {
  const first = await read(undefined, old[0]?.etag);
  if (first === null) {
    return rereadVisible(old, visible, read);
  }
  const fresh: IPage[] = [first];
  while (fresh.length < Math.min(old.length, REREAD_PAGES) && nextTokenOf(fresh) !== null) {
    fresh.push((await read(nextTokenOf(fresh)!))!);
  }
  return pages => withFirstPages(pages, fresh) ?? fresh;
}

async function rereadVisible(old: Pages, visible: Visible, read: ReadPage): Promise<Renew> {
  const fresh: [number, IPage][] = [];
  const [first, last] = visible().map(row => pageOfRow(old, row));
  for (let index = Math.max(1, first); index <= last; index++) {
    const page = await read(old[index].token, old[index].etag);
    if (page) {
      fresh.push([index, page]);
    }
  }
  return pages => fresh.reduce((all, [index, page]) => withPage(all, index, page), pages);
}
