/** A list that is read page by page while it changes on the server. Pure. */
import type { IBrowserRow } from './rows';

/** One page, as the server answered. */
export interface IPage {
  /** The token that it was asked for with; undefined for the first page. */
  token: string | undefined;
  etag: string | undefined;
  rows: readonly IBrowserRow[];
  nextToken: string | null;
  /** The entry for components in no trial, which comes with the first page of Home. */
  unassigned: IBrowserRow | null;
}

/** All pages read so far, in order. */
export type Pages = readonly IPage[];

/** Return the rows of all pages. A row that is on two pages is listed once, at its first place. */
export function rowsOf(pages: Pages): IBrowserRow[] {
  const rows = new Map<string, IBrowserRow>();
  for (const row of pages.flatMap(page => page.rows)) {
    if (!rows.has(row.key)) {
      rows.set(row.key, row);
    }
  }
  return [...rows.values()];
}

/** Return the rows with the unassigned entry first, whatever the sort or filter. */
export function withUnassigned(pages: Pages): IBrowserRow[] {
  const { unassigned } = pages[0];
  return unassigned ? [unassigned, ...rowsOf(pages)] : rowsOf(pages);
}

/** Return the token of the next page; null at the end of the list. */
export function nextTokenOf(pages: Pages): string | null {
  return pages.length ? pages[pages.length - 1].nextToken : null;
}

/** Return the index of the page that has this row of `rowsOf`. */
export function pageOfRow(pages: Pages, row: number): number {
  let end = 0;
  for (const [index, page] of pages.entries()) {
    end += page.rows.length;
    if (row < end) {
      return index;
    }
  }
  return Math.max(0, pages.length - 1);
}

/** Replace a page that was read again and has changed. */
export function withPage(pages: Pages, index: number, page: IPage): Pages {
  return pages.map((old, at) => (at === index ? page : old));
}

/**
 * Join first pages that were read again with the later pages.
 *
 * #### Notes
 * Rows that newer rows have pushed off the fresh pages are in no answer, so they are kept behind
 * them. If the fresh pages share no row with those they replace, other rows may be missing in
 * between. Then the result is null, and the later pages have to be read again.
 */
export function withFirstPages(pages: Pages, fresh: Pages): Pages | null {
  const last = fresh[fresh.length - 1];
  if (fresh.length >= pages.length || last.nextToken === null) {
    return fresh;
  }
  const replaced = rowsOf(pages.slice(0, fresh.length));
  const freshKeys = new Set(rowsOf(fresh).map(row => row.key));
  const lastShared = replaced.findLastIndex(row => freshKeys.has(row.key));
  if (lastShared < 0) {
    return null;
  }
  // A row is deleted if it stood before a shared row and is not in the answer.
  const pushedOff = replaced.slice(lastShared + 1).filter(row => !freshKeys.has(row.key));
  const joint: IPage = {
    ...last,
    rows: [...last.rows, ...pushedOff],
    nextToken: pages[fresh.length - 1].nextToken
  };
  return [...fresh.slice(0, -1), joint, ...pages.slice(fresh.length)];
}
