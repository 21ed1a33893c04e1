// Styles as constructable sheets: they need no style element, so a strict Content-Security-Policy lets them through.

export function adopt(shadow: ShadowRoot, text: string): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  shadow.adoptedStyleSheets = [...shadow.adoptedStyleSheets, sheet];
}
