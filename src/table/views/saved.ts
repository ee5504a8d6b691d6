/**
 * The saved form of a view, and the file that it may be saved in. Pure.
 *
 * The same view always gives the same file, so that a version control system shows only real
 * changes.
 */
import type { IColumn, IOpenTableRequest } from '../../api/types';
import { serverId } from '../view/choices';
import { GROUP } from '../view/comparing';
import { isRecord } from '../view/json';
import { originOf } from '../view/origin';
import { DEFAULT_VIEW, fromJSON, toJSON } from '../view/view';
import type { ITableView } from '../view/options';

/** A view without what belongs to one tab. Members with their default value are left out. */
export type SavedView = Readonly<Record<string, unknown>>;

/**
 * Members that belong to a tab: they are not saved with a view, and not changed by applying one.
 */
const OF_THE_TAB = ['autoRefresh', 'propertiesOpen', 'saved', 'expanded'] as const;

/** Return the saved form of a view. */
export function savedForm(view: ITableView): SavedView {
  const defaults = toJSON(DEFAULT_VIEW);
  const kept = Object.entries(toJSON(view)).filter(
    ([name, value]) =>
      name !== 'format' &&
      !(OF_THE_TAB as readonly string[]).includes(name) &&
      stableText(value) !== stableText(defaults[name])
  );
  return sorted(Object.fromEntries(kept)) as SavedView;
}

/** Return the view after a saved one is applied to it. */
export function applySaved(
  view: ITableView,
  saved: SavedView,
  as: ITableView['saved']
): ITableView {
  const read = fromJSON({ ...toJSON(DEFAULT_VIEW), ...saved });
  const own = Object.fromEntries(
    OF_THE_TAB.filter(name => name in view).map(name => [name, view[name as keyof ITableView]])
  );
  return { ...read, ...own, saved: as };
}

/** Whether a view differs from a saved one. */
export function isChanged(view: ITableView, saved: SavedView): boolean {
  return stableText(savedForm(view)) !== stableText(savedForm(applySaved(view, saved, null)));
}

/**
 * Return the columns that a saved view shows, sorts or filters by, and that a table does not have.
 */
export function missingColumns(saved: SavedView, columns: readonly IColumn[]): string[] {
  const there = new Set([...columns.map(column => column.id), GROUP]);
  const named = new Set<string>();
  const look = (value: unknown): void => {
    if (typeof value === 'string' && COLUMN_ID.test(serverId(value))) {
      named.add(serverId(value));
    } else if (Array.isArray(value)) {
      value.forEach(look);
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, item] of Object.entries(value)) {
        look(key);
        // A value of a filter may look like a column id, but is none.
        if (key !== 'values') {
          look(item);
        }
      }
    }
  };
  // A column that is hidden, or only has a width, is not needed.
  look(Object.fromEntries(Object.entries(saved).filter(([name]) => !UNMISSED.has(name))));
  return [...named]
    .filter(id => !there.has(id) && !hidden(saved).has(id))
    .map(id => id.slice(id.indexOf(':') + 1));
}

const COLUMN_ID = /^(summary|metric|parameter|input_artifact|output_artifact|tag):./;
const UNMISSED: ReadonlySet<string> = new Set(['groups', 'widths']);

function hidden(saved: SavedView): Set<string> {
  const groups = Object.values(fromJSON({ ...toJSON(DEFAULT_VIEW), ...saved }).groups);
  return new Set(groups.flatMap(group => (group.on ? group.except : [])));
}

// Files

export const FILE_SUFFIX = '.smxview';
const VERSION = 1;

/** The contents of a view's file. */
export interface IViewFile {
  readonly connectionId: string;
  readonly origin: Required<IOpenTableRequest>;
  readonly view: SavedView;
}

/** Why a file cannot be opened. */
export type ViewFileFault =
  { is: 'no-json' } | { is: 'no-view' } | { is: 'version'; version: string };

export function viewFileText({ connectionId, origin, view }: IViewFile): string {
  const content = { connection: connectionId, origin, version: VERSION, view };
  return `${JSON.stringify(sorted(content), null, 2)}\n`;
}

/** Return what {@link viewFileText} wrote, also by a later, compatible release. */
export function parseViewFile(text: string): IViewFile | ViewFileFault {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return { is: 'no-json' };
  }
  if (!isRecord(content) || !('version' in content)) {
    return { is: 'no-view' };
  }
  if (content.version !== VERSION) {
    return { is: 'version', version: JSON.stringify(content.version) };
  }
  const { connection, origin, view } = content;
  if (typeof connection !== 'string' || !isRecord(origin) || !isRecord(view)) {
    return { is: 'no-view' };
  }
  const names = (value: unknown): string[] =>
    Array.isArray(value) ? value.filter(name => typeof name === 'string') : [];
  const read = originOf({
    experiments: names(origin.experiments),
    trials: names(origin.trials),
    unassigned: origin.unassigned === true
  });
  return read.experiments.length || read.trials.length || read.unassigned
    ? { connectionId: connection, origin: read, view }
    : { is: 'no-view' };
}

/** Return the same text for the same value, whatever the order of its members. */
export function stableText(value: unknown): string {
  return JSON.stringify(sorted(value)) ?? '';
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(sorted);
  }
  if (isRecord(value)) {
    const names = Object.keys(value).sort();
    return Object.fromEntries(names.map(name => [name, sorted(value[name])]));
  }
  return value;
}
