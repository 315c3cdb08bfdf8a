import type { Writable } from 'node:stream';

/** Bytes that may wait for a reader that does not read: more than any burst of lines, less than anyone would notice. */
const maxPendingBytes = 2 ** 18;

/**
 * Writes lines to a stream whose reader may be gone, slow or out of space. It never fails and never blocks: a line for
 * which there is no room is dropped, and the next one that has room is preceded by how many were.
 */
export function createLineWriter(
  stream: Pick<Writable, 'write' | 'writableLength' | 'on'>,
  formatDropped: (count: number) => string,
): (line: string) => void {
  let dropped = 0;
  // Without a listener, EPIPE and ENOSPC would end the process.
  stream.on('error', () => {
    dropped++;
  });
  return (line) => {
    if (stream.writableLength > maxPendingBytes) {
      dropped++;
      return;
    }
    if (dropped > 0) stream.write(formatDropped(dropped));
    dropped = 0;
    stream.write(line);
  };
}
