/**
 * Records test/fixtures/nf_conntrack/ from the running kernel: every message of a ctnetlink dump, and /proc's text of
 * the same flows. Run as root: `npx tsx test/netlink/record.ts`
 */
import { writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { exchange } from '../../src/netlink/exchange.ts';
import { NLM_F_DUMP } from '../../src/netlink/messages.ts';
import { withSocket } from '../../src/netlink/socket.ts';
import { createNamespace, fill } from './namespace.ts';

const directory = new URL('../fixtures/nf_conntrack/', import.meta.url);
const namespace = createNamespace('record');
try {
  fill(namespace);
  const messages: string[] = [];
  await withSocket(12, namespace.path, (socket) =>
    exchange(socket, {
      operation: 'record',
      type: 0x101,
      answerType: 0x100,
      flags: NLM_F_DUMP,
      payload: new Uint8Array(4),
      visit(bytes, start, stop) {
        messages.push(Buffer.from(bytes.buffer, start, stop - start).toString('hex'));
        return true;
      },
    }),
  );
  const origin = `# Linux ${release()}, test/netlink/record.ts: what follows struct nlmsghdr, a message a line\n`;
  writeFileSync(new URL('ctnetlink.hex', directory), `${origin}${messages.join('\n')}\n`);
  writeFileSync(new URL('proc', directory), namespace.run('cat', '/proc/net/nf_conntrack'));
} finally {
  namespace.remove();
}
