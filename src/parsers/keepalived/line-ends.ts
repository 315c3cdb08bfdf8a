import type { Layout } from './layout.ts';

/**
 * The lines of a dump, without their line ends. A last line without one is left out, for it may have been cut off.
 *
 * keepalived forgets some: before 1.4.3 after the last line of an instance with unicast peers, so that the next instance
 * begins on that line; before 2.0 after the interval of a VRRPv3 master; before 1.2.24 after several. So a line is divided
 * where within it a thing or a field begins.
 */
export function splitDump(text: string, layout: Layout): string[] {
  const lines = divideLines(text, layout).split('\n');
  lines.pop();
  return lines;
}

/** The same as text. */
export function divideLines(text: string, { merged }: Layout): string {
  return text.replace(merged, '$&\n');
}
