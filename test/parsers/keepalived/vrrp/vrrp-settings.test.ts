import { describe, expect, it } from 'vitest';
import { readVrrpDumps } from '../../../../src/collectors/keepalived/reading.ts';
import { parseKeepalivedData } from '../../../../src/parsers/keepalived/data.ts';
import { parseKeepalivedJson } from '../../../../src/parsers/keepalived/json.ts';
import { readDump } from '../../../keepalived/fixtures.ts';

function settingsIn(...lines: readonly string[]) {
  const fields = lines.map((line) => `   ${line}\n`).join('');
  const text = `------< Global definitions >------\n VRRP Instance = VI_1\n   State = MASTER\n${fields}`;
  const { instances, skipped } = parseKeepalivedData(text);
  return { settings: instances[0]?.settings, unread: skipped.lines };
}

function jsonSettings(data: object) {
  const text = JSON.stringify([{ data: { iname: 'VI_1', ...data } }]);
  return parseKeepalivedJson(text).instances[0]?.settings;
}

/** Lines of the smallest instance that are missing: VRID, priority, last transition and interface. */
const others = 4;

describe('settings of a VRRP instance', () => {
  it.each(['1.3.9', '2.0.10', '2.1.5', '2.2.8', '2.3.4'])('has its unicast peer: keepalived %s', (version) => {
    const { instances } = parseKeepalivedData(readDump(`kitchen-sink/${version}`, 'data'));
    expect(instances.flatMap(({ settings }) => settings.unicastPeers)).toEqual(['203.0.113.2']);
  });

  it('has several peers, and nothing that stands below them', () => {
    const peers = ['Unicast Peer :', '  203.0.113.2 min_ttl 0 max_ttl 255', '  fd00::2 min_ttl 0 max_ttl 255'];
    const checksum = '    last rx checksum = 0x0000, priority 0';
    expect(settingsIn(...peers, checksum, 'fd_in 16, fd_out 17', '  something else').settings).toMatchObject({
      unicastPeers: ['203.0.113.2', 'fd00::2'],
    });
  });

  it.each([
    [['Advert interval = 3 sec'], { advertisementSeconds: 3 }],
    [['Advert interval = 250 milli-sec'], { advertisementSeconds: 0.25 }],
    [['Advert interval = 0 sec'], { advertisementSeconds: undefined }],
    [['VRRP Version = 3'], { version: 3, authentication: 'none' }],
    [['VRRP Version = 2'], { version: 2, authentication: undefined }],
    [['Authentication type = none'], { authentication: 'none' }],
    [['Authentication type = IPSEC_AH'], { authentication: 'ipsec_ah' }],
    [['Authentication type = SIMPLE_PASSWORD', 'Password = s3cret'], { authentication: 'simple_password' }],
    [
      ['Authentication type = none', 'Authentication extension = HMAC-SHA256-128', '  Keys = 1, active key id = 1'],
      { authentication: 'hmac' },
    ],
  ] as const)('reads %j', (lines, expected) => {
    expect(settingsIn(...lines)).toMatchObject({ settings: expected, unread: others });
  });

  it.each(['Advert interval = 1', 'Advert interval = -1 sec', 'VRRP Version = 4', 'Authentication type = PASS'])(
    'does not read "%s"',
    (line) => {
      expect(settingsIn(line)).toMatchObject({
        settings: { version: undefined, advertisementSeconds: undefined, authentication: undefined },
        unread: others + 1,
      });
    },
  );

  it.each([
    [{ version: 2, adver_int: 0.25, auth_type: 0 }, 2, 0.25, 'none'],
    [{ version: 3, adver_int: 1, auth_type: 1, auth_data: 's3cret' }, 3, 1, 'simple_password'],
    [{ adver_int: 0, auth_type: 2 }, undefined, undefined, 'ipsec_ah'],
    [{ version: 4, adver_int: '1', auth_type: 3 }, undefined, undefined, undefined],
  ])('reads %j', (data, version, advertisementSeconds, authentication) => {
    expect(jsonSettings(data)).toEqual({ version, advertisementSeconds, authentication, unicastPeers: undefined });
  });

  it('has of the text what JSON does not have', () => {
    const folder = 'kitchen-sink/2.2.8';
    const dumpOf = (kind: 'json' | 'data') => ({ text: readDump(folder, kind), modifiedSeconds: 1 });
    const { instances } = readVrrpDumps({ json: dumpOf('json'), data: dumpOf('data') });
    expect(instances.flatMap(({ settings }) => settings.unicastPeers ?? ['unknown'])).toEqual(['203.0.113.2']);
  });
});
