// Where a booking type is booked, and the lines that put it into another web site (`/book.js`).

interface Shop {
  origin: string;
  workspace: string;
  slug: string;
}

export const publicLink = ({ origin, workspace, slug }: Shop): string => `${origin}/book/${workspace}/${slug}`;

export type EmbedMode = 'inline' | 'button' | 'popup';

const attribute = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');

/** What to paste into a page. `label` is the button's text, or the link's. */
export function embedSnippet(mode: EmbedMode, shop: Shop, label: string): string {
  const { origin, workspace, slug } = shop;
  const script = (more: string) => `<script src="${origin}/book.js" data-workspace="${workspace}" data-type="${slug}"${more} defer></script>`;
  switch (mode) {
    case 'inline':
      return script('');
    case 'button':
      return script(` data-mode="button" data-label="${attribute(label)}"`);
    case 'popup':
      return `<a href="${publicLink(shop)}" data-frontdesk-book="${slug}">${attribute(label)}</a>\n${script(' data-mode="popup"')}`;
  }
}
