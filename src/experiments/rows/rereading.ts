/** A list that was read by pages is read again: as much of it as somebody looks at. */
import { IPage, nextTokenOf, pageOfRow, Pages, withFirstPages, withPage } from './pages';

/** Pages read again at once after a change; beyond them only what is visible is. */
const REREAD_PAGES = 5;

/** Reads one page; null if it is still as `etag` says. */
export type ReadPage = (token?: string, etag?: string) => Promise<IPage | null>;

/** What was read makes this of the pages known by then: more may have been read on below. */
type Renew = (pages: Pages) => Pages;

/** The first and the last row on the screen. */
type Visible = () => readonly [number, number];

/** Read all of the few pages again, or the first ones and those on the screen. */
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
