import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Namespace } from '../netlink/namespace.ts';

/** Adds flows as `conntrack -R` has them: `-p tcp -s 192.0.2.1 ...`. */
export function restore(namespace: Namespace, flows: readonly string[]): void {
  const folder = mkdtempSync(join(tmpdir(), 'lvs-test-flows-'));
  try {
    writeFileSync(join(folder, 'flows'), flows.map((flow) => `-A ${flow}\n`).join(''));
    namespace.run('conntrack', '-R', join(folder, 'flows'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
