import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { removeSecrets } from '../../../src/keepalived/dump/redact.ts';
import { parseKeepalivedCheck } from '../../../src/parsers/keepalived/checkers/check.ts';
import { checkRecordings, plantedSecret, readCheckFixture } from '../check-fixtures.ts';

const mask = '********';

/** Every line with a secret of the configuration, by keepalived's own sources. */
const secretive = [
  ' Password : x',
  ' CA-file : x',
  ' SMTP server = x',
  '   VirtualHost = x',
  "   Quorum up notify script = '/bin/x' 'RIP = x', uid:gid 0:0",
  "     RS down notify script = '/bin/x', params = 'x', uid:gid 0:0",
  "    VirtualHost = 'x'",
  '   SNMP name = x',
  '     x, weight 2',
  '   Checked url = /x?VIP = x',
  '     digest = x',
  '     Virtual host = x',
  '     Regex = "x"',
  '     SNI name = x',
  '   Failed URL = /x',
  '   path = /bin/x',
  "   script = '/bin/x' '--password=x'",
  '   helo = x',
  '   Name = x',
  '     Tracked file = x',
  ' Track file = x',
  '   File = x',
  ' Checker Track BFD = x',
  '     x',
];

describe("removeSecrets() of the checkers' dump", () => {
  it.each(checkRecordings)('leaves no secret in a dump of keepalived %s, wherever it was cut off', (folder) => {
    const text = readCheckFixture(folder, 'keepalived_check.data');
    expect(text.split(plantedSecret).length).toBeGreaterThan(10);
    for (let end = text.length; end > 0; end -= 31) {
      expect(removeSecrets('check', text.slice(0, end))).not.toContain(plantedSecret.slice(0, 4));
    }
  });

  it.each(checkRecordings)('changes nothing that is read of a dump: keepalived %s', (folder) => {
    const text = readCheckFixture(folder, 'keepalived_check.data');
    expect(parseKeepalivedCheck(removeSecrets('check', text))).toEqual(parseKeepalivedCheck(text));
  });

  it('empties every line that is not read, and keeps their number', () => {
    expect(removeSecrets('check', secretive.join('\n'))).toBe(`${secretive.map(() => '').join('\n')}${mask}`);
  });

  it('does not make a text look whole that is not', () => {
    expect(removeSecrets('check', ' VS VIP = 10.0.0.100, VPORT = 80\n   script = x')).toBe(
      ` VS VIP = 10.0.0.100, VPORT = 80\n${mask}`,
    );
    expect(removeSecrets('check', 'x\n')).toBe('\n');
    expect(removeSecrets('check', 'x')).toBe(mask);
    expect(removeSecrets('check', '')).toBe('');
  });

  it('leaves nothing of a secret with any characters', () => {
    const unit = fc.constantFrom('€', ' = ', ' is ', ': ', ' -> ', '[', ']:', '\r', '\u2028', "'", '<', '>');
    fc.assert(
      fc.property(fc.constantFrom(...secretive), fc.string({ unit }), (line, secret) => {
        expect(removeSecrets('check', line.replace('x', `€${secret}€`))).not.toContain('€');
      }),
    );
  });
});
