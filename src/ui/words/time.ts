/** Instants and durations as text, in the language of JupyterLab. */
import type { ITranslator } from '@jupyterlab/translation';

const UNITS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 365.25 * 24 * 3600],
  ['month', 30.44 * 24 * 3600],
  ['week', 7 * 24 * 3600],
  ['day', 24 * 3600],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1]
];

// Creating an Intl formatter costs more than a hundred uses of it.
const relativeFormats = new Map<string, Intl.RelativeTimeFormat>();
const absoluteFormats = new Map<string, Intl.DateTimeFormat>();
const unitFormats = new Map<string, Intl.NumberFormat>();

/**
 * Return the locale to format with: JupyterLab's language, in the browser's regional form of it.
 */
export function localeOf(translator: Pick<ITranslator, 'languageCode'>): string {
  const language = translator.languageCode.replace('_', '-');
  const spoken = navigator.languages.find(
    tag => tag.split('-')[0].toLowerCase() === language.split('-')[0].toLowerCase()
  );
  return spoken ?? language;
}

/**
 * Return "6 hours ago". `time` and `now` are epoch milliseconds; a time in the future gives "now".
 */
export function relativeTime(time: number, now: number, locale: string): string {
  const seconds = Math.max(0, (now - time) / 1000);
  const [unit, length] = UNITS.find(([, size]) => seconds >= size) ?? UNITS[UNITS.length - 1];
  let format = relativeFormats.get(locale);
  if (!format) {
    format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
    relativeFormats.set(locale, format);
  }
  return format.format(-Math.floor(seconds / length), unit);
}

/** Return date, time to the second and time zone. `time` is epoch milliseconds. */
export function absoluteTime(time: number, locale: string): string {
  let format = absoluteFormats.get(locale);
  if (!format) {
    format = new Intl.DateTimeFormat(locale, {
      year: 'numeric',
      month: 'short',
      day: 'numeric',
      hour: 'numeric',
      minute: '2-digit',
      second: '2-digit',
      timeZoneName: 'short'
    });
    absoluteFormats.set(locale, format);
  }
  return format.format(time);
}

/** Return "1 h 2 min 3 s", with the two or three largest units; "0 s" for less than a second. */
export function duration(milliseconds: number, locale: string): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  const parts: readonly [number, string][] = [
    [Math.floor(seconds / 86400), 'day'],
    [Math.floor(seconds / 3600) % 24, 'hour'],
    [Math.floor(seconds / 60) % 60, 'minute'],
    [seconds % 60, 'second']
  ];
  const shown = parts.filter(([amount]) => amount > 0).slice(0, 3);
  return (shown.length ? shown : [parts[3]])
    .map(([amount, unit]) => unitFormat(unit, locale).format(amount))
    .join(' ');
}

function unitFormat(unit: string, locale: string): Intl.NumberFormat {
  const key = `${locale} ${unit}`;
  let format = unitFormats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short' });
    unitFormats.set(key, format);
  }
  return format;
}

/** Return the epoch milliseconds of an ISO 8601 instant of the REST API; null stays null. */
export function epochMs(instant: string): number;
export function epochMs(instant: string | null | undefined): number | null;
export function epochMs(instant: string | null | undefined): number | null {
  return instant ? Date.parse(instant) : null;
}
