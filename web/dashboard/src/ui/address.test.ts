import { describe, expect, it } from 'vitest';
import { formatAddress } from './address';

describe('an address', () => {
  it.each([
    ['+15550104477', '+1 555 010 4477'],
    ['+4915112345678', '+49 151 123 456 78'],
    ['+34612345678', '+34 612 345 678'],
    ['+351912345678', '+351 912 345 678'],
    ['+1•••••4477', '+1•••••4477'],
    ['mia@example.com', 'mia@example.com'],
    ['-100123456', '-100123456'],
  ])('%s is read as %s', (address, shown) => {
    expect(formatAddress(address)).toBe(shown);
  });
});
