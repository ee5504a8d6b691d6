/** Numbers and parameters as text. Pure. */

/**
 * Four significant digits. Whole numbers have all their digits; very large and small numbers an
 * exponent.
 */
export function shortNumber(value: number, locale: string): string {
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e15) {
    return new Intl.NumberFormat(locale, { useGrouping: false }).format(value);
  }
  if (size !== 0 && (size < 1e-4 || size >= 1e15)) {
    return new Intl.NumberFormat(locale, {
      notation: 'scientific',
      maximumFractionDigits: 3
    }).format(value);
  }
  const decimals = Math.max(0, 3 - Math.floor(Math.log10(size || 1)));
  return new Intl.NumberFormat(locale, {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
    useGrouping: false
  }).format(value);
}

/** A parameter without the JSON quotes that the SageMaker SDK puts around strings. */
export function parameterText(value: string | number): string {
  if (typeof value !== 'string' || !/^".*"$/s.test(value)) {
    return String(value);
  }
  try {
    return String(JSON.parse(value));
  } catch {
    // The value is not JSON, so the quotes are part of it.
    return value;
  }
}
