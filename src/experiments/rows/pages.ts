/** A list that was read by pages, kept in step with one that changes meanwhile. Pure. */
import type { IBrowserRow } from './rows';

/** One answer of the server. */
export interface IPage {
  /** What it was asked with; undefined for the first page. */
  token: string | undefined;
  etag: string | undefined;
  rows: readonly IBrowserRow[];
  nextToken: string | null;
  /** The entry for components in no trial, which comes with the first page at Home. */
  unassigned: IBrowserRow | null;
}

/** All pages read so far, first to last. */
export type Pages = readonly IPage[];

/** The rows of all pages, each once, where it stands first: what has changed has moved up. */
export function rowsOf(pages: Pages): IBrowserRow[] {
  const rows = new Map<string, IBrowserRow>();
  for (const row of pages.flatMap(page => page.rows)) {
    if (!rows.has(row.key)) {
      rows.set(row.key, row);
    }
  }
  return [...rows.values()];
}

/** The unassigned entry stands first, whatever the sort or filter. */
export function withUnassigned(pages: Pages): IBrowserRow[] {
  const { unassigned } = pages[0];
  return unassigned ? [unassigned, ...rowsOf(pages)] : rowsOf(pages);
}

/** What to ask the next page with; null once the end is reached. */
export function nextTokenOf(pages: Pages): string | null {
  return pages.length ? pages[pages.length - 1].nextToken : null;
}

/** The index of the page that holds the row of this index of `rowsOf`. */
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

/** A page was asked for again, and its rows have changed. */
export function withPage(pages: Pages, index: number, page: IPage): Pages {
  return pages.map((old, at) => (at === index ? page : old));
}

/**
 * The first pages were read again; the later ones follow them if the two still meet.
 *
 * #### Notes
 * Rows that newer ones pushed off the fresh pages are in no answer, so they are kept behind them.
 * If the fresh pages share no row with those they replace, there may be others between: null
 * then, and what was read further down has to be read again.
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
  // What stood before a row that both have, and is not in the answer, has been deleted.
  const pushedOff = replaced.slice(lastShared + 1).filter(row => !freshKeys.has(row.key));
  const joint: IPage = {
    ...last,
    rows: [...last.rows, ...pushedOff],
    nextToken: pages[fresh.length - 1].nextToken
  };
  return [...fresh.slice(0, -1), joint, ...pages.slice(fresh.length)];
}
