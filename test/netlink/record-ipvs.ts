/**
 * Prints every message of the answers to what readIpvs() asks, as the running kernel gives them: the file
 * test/fixtures/ip_vs/netlink.hex. Run as root where IPVS has services: `npx tsx test/netlink/record-ipvs.ts`
 */
import { release } from 'node:os';
import { askFamily, findFamily, NETLINK_GENERIC } from '../../src/netlink/generic.ts';
import { encodeServiceName } from '../../src/netlink/ipvs/service.ts';
import { NLM_F_ACK, NLM_F_DUMP } from '../../src/netlink/messages.ts';
import { withSocket } from '../../src/netlink/socket.ts';

process.stdout.write(`# Linux ${release()}, test/netlink/record-ipvs.ts: what follows struct genlmsghdr\n`);
await withSocket(NETLINK_GENERIC, undefined, async (socket) => {
  const family = await findFamily(socket, 'IPVS', 1);
  const print = async (
    operation: string,
    command: number,
    flags: number,
    attributes: Uint8Array = new Uint8Array(),
  ) => {
    const names: Uint8Array[] = [];
    await askFamily(socket, family, {
      ...{ operation, command, flags, attributes },
      visit(bytes, start, stop) {
        process.stdout.write(`${operation} ${Buffer.from(bytes.buffer, start, stop - start).toString('hex')}\n`);
        if (operation === 'service') names.push(encodeServiceName(bytes, start, stop));
      },
    });
    return names;
  };
  await print('config', 13, NLM_F_ACK);
  await print('daemon', 11, NLM_F_DUMP);
  for (const name of await print('service', 4, NLM_F_DUMP)) await print('dest', 8, NLM_F_DUMP, name);
});
