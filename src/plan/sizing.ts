/**
 * What a tracked flow takes of the kernel's memory: 256 bytes of `struct nf_conn` and its extensions. Measured on Linux
 * 6.18: 386 bytes.
 */
export const bytesPerEntry = 400;
/** The head of a chain. */
export const bytesPerBucket = 8;

/** Room for peaks above what is expected. */
const reserve = 1.5;
const minEntries = 1024;

/** A limit for so many entries: a power of two, as a number of buckets usually is. */
export function limitFor(entries: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(minEntries, entries * reserve)));
}

/** Bytes of a full table. */
export function tableMemory(limit: number, buckets: number): number {
  return limit * bytesPerEntry + buckets * bytesPerBucket;
}
