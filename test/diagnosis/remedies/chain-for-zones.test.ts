import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diagnose } from '../../../src/diagnosis/diagnose.ts';
import { isNone } from '../../../src/diagnosis/remedy.ts';
import { readIptablesTables } from '../../../src/parsers/firewall/iptables-tables.ts';
import { readNftTables } from '../../../src/parsers/firewall/nft-tables.ts';
import { parseIptablesZones, parseNftZones } from '../../../src/parsers/firewall/one-way-zones.ts';
import { remedyOf, samplesOf } from '../samples.ts';
import { createHop, type Hop, neededByHop } from './hop.ts';

const flows = 20;
const port = 1812;

/** Answers datagrams; it ends by itself if the suite is ended. */
const service = `const socket = require("dgram").createSocket("udp6"); socket.on("message", (m, from) => socket.send(m, from.port, from.address)).bind(${port}); setTimeout(() => socket.close(), 600000)`;

/** Sends two datagrams of each flow, which the hop takes as of two zones, and prints how many had a reply within a second. */
const requester = `
const [address, family] = process.argv.slice(1);
let replies = 0;
const sockets = Array.from({ length: ${flows} }, () => require("dgram").createSocket(family).on("message", () => replies++));
for (const socket of sockets) for (let n = 0; n < 2; n++) socket.send("x", ${port}, address);
setTimeout(() => { console.log(replies); process.exit(); }, 1000);
`;

/** Ten seconds in which connections were lost. */
const lost = (count: number) =>
  samplesOf(
    `conntrack_entries 90\nconntrack_entries_limit 100000\nconntrack_insert_failed_total{cpu="0"} ${count}\nconntrack_drop_total{cpu="0"} ${count}`,
  );

const rules = {
  'nft ipv4': [
    `nft 'add table ip z; add chain ip z pre { type filter hook prerouting priority raw; }'`,
    'nft add rule ip z pre iifname near ip dscp cs1 ct original zone set 10',
    'nft add rule ip z pre iifname near ip dscp cs0 ct original zone set 20',
  ],
  'nft ipv6': [
    `nft 'add table inet z; add chain inet z pre { type filter hook prerouting priority raw; }'`,
    'nft add rule inet z pre iifname near ip6 dscp cs1 ct original zone set 10',
    'nft add rule inet z pre iifname near ip6 dscp cs0 ct original zone set 20',
  ],
  'iptables ipv4': [10, 20].map(
    (zone) =>
      `iptables -t raw -A PREROUTING -i near -m dscp --dscp-class ${zone === 10 ? 'CS1' : 'CS0'} -j CT --zone-orig ${zone}`,
  ),
} as const;

describe.each([
  ['nft', 'ipv4'],
  ['nft', 'ipv6'],
  ['iptables', 'ipv4'],
] as const)('two zones of one direction by %s with the same addresses and ports of %s', neededByHop, (tool, family) => {
  let hop: Hop;
  let echo: string;
  const ip = family === 'ipv6' ? 'ip6' : 'ip';
  beforeAll(async () => {
    hop = await createHop('zones', family);
    hop.type(rules[`${tool} ${family}` as keyof typeof rules]);
    hop.run(
      'client',
      `nft 'add table ${ip} d; add chain ${ip} d out { type filter hook output priority 0; }'; nft add rule ${ip} d out udp dport ${port} numgen inc mod 2 0 ${ip} dscp set cs1`,
    );
    echo = hop.run('server', `${process.execPath} -e '${service}' >/dev/null 2>&1 & echo $!`).trim();
    for (let tries = 0; tries < 30 && replied() === 0; tries++);
  });
  afterAll(() => {
    process.kill(Number(echo));
    hop.end();
  });

  const find = async () => {
    const firewall = await hop.readFirewall();
    return diagnose([...lost(1100), ...firewall], [...lost(100), ...firewall])[0];
  };
  const replied = () => {
    hop.run('hop', 'conntrack -F 2>/dev/null');
    return Number(
      hop.run('client', `${process.execPath} -e '${requester}' ${hop.addresses.server} udp${family.slice(-1)}`),
    );
  };

  it('lose half of the datagrams, and none with the remedy', async () => {
    expect(replied()).toBe(flows);
    const finding = await find();
    expect(finding).toMatchObject({
      id: 'conntrack-insert-failing',
      details: { zonesWithoutNat: expect.arrayContaining([family]) },
    });
    expect(finding?.remedies.map(({ id }) => id)).toEqual(['chain-for-zones']);
    const remedy = remedyOf(finding, 'chain-for-zones');
    hop.type(remedy.commands);
    expect(replied()).toBe(2 * flows);
    expect((await find())?.details).toMatchObject({ zonesWithoutNat: [] });
    if (isNone(remedy.undo)) throw new Error('Expected an undo');
    hop.type(remedy.undo);
    expect(replied()).toBe(flows);
  });
});

it('zones of both directions, or a chain of NAT of the family, are no reason', () => {
  const saved = '*raw\n-A PREROUTING -i a -j CT --zone 1\nCOMMIT\n*nat\nCOMMIT\n';
  expect(parseIptablesZones(readIptablesTables(saved, 'ip6tables'))).toEqual({
    oneWay: [],
    nat: ['ipv6'],
  });
  const chain = { chain: { family: 'inet', table: 'n', name: 'p', handle: 1, type: 'nat', hook: 'postrouting' } };
  const zone = { mangle: { key: { ct: { key: 'zone' } }, value: 1 } };
  const rule = { rule: { family: 'ip', table: 'z', chain: 'p', handle: 2, expr: [zone] } };
  expect(parseNftZones(readNftTables(JSON.stringify({ nftables: [chain, rule] })))).toEqual({
    oneWay: [],
    nat: ['ipv4', 'ipv6'],
  });
});
