import { createReadStream, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFlow } from '../../../../src/identity/flow.ts';
import { ParseError } from '../../../../src/parsers/parse-error.ts';
import { parseNfConntrack, parseNfConntrackLine } from '../../../../src/parsers/procfs/conntrack/nf-conntrack.ts';
import { describeAll, describeFlow } from '../../../netlink/describe-flow.ts';
import { expectParsedOrRefused } from '../../hostile-input.ts';

/** Recorded on Linux 6.18: a flow of every kind. Its origin is recorded beside it. */
const recorded = new URL('../../../fixtures/nf_conntrack/6.18/proc', import.meta.url);
const text = readFileSync(recorded, 'utf8');

function parse(line: string) {
  const flow = createFlow();
  parseNfConntrackLine(line, 1, flow);
  return flow;
}

const tuple = 'src=10.0.0.1 dst=10.0.0.2 sport=1000 dport=80';
const reply = 'src=10.0.0.2 dst=10.0.0.1 sport=80 dport=1000';

describe('parseNfConntrackLine()', () => {
  it.each([
    [
      'TCP with counters and age',
      `ipv4     2 tcp      6 119 SYN_SENT ${tuple} packets=1 bytes=60 [UNREPLIED] ${reply} packets=0 bytes=0 mark=0 zone=4097 delta-time=3 use=2`,
      'ipv4 tcp 10.0.0.1 1000 > 10.0.0.2 80, SYN_SENT, unreplied, zone 4097 4097, mark 0, packets 1 0',
      { remainingSeconds: 119, ageSeconds: 3 },
    ],
    [
      'a kernel without accounting, marks, zones and timestamps',
      `ipv4     2 tcp      6 431999 ESTABLISHED ${tuple} ${reply} [ASSURED] use=2`,
      'ipv4 tcp 10.0.0.1 1000 > 10.0.0.2 80, ESTABLISHED, replied, assured, zone 0 0, mark 0, packets undefined undefined',
      { remainingSeconds: 431999, ageSeconds: undefined },
    ],
    [
      'a flow offloaded to software: no timeout, no state',
      `ipv4     2 tcp      6 ${tuple} packets=9 bytes=900 ${reply} packets=8 bytes=800 [OFFLOAD] mark=0 zone=7 use=3`,
      'ipv4 tcp 10.0.0.1 1000 > 10.0.0.2 80, replied, assured, offloaded, zone 7 7, mark 0, packets 9 8',
      { remainingSeconds: undefined, ageSeconds: undefined },
    ],
    [
      'a flow offloaded to hardware',
      `ipv4     2 udp      17 ${tuple} ${reply} [HW_OFFLOAD] mark=0 use=3`,
      'ipv4 udp 10.0.0.1 1000 > 10.0.0.2 80, replied, assured, offloaded, zone 0 0, mark 0, packets undefined undefined',
      { remainingSeconds: undefined, ageSeconds: undefined },
    ],
    [
      'DCCP of a kernel before 6.18',
      `ipv4     2 dccp     33 239 RESPOND ${tuple} ${reply} mark=0 use=2`,
      'ipv4 dccp 10.0.0.1 1000 > 10.0.0.2 80, RESPOND, replied, zone 0 0, mark 0, packets undefined undefined',
      { remainingSeconds: 239, ageSeconds: undefined },
    ],
    [
      'SCTP of a kernel before 6.1',
      `ipv4     2 sctp     132 209 HEARTBEAT_ACKED ${tuple} ${reply} mark=0 use=2`,
      'ipv4 sctp 10.0.0.1 1000 > 10.0.0.2 80, HEARTBEAT_ACKED, replied, zone 0 0, mark 0, packets undefined undefined',
      { remainingSeconds: 209, ageSeconds: undefined },
    ],
    [
      'GRE by its keys',
      'ipv4     2 gre      47 29 timeout=30, stream_timeout=180 src=10.0.0.1 dst=10.0.0.2 srckey=0x1 dstkey=0xffff [UNREPLIED] src=10.0.0.2 dst=10.0.0.1 srckey=0xffff dstkey=0x1 mark=0 use=2',
      'ipv4 gre 10.0.0.1 1 > 10.0.0.2 65535, unreplied, zone 0 0, mark 0, packets undefined undefined',
      { remainingSeconds: 29, ageSeconds: undefined },
    ],
    [
      'the context of SELinux',
      `ipv4     2 udp      17 29 ${tuple} ${reply} mark=0 secctx=system_u:object_r:unlabeled_t:s0:c1,c2 zone=0 use=2`,
      'ipv4 udp 10.0.0.1 1000 > 10.0.0.2 80, replied, zone 0 0, mark 0, packets undefined undefined',
      { remainingSeconds: 29, ageSeconds: undefined },
    ],
    [
      'the context of AppArmor, which has a blank',
      `ipv4     2 udp      17 29 ${tuple} ${reply} mark=5 secctx=/usr/sbin/named (enforce) zone=3 delta-time=1 use=2`,
      'ipv4 udp 10.0.0.1 1000 > 10.0.0.2 80, replied, zone 3 3, mark 5, packets undefined undefined',
      { remainingSeconds: 29, ageSeconds: 1 },
    ],
  ])('reads %s', (_what, line, expected, clocks) => {
    const flow = parse(line);
    expect(describeFlow(flow)).toBe(expected);
    expect(flow).toMatchObject(clocks);
  });

  it.each([
    ['', 'expected "ipv4 2" or "ipv6 10", got " "'],
    [`ipv4 10 udp 17 29 ${tuple} ${reply} use=2`, 'expected "ipv4 2" or "ipv6 10", got "ipv4 10"'],
    [`unknown 3 udp 17 29 ${tuple} ${reply} use=2`, 'expected "ipv4 2" or "ipv6 10", got "unknown 3"'],
    [`ipv4 2 OSPF 89 29 ${tuple} ${reply} use=2`, 'expected a protocol, got "OSPF"'],
    [`ipv4 2 udp 256 29 ${tuple} ${reply} use=2`, 'expected the protocol to be a number from 0 to 255, got "256"'],
    [
      `ipv4 2 udp 17 29x ${tuple} ${reply} use=2`,
      'expected the timeout to be a number from 0 to 4294967295, got "29x"',
    ],
    [`ipv4 2 udp 17 29 SYN_SENT ${tuple} ${reply} use=2`, 'expected src=, got "SYN_SENT"'],
    [`ipv4 2 udp 17 ${tuple} ${reply} use=2`, 'expected a timeout, which only an offloaded flow lacks'],
    [`ipv4 2 udp 17 29 ${tuple.replace('.1', '.256')} ${reply} use=2`, 'expected an IPv4 address, got "10.0.0.256"'],
    [`ipv4 2 udp 17 29 ${tuple.replace('.1', '.')} ${reply} use=2`, 'expected an IPv4 address, got "10.0.0."'],
    [`ipv6 10 udp 17 29 ${tuple} ${reply} use=2`, 'expected an IPv6 address, got "10.0.0.1"'],
    [`ipv4 2 udp 17 29 ${tuple}0000 ${reply} use=2`, 'expected dport to be a number from 0 to 65535, got "800000"'],
    [`ipv4 2 udp 17 29 ${tuple} packets=1 ${reply} use=2`, 'expected bytes=, got "src=10.0.0.2"'],
    [`ipv4 2 udp 17 29 ${tuple} [UNREPLIED] ${tuple}`, 'expected use=, got nothing'],
    [`ipv4 2 udp 17 29 ${tuple} ${reply} new use=2`, 'expected use=, got "new"'],
    [`ipv4 2 udp 17 29 ${tuple} ${reply} mark=-1 use=2`, 'expected mark to be a number from 0 to 4294967295, got "-1"'],
    [`ipv4 2 udp 17 29 ${tuple} ${reply} use=2 more`, 'expected the end of the line, got "more"'],
    [`ipv4 2 udp 17 29 ${tuple} [NEW] use=2`, 'expected src=, got "use=2"'],
  ])('rejects %j', (line, problem) => {
    expect(() => parse(line)).toThrow(new ParseError(1, problem));
  });

  it.each([
    `ipv4 2 udp 17 29 ${tuple} ${reply} [NEW] use=2`,
    `ipv4 2 udp 17 29 ${tuple} packets=1 bytes=2 labels=0x3 [UNREPLIED] ${reply} packets=0 bytes=0 use=2`,
    `ipv4 2 udp 17 29 ${tuple} ${reply} mark=0 use=2 `,
    `ipv4 2 udp 17 29 helper=x ${tuple} ${reply} [ASSURED] [HELPER] mark=0 use=2 id=3 portid=4`,
  ])('ignores unknown fields and flags: %j', (line) => {
    const known = line.replaceAll(/ (?:$|\[(?:NEW|HELPER)\]|(?:labels|helper|id|portid)=\S+)/g, '');
    expect(parse(line)).toEqual(parse(known));
  });

  it('reads a protocol that only a patched kernel has, without its own fields', () => {
    const [source, destination] = ['src=10.0.0.1 dst=10.0.0.2', 'src=10.0.0.2 dst=10.0.0.1'];
    const line = (name: string, fields: string) =>
      `ipv4 2 ${name} 50 29 ${source}${fields} packets=1 bytes=2 [UNREPLIED] ${destination}${fields} packets=0 bytes=0 mark=7 use=2`;
    expect(parse(line('esp', ' spi=0x1 sport=7'))).toEqual(parse(line('unknown', '')));
  });

  it('reads a timer that is late as 0', () => {
    const line = (seconds: number) => `ipv4 2 udp 17 ${seconds} ${tuple} ${reply} use=2`;
    expect(parse(line(-3))).toEqual(parse(line(0)));
  });

  it('rounds what is beyond 2^53', () => {
    const counters = 'packets=18446744073709551615 bytes=18446744073709551615';
    const flow = parse(`ipv4 2 udp 17 29 ${tuple} ${counters} ${reply} ${counters} delta-time=9007199254740993 use=2`);
    expect(flow).toMatchObject({ originalPackets: 2 ** 64, replyPackets: 2 ** 64, ageSeconds: 2 ** 53 });
  });

  it('leaves nothing of the flow before', () => {
    const flow = createFlow();
    const lines = text.trimEnd().split('\n');
    for (const line of [...lines, ...lines.toReversed()]) {
      parseNfConntrackLine(line, 1, flow);
      expect(flow).toEqual(parse(line));
    }
  });

  it('parses or refuses anything', () => {
    expectParsedOrRefused((input) => input.split('\n').map((line) => line === '' || describeFlow(parse(line))), text);
  });
});

describe('parseNfConntrack()', () => {
  it('gives the same flows however the text is cut', async () => {
    const expected = text
      .trimEnd()
      .split('\n')
      .map((line) => describeFlow(parse(line)));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(text.length), { maxLength: 30 }), async (cuts) => {
        const { visit, flows } = describeAll();
        const reading = await parseNfConntrack(cut(text, cuts), visit);
        expect(flows.map((flow) => flow.text)).toEqual(expected);
        expect(reading).toEqual({ entries: expected.length, complete: true, interrupted: false });
      }),
      { numRuns: 50 },
    );
  });

  it('stops at the limit and closes the file', async () => {
    const stream = createReadStream(recorded, { encoding: 'utf8', highWaterMark: 64 });
    const { visit, flows } = describeAll();
    const reading = await parseNfConntrack(stream, visit, { limit: 3 });
    expect(reading).toEqual({ entries: 3, complete: false, interrupted: false });
    expect(flows).toHaveLength(3);
    expect(stream.destroyed).toBe(true);
  });

  it('is complete when the table has as many flows as the limit', async () => {
    const lines = text.trimEnd().split('\n').length;
    const reading = await parseNfConntrack(cut(text, []), () => {}, { limit: lines });
    expect(reading).toEqual({ entries: lines, complete: true, interrupted: false });
  });

  it('reads one IP version alone', async () => {
    const { visit, flows } = describeAll();
    await parseNfConntrack(cut(text, []), visit, { family: 6 });
    expect(flows.map(({ text }) => text.slice(0, 5))).toEqual(['ipv6 ', 'ipv6 ', 'ipv6 ']);
  });

  it('names the line of an error', async () => {
    const damaged = text.replace(/\n/, '\nipv5');
    await expect(parseNfConntrack(cut(damaged, [10, 500]), () => {})).rejects.toThrow(/^Cannot parse line 2: /);
  });

  it.each([
    ['a file that was cut off', 'ipv4     2 udp', 'expected a line end, got the end of the file'],
    ['text without line ends', 'x'.repeat(5000), `expected a line end, got "${'x'.repeat(40)}…"`],
  ])('refuses %s', async (_what, input, problem) => {
    await expect(parseNfConntrack(cut(input, []), () => {})).rejects.toThrow(new ParseError(1, problem));
  });

  it('rejects as the stream does', async () => {
    const stream = createReadStream('/nonexistent/nf_conntrack', { encoding: 'utf8' });
    await expect(parseNfConntrack(stream, () => {})).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

async function* cut(input: string, positions: readonly number[]): AsyncGenerator<string> {
  const ordered = [0, ...positions.toSorted((a, b) => a - b), input.length];
  for (const [index, start] of ordered.slice(0, -1).entries()) yield input.slice(start, ordered[index + 1]);
}
