/** Text that may begin in lower case, as the beginning of a sentence. */
export function sentence(text: string): string {
  return text === '' ? text : text.charAt(0).toUpperCase() + text.slice(1);
}
