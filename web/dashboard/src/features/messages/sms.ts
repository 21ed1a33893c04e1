// How a text message travels: its alphabet and its parts, while one types. The server counts again and has the last word.

/** 3GPP TS 23.038, 6.2.1: the default alphabet of GSM, without the escape. */
const BASIC = new Set('@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà');
/** 6.2.1.1: behind an escape, so two units each. */
const EXTENSION = new Set('\f^{}\\[~]|€');

export interface SmsMeasure {
  /** Whether a character outside the GSM alphabet makes the parts shorter. */
  unicode: boolean;
  /** The characters that do, each once. */
  forcing: string[];
  units: number;
  /** None when it is empty. */
  segments: number;
  /** Units that still fit the last part. */
  left: number;
}

/** Measures a text as it stands. No surrogate pair and no escaped character is split over two parts. */
export function measureSms(text: string): SmsMeasure {
  const characters = [...text];
  const forcing = [...new Set(characters.filter((each) => !BASIC.has(each) && !EXTENSION.has(each)))];
  const unicode = forcing.length > 0;
  const [single, joined] = unicode ? [70, 67] : [160, 153];
  const sizes = characters.map((each) => (unicode ? each.length : EXTENSION.has(each) ? 2 : 1));
  const units = sizes.reduce((sum, size) => sum + size, 0);
  if (units <= single) return { unicode, forcing, units, segments: units === 0 ? 0 : 1, left: single - units };
  let segments = 1;
  let used = 0;
  for (const size of sizes) {
    if (used + size > joined) {
      segments += 1;
      used = 0;
    }
    used += size;
  }
  return { unicode, forcing, units, segments, left: joined - used };
}
