/** Number formats. Pure. */

/** The entries of the Format menu, in its order. */
export const NUMBER_FORMATS = ['automatic', 'fixed', 'scientific', 'percent', 'full'] as const;

export type NumberFormat = (typeof NUMBER_FORMATS)[number];

/** The decimals of each format. Our choice. */
const DECIMALS = { fixed: 4, scientific: 3, percent: 2 } as const;

// Creating an Intl formatter costs more than a hundred uses of it.
const formats = new Map<string, Intl.NumberFormat>();

/**
 * Return a number in the format of its column.
 *
 * Automatic: with the column's `decimals`, or, for null, in scientific notation with four
 * significant digits. Full: with every digit, as in copies.
 */
export function numberText(
  value: number,
  decimals: number | null,
  locale: string,
  format: NumberFormat = 'automatic'
): string {
  if (format === 'full') {
    return String(value);
  }
  const key = `${locale} ${decimals} ${format}`;
  let written = formats.get(key);
  if (written === undefined) {
    // With separators between digits, a pasted text would not be a number.
    written = new Intl.NumberFormat(locale, { ...optionsOf(format, decimals), useGrouping: false });
    formats.set(key, written);
  }
  return written.format(value);
}

function optionsOf(
  format: Exclude<NumberFormat, 'full'>,
  decimals: number | null
): Intl.NumberFormatOptions {
  const digits = (count: number): Intl.NumberFormatOptions => ({
    minimumFractionDigits: count,
    maximumFractionDigits: count
  });
  switch (format) {
    case 'automatic':
      return decimals === null ? optionsOf('scientific', null) : digits(decimals);
    case 'fixed':
      return digits(DECIMALS.fixed);
    case 'scientific':
      return { notation: 'scientific', ...digits(DECIMALS.scientific) };
    case 'percent':
      return { style: 'percent', ...digits(DECIMALS.percent) };
  }
}
