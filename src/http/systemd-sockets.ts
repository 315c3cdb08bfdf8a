import type { InheritedSocket } from './listen-address.ts';

/** sd_listen_fds(3): the first file descriptor that systemd hands over. */
const firstDescriptor = 3;

/** The sockets that systemd made for this process. Throws when there are none. */
export function systemdSockets(
  { LISTEN_PID: owner, LISTEN_FDS: count }: NodeJS.ProcessEnv,
  pid: number,
): InheritedSocket[] {
  const sockets = owner === String(pid) ? Number(count) : 0;
  if (!(sockets > 0)) {
    throw new Error(
      'Cannot listen: systemd handed over no socket; start it by its .socket unit, or leave out --web.systemd-socket',
    );
  }
  return Array.from({ length: sockets }, (_, n) => ({ fd: firstDescriptor + n }));
}
