import { closeSync, openSync, statfsSync } from 'node:fs';
import { constants } from 'node:os';
import { abort } from 'node:process';
import type { Libc } from './libc.ts';
import { systemError } from './system-error.ts';

const CLONE_NEWNET = 0x4000_0000;

/**
 * Calls `use` with this thread in another network namespace and comes back. A socket belongs to the namespace it was
 * made in for as long as it lives, so `use` has only to make it. It must not wait for anything.
 *
 * Meanwhile another thread that opens a file below /proc/net, which is /proc/self/net, sees the namespace of the main
 * thread, which is the other one. Below /proc/thread-self/net each thread sees its own.
 *
 * @param path a file that stands for the namespace: `/run/netns/qrouter-1`, `/proc/1/ns/net`.
 * @throws EINVAL if the file is not a namespace, the system error of opening the file, and EPERM without CAP_SYS_ADMIN in both namespaces. The thread is in
 *   its own namespace then, as it always is afterwards.
 */
export function inNamespace<T>(libc: Libc, path: string, use: () => T): T {
  checkNamespace(path);
  const target = openSync(path, 'r');
  try {
    const home = openSync('/proc/thread-self/ns/net', 'r');
    try {
      return visit(libc, target, home, use);
    } finally {
      closeSync(home);
    }
  } finally {
    closeSync(target);
  }
}

/** NSFS_MAGIC of include/uapi/linux/magic.h. */
const nsfs = 0x6e73_6673;

/** Before it is opened: opening a pipe would stop this thread for as long as nothing writes to it. */
function checkNamespace(path: string): void {
  if (statfsSync(path).type !== nsfs) throw systemError('setns', constants.errno.EINVAL, `${path} is not a namespace`);
}

function visit<T>(libc: Libc, target: number, home: number, use: () => T): T {
  // Entering the namespace that the thread is in changes nothing and asks for the same right as the way back.
  enter(libc, home);
  enter(libc, target);
  try {
    return use();
  } finally {
    comeBack(libc, home);
  }
}

const maxAttempts = 10;

/** ENOMEM may pass. To go on in a foreign namespace would be to report a foreign machine. */
function comeBack(libc: Libc, home: number): void {
  for (let attempt = 0; attempt < maxAttempts; attempt++) if (libc.setns(home, CLONE_NEWNET) === 0) return;
  abort();
}

function enter(libc: Libc, namespace: number): void {
  if (libc.setns(namespace, CLONE_NEWNET) !== 0) throw systemError('setns', libc.errno());
}
