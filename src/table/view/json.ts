/** Reads saved values, which may have any shape. What is not valid is left out. Pure. */

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

export function textsFrom(value: unknown): string[] {
  return Array.isArray(value) ? value.filter(item => typeof item === 'string') : [];
}

export function entriesFrom<T>(
  value: unknown,
  accept: (item: unknown) => item is T,
  change: (item: T) => T = item => item
): Record<string, T> {
  const entries = isRecord(value) ? Object.entries(value) : [];
  return Object.fromEntries(
    entries.flatMap(([key, item]): [string, T][] => (accept(item) ? [[key, change(item)]] : []))
  );
}
