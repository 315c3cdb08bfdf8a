import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diagnose } from '../../../src/diagnosis/diagnose.ts';
import { isNone, type Remedy } from '../../../src/diagnosis/remedy.ts';
import type { Sample } from '../../../src/scrape/metric.ts';
import { remedyOf, samplesOf } from '../samples.ts';
import { createHop, type Hop, neededByHop, serverPort } from './hop.ts';

const holdingPort = 9090;
const server = '198.51.100.10';
const undoOf = ({ undo }: Remedy) => (isNone(undo) ? [] : undo);
const at = (seconds: number) =>
  `lvs_exporter_collector_last_success_timestamp_seconds{collector="conntrack"} ${seconds}`;
const labels = (port: number) => `protocol="tcp",address="${server}",port="${port}",zone="0"`;

/** Keeps every connection, and sends back what it gets; it ends by itself if the suite is ended. */
const holding = `require("net").createServer((s) => s.on("error", () => {}).pipe(s)).listen(${holdingPort}); setTimeout(() => process.exit(), 600000)`;

/** Sends 1, and 2 when a file demands it; writes down what comes back. */
const chat = `
  const fs = require("fs"), folder = process.argv[1];
  const socket = require("net").connect(${holdingPort}, "${server}", () => socket.write("1"));
  socket.on("data", (data) => fs.appendFileSync(folder + "/said", data)).on("error", () => {});
  const again = setInterval(() => {
    if (!fs.existsSync(folder + "/again")) return;
    clearInterval(again);
    socket.write("2");
  }, 20);
  setInterval(() => fs.existsSync(folder + "/end") && process.exit(), 20);
  setTimeout(() => process.exit(), 60000);`;

/** How many of so many connections to the server can be open at a time. */
const opener = `
  const net = require("net"), all = Array.from({ length: 12 }, () => new Promise((done) => {
    const socket = net.connect(${holdingPort}, "${server}", () => done(1)).on("error", () => done(0));
  }));
  Promise.all(all).then((open) => { console.log(open.reduce((sum, one) => sum + one)); process.exit(); });`;

describe('remedies of what fails while the table has room', neededByHop, () => {
  let hop: Hop;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lvs-test-settings-'));
    hop = await createHop('settings', 'ipv4');
    hop.run('server', `${process.execPath} -e '${holding}' >/dev/null 2>&1 & echo $! >${folder}/server`);
    const open = () => Number(hop.run('hop', `${process.execPath} -e '${opener}'`));
    for (let tries = 1; open() < 12; tries++) if (tries === 60) throw new Error('The service did not start');
  });
  afterAll(() => {
    hop.run('server', `kill $(cat ${folder}/server)`);
    hop.end();
    rmSync(folder, { recursive: true });
  });

  /** A connection whose entry is gone when it sends for the second time. */
  async function interrupt(see: (said: () => string) => Promise<void>): Promise<void> {
    const own = mkdtempSync(join(folder, 'chat-'));
    const said = () => (existsSync(join(own, 'said')) ? readFileSync(join(own, 'said'), 'utf8') : '');
    hop.run('client', `${process.execPath} -e '${chat}' ${own} >/dev/null 2>&1 &`);
    await expect.poll(said).toBe('1');
    hop.run('hop', 'conntrack -F 2>/dev/null');
    writeFileSync(join(own, 'again'), '');
    await see(said);
    writeFileSync(join(own, 'end'), '');
  }

  it('pick-up-connections lets open connections go on after their entries are gone', async () => {
    hop.run(
      'hop',
      'nft insert rule inet t f ct state invalid counter drop; sysctl -qw net.netfilter.nf_conntrack_tcp_loose=0',
    );
    const dropped = () => Number(/packets (\d+)/.exec(hop.run('hop', 'nft list chain inet t f'))?.[1]);
    const seen = (seconds: number, invalid: number): Sample[] =>
      samplesOf(`${at(seconds)}
        conntrack_invalid_total{cpu="0"} ${invalid}
        conntrack_setting{name="tcp_loose"} 0
        firewall_forward_drops_invalid_info{tool="nft",chain="inet t f"} 1`);
    const [finding] = diagnose(seen(1010, 900), seen(1000, 0));
    const remedy = remedyOf(finding, 'pick-up-connections');
    expect(remedyOf(finding, 'look-at-invalid').commands).toHaveLength(1);
    await interrupt(async (said) => {
      await expect.poll(dropped).toBeGreaterThan(0);
      expect(said()).toBe('1');
    });
    hop.type(remedy.commands);
    await interrupt(async (said) => {
      await expect.poll(said).toBe('12');
    });
    hop.type(undoOf(remedy));
    expect(hop.run('hop', 'sysctl -n net.netfilter.nf_conntrack_tcp_loose').trim()).toBe('0');
    hop.run('hop', 'nft flush chain inet t f; nft add rule inet t f ct state established accept');
  });

  it('no-pick-up keeps a flood of ACKs out of the table', () => {
    hop.run('hop', 'sysctl -qw net.netfilter.nf_conntrack_tcp_loose=1');
    hop.run(
      'client',
      "nft 'add table ip flood; add chain ip flood out { type filter hook postrouting priority 300; }'",
    );
    hop.run('client', "nft 'add rule ip flood out tcp dport 9999 tcp flags syn tcp flags set ack'");
    const entries = () => {
      hop.run('hop', 'conntrack -F 2>/dev/null');
      hop.request(server, 9999, 20);
      return hop.list('-p tcp --dport 9999').length;
    };
    const [finding] = diagnose(
      samplesOf(`conntrack_entries 900
        conntrack_entries_limit 1000
        conntrack_setting{name="tcp_loose"} 1
        conntrack_destination_entries{${labels(9999)}} 900
        conntrack_destination_unreplied_entries{${labels(9999)}} 900
        conntrack_destination_state_entries{${labels(9999)},state="ESTABLISHED"} 900
        conntrack_destination_verdict{${labels(9999)},verdict="unanswered"} 1`),
    );
    const remedy = remedyOf(finding, 'no-pick-up');
    hop.run(
      'server',
      'nft "add table ip s; add chain ip s i { type filter hook input priority 0; }; add rule ip s i tcp dport 9999 drop"',
    );
    expect(entries()).toBe(20);
    hop.type(remedy.commands);
    expect(entries()).toBe(0);
    expect(hop.request(server, serverPort, 9)).toBe(9);
    hop.type(undoOf(remedy));
    expect(entries()).toBe(20);
  });

  it('more-local-ports lets this host open more connections to one server', () => {
    const open = () => Number(hop.run('hop', `${process.execPath} -e '${opener}'`));
    hop.run('hop', 'sysctl -qw net.ipv4.ip_local_port_range="41000 41009"');
    const [finding] = diagnose(
      samplesOf(`conntrack_entries 10
        network_local_port{bound="first"} 41000
        network_local_port{bound="last"} 41009
        prerequisites_own_address_info{address="198.51.100.1"} 1
        conntrack_destination_entries{${labels(holdingPort)}} 10
        conntrack_destination_state_entries{${labels(holdingPort)},state="ESTABLISHED"} 10
        conntrack_source_entries{address="198.51.100.1",zone="0"} 10
        conntrack_source_destinations{address="198.51.100.1",zone="0"} 1`),
    );
    const remedy = remedyOf(finding, 'more-local-ports');
    expect(open()).toBeLessThan(12);
    hop.type(remedy.commands);
    expect(open()).toBe(12);
    hop.type([...remedyOf(finding, 'look-at-port-users').commands, ...undoOf(remedy)]);
    expect(open()).toBeLessThan(12);
  });
});
