/**
 * Records the fixtures of a kernel: every message of a ctnetlink dump, and /proc's text of the same flows.
 *
 * record.ts DIRECTORY: of a namespace of its own with a flow of every kind.
 * record.ts DIRECTORY here: of the namespace it runs in, with whatever flows that has.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';
import { exchange } from '../../src/netlink/exchange.ts';
import { NLM_F_DUMP } from '../../src/netlink/messages.ts';
import { withSocket } from '../../src/netlink/socket.ts';
import { createNamespace, fill } from './namespace.ts';

const [directory = '.', here] = process.argv.slice(2);

async function record(namespace: string | undefined, proc: string): Promise<void> {
  const messages: string[] = [];
  const request = {
    operation: 'record',
    type: 0x101,
    answerType: 0x100,
    flags: NLM_F_DUMP,
    payload: new Uint8Array(4),
    visit(bytes: DataView, start: number, stop: number) {
      messages.push(Buffer.from(new Uint8Array(bytes.buffer, start, stop - start)).toString('hex'));
      return true;
    },
  };
  await withSocket(12, namespace, (socket) => exchange(socket, request));
  const origin = `# Linux ${release()}, test/netlink/record.ts: what follows struct nlmsghdr, a message a line\n`;
  writeFileSync(join(directory, 'ctnetlink.hex'), `${origin}${messages.join('\n')}\n`);
  writeFileSync(join(directory, 'proc'), proc);
}

if (here === 'here') {
  await record(undefined, readFileSync('/proc/net/nf_conntrack', 'utf8'));
} else {
  const namespace = createNamespace('record');
  try {
    fill(namespace);
    await record(namespace.path, namespace.run('cat', '/proc/net/nf_conntrack'));
  } finally {
    namespace.remove();
  }
}
