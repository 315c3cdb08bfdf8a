import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  lchownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { replaceFile } from '../../src/cli/write-file.ts';
import { endAttack } from '../attacks/end-attack.ts';
import { needs } from '../needs.ts';

/** The user nobody. */
const stranger = 65_534;

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-exporter-write-'));
  file = join(folder, 'lvs.prom');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('replaceFile()', () => {
  it('makes a file that every user may read, and leaves nothing else', () => {
    const before = process.umask(0o022);
    replaceFile(file, 'first\n');
    process.umask(before);
    expect(readFileSync(file, 'utf8')).toBe('first\n');
    expect((statSync(file).mode & 0o777).toString(8)).toBe('644');
    expect(readdirSync(folder)).toEqual(['lvs.prom']);
  });

  it('puts another file in place of the one that is there', () => {
    writeFileSync(file, 'before');
    const { ino } = statSync(file);
    replaceFile(file, 'after');
    expect(readFileSync(file, 'utf8')).toBe('after');
    expect(statSync(file).ino).not.toBe(ino);
  });

  it('keeps a link, and replaces what it leads to', () => {
    const target = join(folder, 'target');
    writeFileSync(target, 'before');
    symlinkSync(target, file);
    replaceFile(file, 'after');
    expect(readFileSync(target, 'utf8')).toBe('after');
    expect(readdirSync(folder).sort()).toEqual(['lvs.prom', 'target']);
  });

  it('refuses a link of another user, to the file or on the way to it', needs('root'), () => {
    const [secret, way] = [join(folder, 'secret'), join(folder, 'way')];
    writeFileSync(secret, 'before');
    symlinkSync(secret, file);
    symlinkSync(folder, way);
    lchownSync(file, stranger, stranger);
    lchownSync(way, stranger, stranger);
    for (const path of [file, join(way, 'secret'), join(way, 'new'), join(way, 'way', 'new')]) {
      expect(() => replaceFile(path, 'after')).toThrow(/^Cannot write .* is a link of another user/);
    }
    expect(readFileSync(secret, 'utf8')).toBe('before');
    expect(readdirSync(folder).sort()).toEqual(['lvs.prom', 'secret', 'way']);
  });

  it('never follows a link that comes in place of a folder on the way', needs('root'), async () => {
    const [way, secret, link] = [join(folder, 'way'), join(folder, 'secret'), join(folder, 'link')];
    mkdirSync(way);
    mkdirSync(secret);
    symlinkSync(secret, link);
    for (const one of [folder, way, link]) lchownSync(one, stranger, stranger);
    const swap = `const { renameSync: move } = require('fs'); for (const end = Date.now() + 300000; Date.now() < end; ) { move('way', 'away'); move('link', 'way'); move('way', 'link'); move('away', 'way'); }`;
    const swapper = spawn(process.execPath, ['-e', swap], {
      cwd: folder,
      uid: stranger,
      gid: stranger,
      stdio: 'ignore',
    });
    await once(swapper, 'spawn');
    try {
      for (let n = 0; n < 2000; n++) {
        try {
          replaceFile(join(way, 'lvs.prom'), 'text');
        } catch (error) {
          expect(error).toMatchObject({ message: expect.stringMatching(/^Cannot write /) });
        }
      }
    } finally {
      await endAttack(swapper);
    }
    expect(readdirSync(secret)).toEqual([]);
  });

  it('refuses a device, a folder and a folder that is not there', () => {
    mkdirSync(file);
    for (const path of ['/dev/null', file, join(folder, 'none', 'lvs.prom')]) {
      expect(() => replaceFile(path, 'text')).toThrow(/^Cannot write /);
    }
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
    expect(readdirSync(folder)).toEqual(['lvs.prom']);
  });
});
