import { expect, it } from 'vitest';
import { showCommand } from '../../src/host/run-command.ts';

it('gives what a command prints', async () => {
  expect(await showCommand(['echo', 'a'])).toBe('a\n');
});

it('gives nothing of one that is not installed, or whose subject the kernel does not have', async () => {
  expect(await showCommand(['lvs-no-such-command'])).toBeUndefined();
  expect(await showCommand(['sh', '-c', 'echo "Operation not supported" >&2; exit 1'])).toBeUndefined();
});

it('rejects with the first line of the output of a command that fails', async () => {
  const failing = ['sh', '-c', 'printf "bad table\\nmore\\n" >&2; exit 3'] as const;
  await expect(showCommand(failing)).rejects.toThrow(/^sh: bad table$/);
});

it('rejects with EPERM when it is not permitted', async () => {
  const denied = ['sh', '-c', 'echo "iptables: Permission denied (you must be root)" >&2; exit 4'] as const;
  await expect(showCommand(denied)).rejects.toMatchObject({ code: 'EPERM' });
});

it('ends one that hangs, even when it does not want to', async () => {
  const stubborn = ['sh', '-c', 'trap "" TERM; exec sleep 60'] as const;
  await expect(showCommand(stubborn, 200)).rejects.toThrow('sh: no answer within 0.2 s');
});
