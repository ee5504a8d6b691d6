/** Names that are cut to fit an axis or a legend, and still differ. */

/** A name beside a chart may have this many characters. Our choice. */
const MOST = 26;
/**
 * With more names than this, each is cut on its own: an expression with all of them would be long.
 */
const MAX_COMPARED = 200;

/** Return the expression by which Vega labels the values of an axis or a legend. */
export function labelsOf(values: readonly unknown[]): string {
  const names = [...new Set(values.map(String))];
  if (names.length > MAX_COMPARED || !names.some(name => name.length > MOST)) {
    return MIDDLE;
  }
  const shown = shortNames(names, MOST);
  const pairs = names.map((name, at) => [name, shown[at]]);
  return `(${JSON.stringify(Object.fromEntries(pairs))})[datum.label] || ${MIDDLE}`;
}

/**
 * Return the names without their common beginning and end, up to a mark such as a hyphen. A name
 * that is still too long is cut in the middle.
 */
export function shortNames(names: readonly string[], most: number): readonly string[] {
  const [first, ...others] = names;
  if (others.length === 0 || names.every(name => name.length <= most)) {
    return names.map(name => middleCut(name, most));
  }
  const alike = (at: (name: string, index: number) => string): number => {
    const least = Math.min(...names.map(name => name.length));
    let length = 0;
    while (length < least && others.every(name => at(name, length) === at(first, length))) {
      length++;
    }
    return length;
  };
  const before = first.slice(
    0,
    alike((name, index) => name[index])
  );
  const after = first.slice(first.length - alike((name, index) => name[name.length - 1 - index]));
  // Words and numbers are not split.
  const start = before.search(/[\p{L}\p{N}]*$/u);
  const end = after.match(/^[\p{L}\p{N}]*/u)![0].length;
  return names.map(name => {
    const own = name.slice(start, Math.max(start, name.length - (after.length - end)));
    return name.length <= most || own === ''
      ? middleCut(name, most)
      : `${start ? '…' : ''}${middleCut(own, most - 2)}${after.length > end ? '…' : ''}`;
  });
}

export function middleCut(text: string, most: number): string {
  const half = Math.floor((most - 1) / 2);
  return text.length > most ? `${text.slice(0, half)}…${text.slice(-half)}` : text;
}

const MIDDLE = `(length(datum.label) > ${MOST} ? slice(datum.label, 0, 12) + '…' + slice(datum.label, -13) : datum.label)`;
