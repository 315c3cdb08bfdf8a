/**
 * Prints every message of the answers to what readAddresses() and readNeighbours() ask, as the running kernel gives them, beside what
 * `ip` reports: test/fixtures/addresses. Run as `npx tsx test/netlink/record-addresses.ts [NAMESPACE]`
 */
import { release } from 'node:os';
import { exchange } from '../../src/netlink/exchange.ts';
import { NLM_F_DUMP } from '../../src/netlink/messages.ts';
import { withSocket } from '../../src/netlink/socket.ts';

const [, , namespace] = process.argv;

process.stdout.write(`# Linux ${release()}, test/netlink/record-addresses.ts: what follows struct nlmsghdr\n`);
await withSocket(0, namespace, async (socket) => {
  for (const [name, type, length] of [
    ['address', 22, 8],
    ['link', 18, 16],
    ['neighbour', 30, 12],
  ] as const) {
    await exchange(socket, {
      operation: name,
      type,
      answerType: type - 2,
      flags: NLM_F_DUMP,
      payload: new Uint8Array(length),
      visit(bytes, start, stop) {
        process.stdout.write(`${name} ${Buffer.from(bytes.buffer, start, stop - start).toString('hex')}\n`);
        return true;
      },
    });
  }
});
