import { constants } from 'node:os';
import { describe, expect, it } from 'vitest';
import { inThread, inTurns } from '../../src/netlink/caller.ts';
import { findFamily, NETLINK_GENERIC } from '../../src/netlink/generic.ts';
import { type Call, loadLibc } from '../../src/netlink/libc.ts';
import { withSocket } from '../../src/netlink/socket.ts';
import { needs } from '../needs.ts';

const nothing = new Uint8Array();
const noDescriptor = -1;

describe('inTurns()', () => {
  it('reads what a call in another thread reads', needs('Linux'), async () => {
    const find = (name: string) =>
      withSocket(NETLINK_GENERIC, undefined, (socket) => findFamily(socket, name, 2), inTurns);
    expect(await find('nlctrl')).toEqual({ id: 16, name: 'nlctrl', version: 2 });
    await expect(find('NONE')).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('lets the event loop turn while calls go on', needs('Linux'), async () => {
    const call = inTurns(await loadLibc());
    const { send } = await loadLibc();
    let hasTurned = false;
    setImmediate(() => {
      hasTurned = true;
    });
    while (!hasTurned) await call(send, noDescriptor, nothing, 0, 0);
    expect(hasTurned).toBe(true);
  });

  it('makes the call after a slow one in another thread, and the next one in this thread again', async () => {
    const made: string[] = [];
    let clock = 0;
    const slow: Call<[milliseconds: number]> = Object.assign(
      (milliseconds: number) => {
        clock += milliseconds;
        made.push('here');
        return 0;
      },
      {
        async: (_: number, done: (error: unknown, result: number) => void) => {
          made.push('there');
          done(null, 0);
        },
      },
    );
    const call = inTurns({ errno: () => 0 }, () => clock);
    for (const milliseconds of [0, 30, 0, 0]) await call(slow, milliseconds);
    expect(made).toEqual(['here', 'here', 'there', 'here']);
  });
});

describe.each([inThread, inTurns])('%o', (createCaller) => {
  it('resolves to the negative error number of a call that fails', needs('Linux'), async () => {
    const libc = await loadLibc();
    const call = createCaller(libc);
    expect(await call(libc.send, noDescriptor, nothing, 0, 0)).toBe(-constants.errno.EBADF);
  });
});
