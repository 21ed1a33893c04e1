// Prices as people type them, and as the server keeps them.

import type { Price } from '@frontdesk/api-client';

/** How many digits a currency has after the point; 2 for one the browser does not know. */
export function digitsOf(currency: string): number {
  try {
    return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  } catch {
    return 2;
  }
}

export const amountOf = ({ minor, currency }: Price): number => minor / 10 ** digitsOf(currency);

export const minorOf = (amount: number, currency: string): number => Math.round(amount * 10 ** digitsOf(currency));

/** The same amount in another currency: 60.00 stays 60. */
export const inCurrency = (price: Price, currency: string): Price => ({ currency, minor: minorOf(amountOf(price), currency) });

const LAND_CURRENCY: Record<string, string> = {
  AU: 'AUD', BR: 'BRL', CA: 'CAD', CH: 'CHF', CZ: 'CZK', DK: 'DKK', GB: 'GBP', HU: 'HUF', IN: 'INR', JP: 'JPY', LI: 'CHF', MX: 'MXN', NO: 'NOK', NZ: 'NZD', PL: 'PLN', SE: 'SEK', US: 'USD', ZA: 'ZAR',
};

/** The currency most likely meant in a country. */
export const currencyOf = (country: string): string => LAND_CURRENCY[country] ?? 'EUR';

/** Every currency with its name, those used most first. */
export function currencies(language: string, current: string): { value: string; label: string }[] {
  const usual = ['EUR', 'USD', 'GBP', 'CHF'];
  const names = new Intl.DisplayNames(language, { type: 'currency' });
  const rest = Intl.supportedValuesOf('currency').filter((code) => !usual.includes(code));
  return [...new Set([current, ...usual, ...rest])].map((value) => ({ value, label: `${value} · ${names.of(value) ?? value}` }));
}
