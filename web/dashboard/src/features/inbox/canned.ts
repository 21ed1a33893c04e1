import type { CannedReply } from '@frontdesk/api-client';

/** The saved replies that fit what follows the `/`: by shortcut first, then by their words. */
export function matching(replies: readonly CannedReply[], typed: string): CannedReply[] {
  const wanted = typed.trim().toLowerCase();
  const rank = (reply: CannedReply) => {
    if (reply.shortcut.toLowerCase().startsWith(wanted)) return 0;
    return reply.text.toLowerCase().includes(wanted) ? 1 : 2;
  };
  return replies
    .filter((reply) => rank(reply) < 2)
    .sort((a, b) => rank(a) - rank(b) || a.shortcut.localeCompare(b.shortcut))
    .slice(0, 8);
}

/** Fills in what stands for the customer; an unknown name leaves no gap. */
export function filled(text: string, contactName: string): string {
  const known = contactName !== '' && !/^visitor\b/iu.test(contactName);
  return known ? text.replaceAll('{contact.name}', contactName) : text.replaceAll(/,?\s*\{contact\.name\}/gu, '');
}
