import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { removeSecrets } from '../../../src/keepalived/dump/redact.ts';
import { parseKeepalivedData } from '../../../src/parsers/keepalived/data.ts';
import { parseKeepalivedJson } from '../../../src/parsers/keepalived/json.ts';
import { readDump } from '../fixtures.ts';

const recordings = [
  ...['1.3.5', '2.0.10', '2.1.5', '2.2.7/master', '2.2.7/backup', '2.3.4', '2.4.3'],
  ...['tracking/2.0.20', 'tracking/2.1.5', 'tracking/2.2.7', 'tracking/2.4.3'],
];
const withJson = recordings.filter((folder) => folder !== '1.3.5' && folder !== 'tracking/2.0.20');

/** The password and the argument of a script in the recorded configuration. */
const secrets = ["s3cr't", 'hunter2'];

describe('removeSecrets()', () => {
  it.each(recordings)('leaves no secret in a dump of keepalived %s, wherever it was cut off', (folder) => {
    for (const kind of ['json', 'data'] as const) {
      if (kind === 'json' && !withJson.includes(folder)) continue;
      const text = readDump(folder, kind);
      for (let end = text.length; end > 0; end -= 5) {
        const rest = removeSecrets(kind, text.slice(0, end));
        for (const secret of secrets) expect(rest).not.toContain(secret.slice(0, 4));
      }
    }
  });

  it('changes nothing else that is read of a dump', () => {
    for (const folder of withJson) {
      const json = readDump(folder, 'json');
      expect(parseKeepalivedJson(removeSecrets('json', json))).toEqual(parseKeepalivedJson(json));
    }
    for (const folder of recordings) {
      const data = readDump(folder, 'data');
      expect(parseKeepalivedData(removeSecrets('data', data))).toEqual(parseKeepalivedData(data));
    }
  });

  it('leaves the statistics alone', () => {
    const text = readDump('2.2.7/master', 'stats');
    expect(removeSecrets('stats', text)).toBe(text);
  });

  it('masks passwords and commands in JSON, and keeps an end that is missing', () => {
    const whole = String.raw`{"auth_type":1,"auth_data":"a\"b\\","script_master":"'x'","track_script":["'x' ']'","y"],"script":"z"}`;
    expect(removeSecrets('json', whole)).toBe(
      '{"auth_type":1,"auth_data":"********","script_master":"********","track_script":["********"],"script":"********"}',
    );
    expect(removeSecrets('json', '{"auth_data": "a')).toBe('{"auth_data": "********');
    expect(removeSecrets('json', '{"auth_data":"')).toBe('{"auth_data":"********');
    expect(removeSecrets('json', '{"auth_data":"a\\')).toBe('{"auth_data":"********');
    expect(removeSecrets('json', '{ "track_script": [ "a')).toBe('{ "track_script": ["********"');
    expect(removeSecrets('json', '{"track_process":[{"process":"a","parameters":"-p b"}]}')).toBe(
      '{"track_process":[{"process":"a","parameters":"********"}]}',
    );
  });

  it('masks passwords and commands in text, and nothing that is named like them', () => {
    const text = ` Startup script = '/bin/a' 'b', uid:gid 0:0
 VRRP Script = chk
   Command = '/bin/check' '-p' 'c'
   Parameters = d
   Authentication type = SIMPLE_PASSWORD
   Password = e = f
   Master state transition script = '/bin/g', params = h, uid:gid 0:0
   Tracked scripts :
     Password = i`;
    expect(removeSecrets('data', text)).toBe(` Startup script = ********
 VRRP Script = chk
   Command = ********
   Parameters = ********
   Authentication type = SIMPLE_PASSWORD
   Password = ********
   Master state transition script = ********
   Tracked scripts :
     Password = ********`);
  });

  it('masks any password, as keepalived writes it, in a text that was cut off anywhere', () => {
    const password = fc.string({ unit: fc.constantFrom('€', 'ß', '"', '\\', "'", ':', '=', ']', ','), minLength: 1 });
    fc.assert(
      fc.property(password, fc.nat(60), (secret, end) => {
        const text = JSON.stringify([{ auth_data: `€${secret}€`, track_script: [`€${secret}`, 'ß'] }]).slice(0, end);
        expect(removeSecrets('json', text)).not.toMatch(/[€ß]/);
        const line = `   Password = €${secret}€\n   Command = ß`.slice(0, end);
        expect(removeSecrets('data', line)).not.toMatch(/[€ß]/);
      }),
    );
  });
});

describe("the lab's passwords", () => {
  const root = fileURLToPath(new URL('../../..', import.meta.url));
  const read = (path: string) => readFileSync(join(root, path), 'latin1');
  const filesBelow = (folder: string) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name).slice(root.length));

  it.each(['test/fixtures', 'docs', 'dashboards', 'alerts'])('are in no file below %s', (folder) => {
    const configured = [...read('lab/etc/keepalived.conf').matchAll(/(?:auth_pass |token=)(\S+)/g)];
    const passwords = [...new Set(configured.map(([, password = '']) => password))];
    expect(passwords).toHaveLength(2);
    const files = filesBelow(folder);
    expect(files).not.toEqual([]);
    expect(files.filter((file) => passwords.some((password) => read(file).includes(password)))).toEqual([]);
  });

  it('are masked in its recordings', () => {
    const dumps = filesBelow('test/fixtures/lab').filter((file) => file.endsWith('/keepalived.json'));
    expect(dumps.length).toBeGreaterThan(10);
    for (const dump of dumps) expect(read(dump)).toMatch(/"auth_data": ?"\*{8}"/);
  });
});
