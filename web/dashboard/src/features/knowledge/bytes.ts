/** A size as people write it: 12 kB, 3.4 MB. */
export function bytesText(bytes: number, language: string): string {
  const [size, unit] = bytes < 1024 ? [bytes, 'byte'] : bytes < 1_048_576 ? [bytes / 1024, 'kilobyte'] : [bytes / 1_048_576, 'megabyte'];
  return new Intl.NumberFormat(language, { style: 'unit', unit: String(unit), unitDisplay: 'short', maximumFractionDigits: Number(size) < 10 ? 1 : 0 }).format(
    Number(size),
  );
}
