import { execFile } from 'node:child_process';
import { hasCode } from './errors.ts';

const maxMs = 10_000;
const maxBytes = 64 * 1024 * 1024;

/**
 * What a command prints that only shows something. Undefined where it is not installed, where the kernel does not have
 * what it shows, and for a network namespace that is gone. Rejects with the command's error output if it fails. A command
 * that hangs is ended.
 */
export function showCommand(
  [command, ...args]: readonly [string, ...string[]],
  timeoutMs = maxMs,
): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const options = { timeout: timeoutMs, killSignal: 'SIGKILL', maxBuffer: maxBytes } as const;
    execFile(command, args, options, (error, stdout, stderr) => {
      if (error === null) return resolve(stdout);
      if (hasCode(error, 'ENOENT') || /invalid argument|not supported|^nsenter: .*no such file/im.test(stderr))
        return resolve(undefined);
      const [output = ''] = stderr.trim().split('\n');
      const reason = error.killed && output === '' ? `no answer within ${timeoutMs / 1000} s` : output || error.message;
      const denied = /permission denied|not permitted|must be root/i.test(stderr);
      reject(Object.assign(new Error(`${command}: ${reason}`), denied ? { code: 'EPERM' } : {}));
    });
  });
}
