import { describe, expect, it } from 'vitest';
import { parseIpVs, parseIpVsStepwise } from '../../../../src/parsers/procfs/ipvs/ip-vs.ts';
import { expectParsedOrRefused } from '../../hostile-input.ts';

const header = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port Forward Weight ActiveConn InActConn
`;

/** Linux 6.1 with ipvsadm 1.31, and one row for each word that the kernel can also print. */
const everything = `${header}TCP  0A000065:0019 rr  
UDP  0A000065:0035 rr ops  
  -> 0A00000B:0035      Route   1      0          0         
TCP  [fd00:0010:0000:0000:0000:0000:0000:0101]:0050 mh 
  -> [fd00:0010:0000:0000:0000:0000:0000:0012]:0050      Route   1      0          3         
SCTP  0A000065:0F1C rr  
  -> 0A00000B:0F1C      Route   1      0          0         
TCP  0A000065:01BB sh  persistent 30000 FFFFFFFF
  -> 0A00000C:01BB      Masq    0      0          0         
  -> 0A00000D:01BB      Local   -1     3          0         
TCP  0A000065:20FB lc  
  -> 0A00000B:20FB      Tunnel  2147483647 3          0         
  -> [fd00:0010:0000:0000:0000:0000:0000:0012]:20FB      Tunnel  1      0          0         
FWM  00000064 wlc persistent 60000 FFFFFF00
  -> 0A00000C:0000      Bypass  1      0          0         
IP_50  0A000065:0000 wrr  
`;

describe('parseIpVs()', () => {
  it('reads every kind of service and real server', () => {
    expect(parseIpVs(everything)).toEqual({
      version: '1.2.1',
      connectionTableBuckets: 4096,
      virtualServers: [
        service('tcp', '10.0.0.101', '25', { scheduler: 'rr' }),
        service('udp', '10.0.0.101', '53', {
          scheduler: 'rr',
          flags: ['ops'],
          realServers: [real('10.0.0.11', '53', 'direct', 1, 0, 0)],
        }),
        service('tcp', 'fd00:10::101', '80', {
          scheduler: 'mh',
          realServers: [real('fd00:10::12', '80', 'direct', 1, 0, 3)],
        }),
        service('sctp', '10.0.0.101', '3868', {
          scheduler: 'rr',
          realServers: [real('10.0.0.11', '3868', 'direct', 1, 0, 0)],
        }),
        service('tcp', '10.0.0.101', '443', {
          scheduler: 'sh',
          flags: ['persistent'],
          realServers: [real('10.0.0.12', '443', 'masquerade', 0, 0, 0), real('10.0.0.13', '443', 'local', -1, 3, 0)],
        }),
        service('tcp', '10.0.0.101', '8443', {
          scheduler: 'lc',
          realServers: [
            real('10.0.0.11', '8443', 'tunnel', 2147483647, 3, 0),
            real('fd00:10::12', '8443', 'tunnel', 1, 0, 0),
          ],
        }),
        {
          ...service('', '', '', { scheduler: 'wlc', flags: ['persistent'] }),
          fwmark: '100',
          realServers: [real('10.0.0.12', '0', 'bypass', 1, 0, 0)],
        },
        service('ip_50', '10.0.0.101', '0', { scheduler: 'wrr' }),
      ],
    });
  });

  it('takes the word of a kernel with patches for a method, and all other rows', () => {
    const rows = [
      '  -> 0A00000B:0050      FullNat 1      2          3         \n',
      '  -> 0A00000C:0050      Route   1      0          0         \n',
    ];
    expect(parseIpVs(`${header}TCP  0A000065:0050 rr  \n${rows.join('')}`).virtualServers).toEqual([
      service('tcp', '10.0.0.101', '80', {
        scheduler: 'rr',
        realServers: [real('10.0.0.11', '80', 'fullnat', 1, 2, 3), real('10.0.0.12', '80', 'direct', 1, 0, 0)],
      }),
    ]);
  });

  it.each([
    ['a service of another protocol', 'QUIC 0A000066:0050 rr  \n  -> 0A00000C:0050 Route 1 0 0\n', 5],
    ['a real server with a column more', 'TCP  0A000066:0050 rr  \n  -> 0A00000C:0050 Route 1 0 0 7\n', 6],
    [
      'a real server that is not the last',
      'TCP  0A000066:0050 rr  \n  -> 0A00000C:0050 Route x 0 0\n  -> 0A00000D:0050 Route 1 0 0\n',
      6,
    ],
    [
      'a row that is indented as those of real servers are',
      'TCP  0A000066:0050 rr  \n  => 0A00000C:0050 Route 1 0 0\n  -> 0A00000D:0050 Route 1 0 0\n',
      6,
    ],
    [
      'such a row of one word',
      'TCP  0A000066:0050 rr  \n  -> 0A00000C:0050 Route 1 0 0\n  ?\n  -> 0A00000D:0050 Route 1 0 0\n',
      7,
    ],
  ])('leaves out the virtual server of a row that it cannot read: %s', (_what, rows, line) => {
    const [first, last] = ['TCP  0A000065:0050 rr  \n', 'UDP  0A000067:0035 rr  \n'];
    const steps = parseIpVsStepwise(`${header}${first}${rows}${last}`);
    const { value } = steps.next();
    expect(value).toMatchObject({
      virtualServers: [
        service('tcp', '10.0.0.101', '80', { scheduler: 'rr' }),
        service('udp', '10.0.0.103', '53', { scheduler: 'rr' }),
      ],
      problem: { line },
    });
  });

  it('reads an empty table', () => {
    expect(parseIpVs(header).virtualServers).toEqual([]);
  });

  it.each([
    ['an empty file', '', 'Cannot parse line 1: expected "IP Virtual Server version", got nothing'],
    [
      'another file',
      'Inter-|   Receive\n',
      'Cannot parse line 1: expected "IP Virtual Server version", got "Inter-|   Receive"',
    ],
    [
      'a file without its headers',
      'IP Virtual Server version 1.2.1 (size=4096)\n',
      'Cannot parse line 2: expected the header "Prot LocalAddress:Port Scheduler Flags", got nothing',
    ],
    [
      'a real server before any virtual server',
      `${header}  -> 0A00000B:0035      Route   1      0          0         \n`,
      'Cannot parse line 4: expected a virtual server before the first real server',
    ],
    [
      'a last line that was cut off',
      `${header}TCP  0A000065:0019 r`,
      'Cannot parse line 4: expected a line end, got the end of the file',
    ],
    [
      'a virtual server without a scheduler',
      `${header}TCP  0A000065:0019\n`,
      'Cannot parse line 4: expected protocol, address and scheduler, got "TCP 0A000065:0019"',
    ],
    [
      'an unknown protocol word',
      `${header}QUIC 0A000065:0019 rr\n`,
      'Cannot parse line 4: expected a protocol, got "QUIC"',
    ],
    [
      'a malformed address',
      `${header}TCP  0A0065:0019 rr\n`,
      'Cannot parse line 4: expected an address and a port, got "0A0065:0019"',
    ],
    ['a malformed firewall mark', `${header}FWM  64 rr\n`, 'Cannot parse line 4: expected a firewall mark, got "64"'],
    [
      'a row with too few columns',
      `${header}TCP  0A000065:0019 rr\n  -> 0A00000B:0035 Route 1 0\n`,
      'Cannot parse line 5: expected 6 columns, got 5',
    ],
    [
      'a forwarding method that is not a word',
      `${header}TCP  0A000065:0019 rr\n  -> 0A00000B:0035 F"ull 1 0 0\n`,
      'Cannot parse line 5: expected a forwarding method, got "F\\"ull"',
    ],
    [
      'a count that is not a number',
      `${header}TCP  0A000065:0019 rr\n  -> 0A00000B:0035 Route 1 12abc 0\n`,
      'Cannot parse line 5: expected ActiveConn to be a number, got "12abc"',
    ],
  ])('refuses %s', (_what, text, message) => {
    expect(() => parseIpVs(text)).toThrow(message);
  });

  it('gives a table or a ParseError for any text', () => expectParsedOrRefused(parseIpVs, everything));
});

function service(protocol: string, address: string, port: string, rest: object): object {
  return { protocol, address, port, fwmark: '', flags: [], realServers: [], ...rest };
}

function real(
  address: string,
  port: string,
  forward: string,
  weight: number,
  active: number,
  inactive: number,
): object {
  return { address, port, forward, weight, activeConnections: active, inactiveConnections: inactive };
}
