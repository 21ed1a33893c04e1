/** The smallest pleasant even number that is no less than the value: 2, 4, 6, 8, 10, 20, 40, 50, 60, ... */
export function niceTop(value: number): number {
  const magnitude = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, value))));
  for (const step of [1, 2, 4, 5, 6, 8, 10]) {
    const top = step * magnitude;
    if (top >= value && top % 2 === 0) return top;
  }
  return 20 * magnitude;
}
