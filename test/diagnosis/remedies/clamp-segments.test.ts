import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diagnose } from '../../../src/diagnosis/diagnose.ts';
import { isNone } from '../../../src/diagnosis/remedy.ts';
import { needs } from '../../needs.ts';
import { remedyOf, samplesOf } from '../samples.ts';
import { createHop, type Hop, hopNeeds } from './hop.ts';

const pagePort = 8081;
const pageBytes = 100_000;
/** It ends by itself if the suite is ended. */
const page = `require("net").createServer((s) => s.on("error", () => {}).end("x".repeat(${pageBytes}))).listen(${pagePort}, "::"); setTimeout(() => process.exit(), 600000)`;

/** How much of the page arrives before the connection has been silent for a second. */
const reader = `
  let length = 0;
  const socket = require("net").connect(${pagePort}, process.argv[1]);
  const end = () => { socket.destroy(); console.log(length); process.exit(); };
  socket.setTimeout(1000, end).on("data", (data) => { length += data.length; }).on("end", end).on("error", end);`;

const seen = (seconds: number, packets: number) =>
  samplesOf(`lvs_exporter_collector_last_success_timestamp_seconds{collector="network"} ${seconds}
    prerequisites_tool_installed{tool="iptables"} 1
    prerequisites_tool_installed{tool="ip6tables"} 1
    prerequisites_tool_installed{tool="nft"} 1
    network_packets_too_long_total ${packets}`);

/** The server never gets the message that asks for shorter packets, as behind a firewall that drops ICMP. */
describe.each(['ipv4', 'ipv6'] as const)(
  'remedies of packets that are too long, %s',
  needs(...hopNeeds, 'TCPMSS'),
  (family) => {
    let hop: Hop;
    let folder: string;
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'lvs-test-clamp-'));
      hop = await createHop(`clamp-${family}`, family);
      hop.run('hop', 'ip link set near mtu 1400');
      hop.run(
        'server',
        `nft 'add table inet deaf; add chain inet deaf in { type filter hook input priority 0; }'
      nft 'add rule inet deaf in icmp type destination-unreachable drop; add rule inet deaf in icmpv6 type packet-too-big drop'
      ${process.execPath} -e '${page}' >/dev/null 2>&1 & echo $! >${folder}/page`,
      );
    });
    afterAll(() => {
      hop.run('server', `kill $(cat ${folder}/page)`);
      hop.end();
      rmSync(folder, { recursive: true });
    });

    const read = () => Number(hop.run('client', `${process.execPath} -e '${reader}' ${hop.addresses.server}`));

    it.each(['clamp-segments', 'clamp-segments-nftables'] as const)('%s lets a long page arrive', async (id) => {
      const remedy = remedyOf(diagnose(seen(1010, 900), seen(1000, 0))[0], id);
      await expect.poll(read).toBeLessThan(pageBytes);
      hop.type(remedy.commands);
      expect(read()).toBe(pageBytes);
      expect(isNone(remedy.persistent)).toBe(false);
      hop.type(isNone(remedy.undo) ? [] : remedy.undo);
      expect(read()).toBeLessThan(pageBytes);
    });
  },
);
