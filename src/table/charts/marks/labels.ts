/** Names cut so that they fit an axis or a legend, and still differ. */

/** Characters that a name may have beside a chart. A choice. */
const MOST = 26;
/** Above so many, names are cut one by one: an expression with all of them would be long. */
const MAX_COMPARED = 200;

/** What Vega shows for each of the values of an axis or a legend. */
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
 * Leave out what all names begin or end with, up to a mark such as a hyphen; what is still too long
 * is cut in the middle.
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
  // Words stay whole, and so do numbers.
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
