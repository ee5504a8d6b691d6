import { describe, expect, it } from 'vitest';

import { numberText } from '../numberformat';

const written = (
  value: number,
  format: Parameters<typeof numberText>[3],
  locale = 'en-US'
): string => numberText(value, 2, locale, format);

describe('the format of a column', () => {
  it('is automatic unless another one was chosen', () => {
    expect(written(97.531, undefined)).toBe('97.53');
    expect(written(97.531, 'automatic')).toBe('97.53');
  });

  it('writes numbers with fixed decimals, and not in scientific notation', () => {
    expect(written(0.00001234, 'fixed')).toBe('0.0000');
    expect(written(12345.6, 'fixed')).toBe('12345.6000');
  });

  it('writes them in scientific notation', () => {
    expect(written(97.531, 'scientific')).toBe('9.753E1');
  });

  it('writes a share as percent', () => {
    expect(written(0.97531, 'percent')).toBe('97.53%');
    expect(written(0.97531, 'percent', 'de')).toBe('97,53\u00a0%');
  });

  it('writes every digit', () => {
    expect(written(0.1 + 0.2, 'full')).toBe('0.30000000000000004');
    expect(written(97.5, 'full')).toBe('97.5');
  });
});
