import { readFileSync } from 'node:fs';

const directory = new URL('../fixtures/ip_vs/', import.meta.url);

/** The messages of a kind that the kernel gave: `config`, `daemon`, `service`, `dest`. See the README beside them. */
export function recordedMessages(kind: string): DataView[] {
  const lines = readFileSync(new URL('netlink.hex', directory), 'utf8').split('\n');
  return lines
    .filter((line) => line.startsWith(`${kind} `))
    .map((line) => viewOf(Buffer.from(line.slice(kind.length + 1), 'hex')));
}

/** Text of the same machine, and but for ip_vs_conn_sync of the same moment. */
export function recordedText(name: 'ip_vs' | 'ip_vs_conn_sync' | 'ip_vs_stats_percpu' | 'ipvsadm-stats'): string {
  return readFileSync(new URL(name, directory), 'utf8');
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
