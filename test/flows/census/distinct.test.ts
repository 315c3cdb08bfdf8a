import { expect, test } from 'vitest';
import { hashAddress } from '../../../src/flows/census/destination-key.ts';
import { addHash, estimateDistinct, registers } from '../../../src/flows/census/distinct.ts';

test.each([0, 1, 10, 50, 200, 1000, 20_000, 300_000])(
  'estimateDistinct() tells %i addresses within three standard errors',
  (addresses) => {
    const sketch = new Uint8Array(registers);
    const address = new DataView(new ArrayBuffer(16));
    for (let i = 0; i < addresses; i++) {
      address.setUint32(0, 0x0a000000 + i);
      for (let again = 0; again < 3; again++) addHash(sketch, 0, hashAddress({ address, port: 0 }, 1));
    }
    expect(Math.abs(estimateDistinct(sketch) - addresses)).toBeLessThanOrEqual(0.39 * addresses);
  },
);

test.each([0, 4, 8, 12])('hashAddress() takes in the bytes from %i on', (offset) => {
  const address = new DataView(new ArrayBuffer(16));
  const zero = hashAddress({ address, port: 0 }, 1);
  address.setUint32(offset, 1);
  expect(hashAddress({ address, port: 0 }, 1)).not.toBe(zero);
});
