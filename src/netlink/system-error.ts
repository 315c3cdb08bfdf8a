import { getSystemErrorMap } from 'node:util';

/**
 * A failed system call or a refused netlink request, in the form of Node's own system errors: `code` is `EPERM`,
 * `errno` negative as libuv has it, and the message reads `EPERM: operation not permitted, ctnetlink get`.
 *
 * `errno` is given as the kernel counts it, positive. `detail` is what the kernel adds to the number.
 */
export function systemError(syscall: string, errno: number, detail = ''): NodeJS.ErrnoException {
  const [code, meaning] = getSystemErrorMap().get(-errno) ?? [`E${errno}`, 'unknown error'];
  const message = `${code}: ${meaning}, ${syscall}${detail === '' ? '' : `: ${detail}`}`;
  return Object.assign(new Error(message), { code, errno: -errno, syscall });
}
