import { describe, expect, it } from 'vitest';
import { eachRoute } from '../../../src/parsers/procfs/route.ts';
import { expectParsedOrRefused } from '../hostile-input.ts';

const header = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT';
/** Linux 6.18: `default via 192.0.2.1 dev eth0`, `192.0.2.0/24 dev eth0`, and `unreachable 198.51.100.0/24`. */
const route = `${header}
eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0
eth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
*\t006433C6\t00000000\t0201\t0\t0\t0\t00FFFFFF\t0\t0\t0
`;

const parseAll = (text: string) => [...eachRoute(text)];

describe('eachRoute()', () => {
  it('reads the routes', () => {
    expect(parseAll(route)).toEqual([
      { interface: 'eth0', destination: 0, gateway: 0xc0000201, mask: 0 },
      { interface: 'eth0', destination: 0xc0000200, gateway: 0, mask: 0xffffff00 },
      { interface: '*', destination: 0xc6336400, gateway: 0, mask: 0xffffff00 },
    ]);
  });

  it('reads a namespace without routes, which has an empty file', () => {
    expect(parseAll('')).toEqual([]);
  });

  it.each([
    ['another file', 'Inter-|\n', 'Cannot parse line 1: expected the header "Iface", got "Inter-|"'],
    ['an empty line', `${header}\n\n`, 'Cannot parse line 2: expected a route, got ""'],
    [
      'what is no address',
      `${header}\neth0 00000000 0 0 0 0 0 x\n`,
      'Cannot parse line 2: expected the mask to be a hexadecimal number, got "x"',
    ],
  ])('refuses %s', (_what, text, message) => {
    expect(() => parseAll(text)).toThrow(message);
  });

  it('gives routes or a ParseError for any text', () => expectParsedOrRefused(parseAll, route));
});
