/** Text that may begin in lower case, as the beginning of a sentence; an address at its beginning stays as it is. */
export function sentence(text: string): string {
  return /^https?:/u.test(text) ? text : text.charAt(0).toUpperCase() + text.slice(1);
}
