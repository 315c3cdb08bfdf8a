/** Whether this machine does not have a source. Every other failure means that it is broken. */
export function isAbsent(error: unknown): boolean {
  return hasCode(error, 'ENOENT');
}

/** Whether an error is a system error with one of these codes. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}

/** Whether a system call failed. Node's own mistakes of use have codes that begin with ERR_. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && !String(error.code).startsWith('ERR_');
}

/** The errors with which netlink, or what is asked for over it, is not available here. */
export const netlinkUnavailable = {
  EPERM: 'no CAP_NET_ADMIN, or a seccomp filter',
  EACCES: 'a security module refuses the socket',
  EAFNOSUPPORT: 'RestrictAddressFamilies= of systemd, or a sandbox without netlink',
  EPROTONOSUPPORT: 'the kernel was built without this netlink protocol',
  ESOCKTNOSUPPORT: 'a sandbox whose netlink has no raw sockets',
  ECONNREFUSED: 'no part of the kernel listens on this netlink protocol in the network namespace',
  EINVAL: 'nfnetlink without ctnetlink: nfnetlink_rcv_msg() finds no subsystem',
  // As Node.js names EOPNOTSUPP.
  ENOTSUP: 'generic netlink without this command',
  ENOENT: 'no generic netlink family of this name',
  ENOSYS: 'a platform that koffi has no binary for, or a seccomp filter',
} as const;

/** Whether netlink is not available here: what no file has is then left out, and nothing fails. */
export function isNetlinkUnavailable(error: unknown): boolean {
  return hasCode(error, ...Object.keys(netlinkUnavailable));
}

/** What `read` gives, or undefined where the machine does not have the source. Every other failure stays one. */
export function ifPresent<T>(read: Promise<T>): Promise<T | undefined> {
  return unless(isAbsent, read);
}

/** What `ask` gives, or undefined where netlink is not available. */
export function ifNetlink<T>(ask: Promise<T>): Promise<T | undefined> {
  return unless(isNetlinkUnavailable, ask);
}

async function unless<T>(isExpected: (error: unknown) => boolean, promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (isExpected(error)) return undefined;
    throw error;
  }
}

/** The message of an error. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
