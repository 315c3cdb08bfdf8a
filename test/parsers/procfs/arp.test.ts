import { describe, expect, it } from 'vitest';
import { parseArp } from '../../../src/parsers/procfs/arp.ts';
import { expectParsedOrRefused } from '../hostile-input.ts';

/** Linux 6.18, with a neighbour that was set by hand and one that does not answer. */
const arp = `IP address       HW type     Flags       HW address            Mask     Device
10.9.0.2         0x1         0x2         fa:16:3e:1a:2b:3c     *        qbr1a2b3c4d-5e
10.9.0.1         0x1         0x6         fa:16:3e:77:c1:dc     *        qbr1a2b3c4d-5e
10.9.0.7         0x1         0x0         ff:ff:ff:ff:ff:ff     *        qbr1a2b3c4d-5e
`;

describe('parseArp()', () => {
  it('gives the neighbours that answered', () => {
    expect(parseArp(arp)).toEqual(
      new Map([
        ['10.9.0.2', 'fa:16:3e:1a:2b:3c'],
        ['10.9.0.1', 'fa:16:3e:77:c1:dc'],
      ]),
    );
  });

  it('refuses a row that is none', () => {
    expect(() => parseArp(`${arp}10.9.0.3 0x1\n`)).toThrow(
      'Cannot parse line 5: expected a neighbour, got "10.9.0.3 0x1"',
    );
  });

  it('gives neighbours or a ParseError for any text', () => expectParsedOrRefused(parseArp, arp));
});
