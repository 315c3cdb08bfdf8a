import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readRegularFile } from '../../../src/host/regular-file.ts';
import { openServiceNames } from '../../../src/host/service-names.ts';
import { readTrustedFile } from '../../../src/host/trusted-file.ts';
import { openWebConfig } from '../../../src/http/web-config/store.ts';
import { endAttack } from '../end-attack.ts';

let folder: string;
let file: string;
let changes: ChildProcess;

const text = '10.0.0.100:80: shop\n';
const other = '10.0.0.100:80: other\n';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-changing-'));
  file = join(folder, 'file');
});

afterEach(async () => {
  try {
    await endAttack(changes);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/** Something else is in place of the file all the time: another text, a shorter one, a FIFO, a link, a folder, nothing. */
function change(): void {
  const replace = (command: string) => `rm -rf file; ${command}; `;
  const round = [
    `printf %s '${text}' >file; printf %s '${other}' >file; : >file; printf %s '${text}' >file; `,
    ...['mkfifo file', 'ln -s file file', 'ln -s /dev/zero file', 'mkdir file', 'truncate -s 1G file', 'true'].map(
      replace,
    ),
  ].join('');
  writeFileSync(file, text);
  // It ends by itself, too, a while after the folder is gone.
  const loop = `for n in $(seq 10000); do ${round} done 2>/dev/null`;
  changes = spawn('sh', ['-c', loop], { cwd: folder, stdio: 'ignore' });
}

const times = 400;

describe('a file that is replaced and rewritten all the time is read or refused at once:', () => {
  it('one of the kernel', async () => {
    change();
    const seen = new Set<string>();
    for (let n = 0; n < times; n++) seen.add(await readRegularFile(file, 4096).catch(({ code }) => code));
    expect([...seen].filter((one) => !one.includes('10.0.0.100'))).not.toContain(undefined);
    for (const one of seen)
      expect(text.startsWith(one) || other.startsWith(one) || /^E[A-Z]+$/.test(one), one).toBe(true);
  });

  it('one beside the dumps of keepalived', async () => {
    change();
    const trust = { owners: [process.getuid?.() ?? 0], maxBytes: 4096 };
    for (let n = 0; n < times; n++) {
      const read = await readTrustedFile(file, trust).catch(({ code }) => code);
      expect(text.startsWith(read) || other.startsWith(read) || /^E[A-Z]+$/.test(read), read).toBe(true);
    }
  });

  it('the names of virtual servers', () => {
    change();
    const names = openServiceNames(file);
    const service = { protocol: 'tcp', address: '10.0.0.100', port: '80', fwmark: '' };
    for (let n = 0; n < times; n++) {
      const { find, problem } = names();
      expect(['shop', 'other', undefined]).toContain(find(service));
      if (problem) expect(problem.message).toContain(file);
    }
  });

  it('the web configuration', () => {
    change();
    const store = openWebConfig(file);
    for (let n = 0; n < times; n++) {
      try {
        // Where it is empty.
        store.current();
        expect(store.rules().users.size).toBe(0);
      } catch (error) {
        expect(String(error)).toContain(file);
      }
    }
  });
});
