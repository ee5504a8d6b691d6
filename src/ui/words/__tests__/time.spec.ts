import { describe, expect, it } from 'vitest';

import { cutInTheMiddle } from '../../pieces/names';
import { absoluteTime, duration, epochMs, relativeTime } from '../time';

const NOW = Date.parse('2026-11-23T12:00:00Z');
const ago = (seconds: number): string => relativeTime(NOW - seconds * 1000, NOW, 'en');

describe('relative times', () => {
  it('are told in the largest unit that fits, rounded down', () => {
    expect(ago(0)).toBe('now');
    expect(ago(59)).toBe('59 seconds ago');
    expect(ago(119)).toBe('1 minute ago');
    expect(ago(6 * 3600 + 1800)).toBe('6 hours ago');
    expect(ago(24 * 3600)).toBe('yesterday');
    expect(ago(15 * 24 * 3600)).toBe('2 weeks ago');
    expect(ago(800 * 24 * 3600)).toBe('2 years ago');
  });

  it('are now for a clock that runs ahead', () => {
    expect(ago(-30)).toBe('now');
  });

  it('follow the language', () => {
    expect(relativeTime(NOW - 6 * 3600_000, NOW, 'de')).toBe('vor 6 Stunden');
  });
});

it('tells an instant with date, seconds and time zone', () => {
  expect(absoluteTime(NOW, 'en-US')).toMatch(/^Nov 23, 2026, \d+:00:00 (AM|PM) \S+$/);
});

it('tells a duration in the units that matter', () => {
  expect(duration(0, 'en')).toBe('0 sec');
  expect(duration(75_400, 'en')).toBe('1 min 15 sec');
  expect(duration(3_600_000, 'en')).toBe('1 hr');
});

it('reads the instants of the REST API, and leaves null alone', () => {
  expect(epochMs('2026-11-23T12:00:00Z')).toBe(NOW);
  expect(epochMs(null)).toBeNull();
});

describe('a name that does not fit', () => {
  const within = (letters: number) => (text: string) => text.length <= letters;

  it('loses its middle, never its end', () => {
    expect(cutInTheMiddle('cnn-training-job-1575947870', within(11))).toBe('cnn-t…47870');
  });

  it('is shown whole where it fits', () => {
    expect(cutInTheMiddle('mnist', within(5))).toBe('mnist');
  });

  it('keeps characters of two code units whole', () => {
    expect(cutInTheMiddle('😀😀😀😀😀😀', within(5))).toBe('😀…😀');
  });
});
