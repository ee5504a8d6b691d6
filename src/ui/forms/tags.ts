/** Tags while they are edited, of one resource or of several. Pure. */
import type { TranslationBundle } from '@jupyterlab/translation';

/** A line of the dialog. */
export interface ITagRow {
  readonly key: string;
  readonly value: string;
  /** The value that all resources have; null if they differ, or for a new tag. */
  readonly before: string | null;
  /** Whether some or all of the resources already have the tag. */
  readonly isOld: boolean;
  readonly isRemoved: boolean;
}

/** The changes to send: tags to set, and keys to remove. */
export interface ITagEdit {
  readonly put: Readonly<Record<string, string>>;
  readonly remove: readonly string[];
}

// SageMaker API Reference, Tag and AddTags.
export const MAX_TAGS = 50;
export const MAX_TAG_KEY_LENGTH = 128;
export const MAX_TAG_VALUE_LENGTH = 256;
const ALLOWED = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

// SageMaker API Reference, UpdateExperiment and UpdateTrial.
const DISPLAY_NAME = /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,119}$/;

export const NEW_TAG: ITagRow = {
  key: '',
  value: '',
  before: null,
  isOld: false,
  isRemoved: false
};

/** Return the tags of some resources by key, without AWS's own tags, which cannot be edited. */
export function rowsOf(tags: readonly Readonly<Record<string, string>>[]): readonly ITagRow[] {
  const keys = [...new Set(tags.flatMap(each => Object.keys(each)))].sort();
  return keys
    .filter(key => !isOfAws(key))
    .map(key => {
      const values = new Set(tags.map(each => each[key]));
      const before = values.size === 1 ? [...values][0] : null;
      return { key, value: before ?? '', before, isOld: true, isRemoved: false };
    });
}

/** Whether the resources have different values and the line is unchanged. */
export function isMixed(row: ITagRow): boolean {
  return row.isOld && row.before === null && row.value === '';
}

/** Return the changes. A line without key and value is not a tag. */
export function editOf(rows: readonly ITagRow[]): ITagEdit {
  const put = rows.filter(
    row => !row.isRemoved && row.key !== '' && row.value !== row.before && !isMixed(row)
  );
  return {
    put: Object.fromEntries(put.map(({ key, value }) => [key, value])),
    remove: rows.filter(row => row.isRemoved && row.isOld).map(({ key }) => key)
  };
}

/** Return the first line that breaks a rule, and the reason; null if all are valid. */
export function tagProblem(
  rows: readonly ITagRow[],
  trans: TranslationBundle
): { place: number; sentence: string } | null {
  const seen = new Set<string>();
  for (const [place, row] of rows.entries()) {
    if (row.isRemoved || (row.key === '' && row.value === '')) {
      continue;
    }
    const sentence = seen.has(row.key)
      ? trans.__('There is a tag %1 already', row.key)
      : problemOf(row, trans);
    if (sentence !== null) {
      return { place, sentence };
    }
    seen.add(row.key);
  }
  return seen.size > MAX_TAGS
    ? { place: rows.length - 1, sentence: trans.__('At most %1 tags are allowed', MAX_TAGS) }
    : null;
}

/** Return why SageMaker would refuse a display name; null if it would accept it. */
export function nameProblem(name: string, trans: TranslationBundle): string | null {
  return DISPLAY_NAME.test(name)
    ? null
    : trans.__('A display name has 1 to 120 letters, digits and hyphens, first a letter or digit');
}

function problemOf({ key, value }: ITagRow, trans: TranslationBundle): string | null {
  if (key === '' || key.length > MAX_TAG_KEY_LENGTH) {
    return trans.__('A key has 1 to %1 characters', MAX_TAG_KEY_LENGTH);
  }
  if (isOfAws(key)) {
    return trans.__('Keys that start with aws: belong to AWS');
  }
  if (value.length > MAX_TAG_VALUE_LENGTH) {
    return trans.__('A value has at most %1 characters', MAX_TAG_VALUE_LENGTH);
  }
  return ALLOWED.test(key) && ALLOWED.test(value)
    ? null
    : trans.__('Letters, digits, spaces and _ . : / = + - @ are allowed');
}

function isOfAws(key: string): boolean {
  return key.toLowerCase().startsWith('aws:');
}
