import { constants, crc32, deflateRawSync } from 'node:zlib';

/** RFC 1952, 2.3: deflate, no flags, no time, fastest algorithm, Unix. */
const header = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 3]);
/** RFC 1951, 3.2.6: an empty last block with fixed codes. */
const lastBlock = Buffer.from([0x03, 0x00]);

/**
 * Compresses on the main thread, a chunk at a time. zlib's own streams work in the threads of libuv: a few reads of files
 * that hang would hold up every answer.
 */
export async function* gzip(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let [checksum, length] = [0, 0];
  yield header;
  for await (const chunk of chunks) {
    checksum = crc32(chunk, checksum);
    length += chunk.length;
    yield deflateRawSync(chunk, { level: 1, finishFlush: constants.Z_SYNC_FLUSH });
  }
  yield Buffer.concat([lastBlock, trailer(checksum, length)]);
}

function trailer(checksum: number, length: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32LE(checksum, 0);
  bytes.writeUInt32LE(length % 2 ** 32, 4);
  return bytes;
}
