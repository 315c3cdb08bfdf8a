/**
 * A name that came from the network or from a file, as a terminal may show it: characters that steer a terminal, change
 * the direction of text or take no place are replaced.
 */
export function printable(text: string): string {
  return text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '\u{fffd}');
}
