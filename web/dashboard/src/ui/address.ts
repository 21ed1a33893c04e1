// Addresses as people read them.

/** Country codes (ITU-T E.164) of one and two digits; all others have three. */
const SHORT = /^(?:1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])/u;

/** `+15550104477` as `+1 555 010 4477`. What is no E.164 number stays as it is, a masked one too. */
export function formatPhone(number: string): string {
  if (!/^\+\d{7,15}$/u.test(number)) return number;
  const digits = number.slice(1);
  const code = SHORT.exec(digits)?.[0] ?? digits.slice(0, 3);
  const rest = digits.slice(code.length);
  const groups: string[] = [];
  for (let at = 0; at < rest.length; ) {
    // The last group has up to four digits, so that none stands alone.
    const size = rest.length - at <= 4 ? rest.length - at : 3;
    groups.push(rest.slice(at, at + size));
    at += size;
  }
  return `+${code} ${groups.join(' ')}`;
}

export const formatAddress = (address: string): string => (address.startsWith('+') ? formatPhone(address) : address);
