import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectIntegrity } from '../../packaging/registry.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-exporter-registry-'));
  writeFileSync(join(folder, 'node.tgz'), 'node');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** `printf node | openssl dgst -sha512 -binary | base64 -w0` */
const integrity = 'sha512-GDjjPPdoyvYprfEf/0UGB28Qnt95i2sUqeTFirVatiCY0dgsPQg9dp1f/LluvwaIVydtS0kPw2AFs43WFC6+Pg==';

describe('expectIntegrity()', () => {
  it('accepts the file that the hash is of', () => {
    expect(() => expectIntegrity(join(folder, 'node.tgz'), 'node@24', integrity)).not.toThrow();
  });

  it('refuses another one', () => {
    const other = `sha512-${'A'.repeat(86)}==`;
    expect(() => expectIntegrity(join(folder, 'node.tgz'), 'node@24', other)).toThrow(
      new Error(`Expected node@24 to have the hash ${other}, got ${integrity}`),
    );
  });
});
