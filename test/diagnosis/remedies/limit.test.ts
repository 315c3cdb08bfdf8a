import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diagnose } from '../../../src/diagnosis/diagnose.ts';
import { isNone } from '../../../src/diagnosis/remedy.ts';
import { remedyOf, samplesOf } from '../samples.ts';
import { createHop, type Hop, neededByHop, serverPort } from './hop.ts';

const sent = 300;
/** Half of the table. */
const limit = 100;

/** Sends from ports that are all different, which the kernel does not choose by itself. */
const sender = `
const [address, count] = process.argv.slice(1);
for (let n = 0; n < Number(count); n++) {
  const socket = require("dgram").createSocket(address.includes(":") ? "udp6" : "udp4");
  socket.bind(20000 + n, () => socket.send("x", 9, address, () => socket.close()));
}`;

describe.each(['ipv4', 'ipv6'] as const)('a limit for a destination of %s', neededByHop, (family) => {
  let hop: Hop;
  beforeAll(async () => {
    hop = await createHop('limit', family);
    const program = family === 'ipv6' ? 'ip6tables' : 'iptables';
    hop.run('server', `${program} -A INPUT -p udp --dport 9 -j DROP`);
  });
  afterAll(() => hop.end());

  const seeAllReplied = () => expect.poll(() => hop.request(hop.addresses.server, serverPort, 9)).toBe(9);

  /** One-way flows, which nothing answers. */
  function flood(): number {
    hop.run('hop', 'conntrack -F 2>/dev/null');
    hop.run('client', `${process.execPath} -e '${sender}' ${hop.addresses.server} ${sent}`);
    return hop.list('-p udp').length;
  }

  function find(protocol: string, port: number, id: 'limit-destination-iptables' | 'limit-destination-nftables') {
    const labels = `protocol="${protocol}",address="${hop.addresses.server}",port="${port}",zone="0"`;
    const [finding] = diagnose(
      samplesOf(`conntrack_entries 190
        conntrack_entries_limit ${2 * limit}
        conntrack_buckets 256
        conntrack_destination_entries{${labels}} 180
        conntrack_destination_unreplied_entries{${labels}} 180
        conntrack_destination_verdict{${labels},verdict="unanswered"} 1`),
    );
    return remedyOf(finding, id);
  }

  it.each(['limit-destination-iptables', 'limit-destination-nftables'] as const)('%s', async (id) => {
    const remedy = find('udp', 9, id);
    expect(flood()).toBe(sent);
    hop.type(remedy.commands);
    expect(flood()).toBe(limit);
    await seeAllReplied();
    hop.type(remedy.verify);
    hop.type(isNone(remedy.undo) ? [] : remedy.undo);
    expect(flood()).toBe(sent);
  });

  it.each(['limit-destination-iptables', 'limit-destination-nftables'] as const)(
    '%s of a service in use',
    async (id) => {
      const remedy = find('tcp', serverPort, id);
      hop.type(remedy.commands);
      await seeAllReplied();
      hop.type(isNone(remedy.undo) ? [] : remedy.undo);
    },
  );

  it.each(['limit-source-iptables', 'limit-source-nftables'] as const)('%s', async (id) => {
    const labels = `address="${hop.addresses.client}",zone="0"`;
    const [finding] = diagnose(
      samplesOf(`conntrack_entries 290
        conntrack_entries_limit ${10 * limit}
        prerequisites_own_address_info{address="127.0.0.1"} 1
        conntrack_source_entries{${labels}} 280
        conntrack_source_unreplied_entries{${labels}} 280
        conntrack_source_verdict{${labels},verdict="scan"} 1`),
    );
    const remedy = remedyOf(finding, id);
    expect(flood()).toBe(sent);
    hop.type(remedy.commands);
    expect(flood()).toBe(limit);
    // The kernel drops flushed entries from its count a few at a time, with each new flow.
    hop.run('hop', 'conntrack -F 2>/dev/null');
    await seeAllReplied();
    hop.type(remedy.verify);
    hop.type(isNone(remedy.undo) ? [] : remedy.undo);
    expect(flood()).toBe(sent);
  });
});

it('a limit for a source is not offered for an address of this host', () => {
  const labels = 'address="192.0.2.1",zone="0"';
  const [finding] = diagnose(
    samplesOf(`conntrack_entries 290
      conntrack_entries_limit 1000
      prerequisites_own_address_info{address="192.0.2.1"} 1
      conntrack_source_entries{${labels}} 280
      conntrack_source_unreplied_entries{${labels}} 280
      conntrack_source_verdict{${labels},verdict="scan"} 1`),
  );
  expect(finding?.remedies.map(({ id }) => id)).toEqual(['look-at-source']);
});
