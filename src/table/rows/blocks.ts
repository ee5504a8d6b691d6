/** The loaded rows of a table, in blocks, and the index of each row. */
import type { IExtent, IGroupSummary, IRow, IRowWindow } from '../../api/types';
import type { IShownColumn } from '../view/columns';
import type { Cell, IRowFacts, IRowQuery } from '../view/options';

/** A row of which some cells may not be known yet. */
export type IPartialRow = IRowFacts & { readonly cells: readonly (Cell | undefined)[] };

/** Return the rows of an answer, with undefined for values that the server does not know yet. */
export function withPending({ rows, pending }: IRowWindow): readonly IPartialRow[] {
  if (pending.length === 0) {
    return rows;
  }
  const cells = rows.map(row => [...row.cells] as (Cell | undefined)[]);
  pending.forEach(([row, column]) => (cells[row][column] = undefined));
  return rows.map((row, at) => ({ ...row, cells: cells[at] }));
}

/** The number of rows in a block. Our choice. */
export const BLOCK = 100;

/**
 * Consecutive rows of one answer. Cells are kept by column, because columns are added and removed.
 */
export class Block {
  constructor(
    readonly index: number,
    readonly version: number,
    readonly rows: readonly IRowFacts[]
  ) {}

  readonly cells = new Map<string, readonly (Cell | undefined)[]>();

  /** The summaries of cells of groups, by column; empty in a block without groups. */
  readonly summaries = new Map<string, readonly (IGroupSummary | undefined)[]>();

  /** Keep what an answer says about the groups among these rows. */
  takeSummaries(columns: readonly IShownColumn[], rows: readonly Pick<IRow, 'group'>[]): void {
    if (rows.some(row => row.group)) {
      columns.forEach((column, at) =>
        this.summaries.set(
          column.key,
          rows.map(row => row.group?.summaries[at])
        )
      );
    }
  }

  get cellCount(): number {
    return this.rows.length * (this.cells.size + 4);
  }
}

/** Everything that is known for one query. */
export class Known {
  constructor(readonly query: IRowQuery) {}

  readonly blocks = new Map<number, Block>();
  readonly decimals = new Map<string, number | null>();
  readonly index = new Map<string, number>();
  /** The range of each metric, by column; empty if it was not asked for. */
  readonly extents = new Map<string, IExtent | null>();
  /** The baseline, which is the first line, and its cells by column. */
  baseline: IRowFacts | null = null;
  readonly baselineCells = new Map<string, Cell>();
  /** The number of rows that pass the filters, and of their groups; null without groups. */
  passed = 0;
  groups: number | null = null;
  total = 0;
  hiddenByType = 0;
  version = -1;

  /** Keep what an answer says about all rows. */
  takeWhole(columns: readonly IShownColumn[], window: IRowWindow): void {
    this.total = window.total;
    this.hiddenByType = window.hidden_by_type;
    this.version = window.version;
    this.passed = window.passed;
    this.groups = window.groups;
    this.baseline = window.baseline;
    if (window.baseline === null) {
      // The baseline may have been deleted.
      this.baselineCells.clear();
    }
    columns.forEach((column, at) => {
      this.decimals.set(column.key, window.decimals[at]);
      this.extents.set(column.key, window.extents?.[at] ?? null);
      if (window.baseline) {
        this.baselineCells.set(column.key, window.baseline.cells[at]);
      }
    });
  }

  add(block: Block): void {
    this.remove(block.index);
    this.blocks.set(block.index, block);
    block.rows.forEach((row, at) => this.index.set(row.id, block.index * BLOCK + at));
  }

  remove(blockIndex: number): void {
    const block = this.blocks.get(blockIndex);
    block?.rows.forEach((row, at) => {
      // The row may have moved into a later block.
      if (this.index.get(row.id) === blockIndex * BLOCK + at) {
        this.index.delete(row.id);
      }
    });
    this.blocks.delete(blockIndex);
  }
}
