import fc from 'fast-check';

/** Bytes of any kind, at most so many, and messages of the kernel with foreign bytes or without their end. */
export function damagedMessages(real: readonly DataView[], maxLength: number): fc.Arbitrary<Uint8Array> {
  const damaged = fc.tuple(fc.constantFrom(...real), fc.nat(), fc.uint8Array({ maxLength: 8 }), fc.nat());
  return fc.oneof(
    fc.uint8Array({ maxLength }),
    damaged.map(([view, at, foreign, end]) => {
      const copy = Buffer.from(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
      copy.set(foreign.subarray(0, copy.length - (at % copy.length)), at % copy.length);
      return copy.subarray(0, end % 3 === 0 ? end % copy.length : copy.length);
    }),
  );
}
