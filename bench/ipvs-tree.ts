import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A /proc with an IPVS table, in the form in which the kernel writes it. Returns its path. */
export function makeTree(services: number, realServers: number): string {
  const root = mkdtempSync(join(tmpdir(), 'lvs-bench-ipvs-'));
  mkdirSync(join(root, 'net'));
  mkdirSync(join(root, 'sys/net/ipv4/vs'), { recursive: true });
  writeFileSync(join(root, 'net/ip_vs'), makeTable(services, realServers));
  writeFileSync(join(root, 'net/ip_vs_stats'), stats);
  writeFileSync(join(root, 'net/ip_vs_stats_percpu'), statsPerCpu);
  for (const name of settings) writeFileSync(join(root, 'sys/net/ipv4/vs', name), '0\n');
  return root;
}

const stats = `   Total Incoming Outgoing         Incoming         Outgoing
   Conns  Packets  Packets            Bytes            Bytes
  3F2A1C  9C2AF01        0        1D2C4A5F0                0

 Conns/s   Pkts/s   Pkts/s          Bytes/s          Bytes/s
      2A      3E8        0            1D4C0                0
`;

const statsPerCpu = `       Total Incoming Outgoing         Incoming         Outgoing
CPU    Conns  Packets  Packets            Bytes            Bytes
  0   1F9515  4E15780        0         E96252F8                0
  1   1F9507  4E15781        0         E96252F8                0
  ~   3F2A1C  9C2AF01        0        1D2C4A5F0                0

     Conns/s   Pkts/s   Pkts/s          Bytes/s          Bytes/s
          2A      3E8        0            1D4C0                0
`;

/** As many as Linux 6.1 has. */
const settings = Array.from({ length: 28 }, (_, index) => `setting_${index}`);

function makeTable(services: number, realServers: number): string {
  const rows = [
    'IP Virtual Server version 1.2.1 (size=4096)',
    'Prot LocalAddress:Port Scheduler Flags',
    '  -> RemoteAddress:Port Forward Weight ActiveConn InActConn',
  ];
  for (let service = 0; service < services; service++) {
    rows.push(`TCP  ${hex(0x0a60_0000 + service, 8)}:0050 wrr  `);
    for (let real = 0; real < realServers; real++) {
      const address = hex(0x0ac8_0000 + ((service * 7 + real) % 0xffff), 8);
      const counts = [real % 5, (service * 31 + real) % 900, (service * 17 + real * 3) % 12_000];
      const [weight, active, inactive] = counts.map(String);
      rows.push(`  -> ${address}:1F90      Route   ${weight?.padEnd(6)} ${active?.padEnd(10)} ${inactive?.padEnd(10)}`);
    }
  }
  return `${rows.join('\n')}\n`;
}

function hex(value: number, digits: number): string {
  return value.toString(16).toUpperCase().padStart(digits, '0');
}
