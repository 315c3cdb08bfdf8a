import { asSeconds, asWholeNumber, type JsonPlace, member, unexpectedValue } from '../../json-place.ts';
import { type Block, type Field, findField, type Item, unexpectedField } from '../dump.ts';
import type { Attempt } from '../skipped.ts';
import type { Authentication, VrrpSettings } from './vrrp-instance.ts';

/** The fields of an instance that both directors of a pair must have in common. */
export const settingKeys = ['Advert interval', 'Authentication type', 'Authentication extension'] as const;

/** Reads them of a text dump. The password is in a line of its own, which is not read. */
export function readVrrpSettings(block: Block, attempt: Attempt): VrrpSettings {
  const read = <T>(name: string, value: (field: Field) => T) => {
    const field = findField(block, name);
    return field && attempt(() => value(field));
  };
  const version = read('VRRP Version', readVersion);
  const hasExtension = findField(block, 'Authentication extension') !== undefined;
  return {
    version,
    advertisementSeconds: read('Advert interval', readInterval),
    authentication: hasExtension ? 'hmac' : (read('Authentication type', readAuthentication) ?? withoutType(version)),
    unicastPeers: readPeers(findField(block, 'Unicast Peer')),
    ...readSendingInterface(findField(block, 'Interface')),
  };
}

/** `vrrp.51, vmac on eth0, xmit base i/f`, from keepalived 2.0 on. */
function readSendingInterface(field: Field | undefined): Pick<VrrpSettings, 'sendingInterface'> {
  const [, base] = /, \w+ on (\S+), xmit base i\/f$/.exec(field?.value ?? '') ?? [];
  return base === undefined ? {} : { sendingInterface: base };
}

/** VRRP 3 has no authentication, and from keepalived 2.1 on no line for it. */
function withoutType(version: number | undefined): Authentication | undefined {
  return version === 3 ? 'none' : undefined;
}

function readVersion(field: Field): number {
  if (/^[23]$/.test(field.value)) return Number(field.value);
  throw unexpectedField(field, '"VRRP Version" to be 2 or 3');
}

/** `1 sec` of VRRP 2, `1000 milli-sec` of VRRP 3. */
function readInterval(field: Field): number | undefined {
  const [, number, unit] = /^(\d{1,9}) (sec|milli-sec)$/.exec(field.value) ?? [];
  if (number === undefined) throw unexpectedField(field, '"Advert interval" to be seconds');
  return Number(number) / (unit === 'sec' ? 1 : 1000) || undefined;
}

const authentications: ReadonlyMap<string, Authentication> = new Map([
  ['none', 'none'],
  ['SIMPLE_PASSWORD', 'simple_password'],
  ['IPSEC_AH', 'ipsec_ah'],
]);

function readAuthentication(field: Field): Authentication {
  const found = authentications.get(field.value);
  if (found === undefined) throw unexpectedField(field, `one of ${[...authentications.keys()].join(', ')}`);
  return found;
}

/** `203.0.113.2 min_ttl 0 max_ttl 255`. Lines of other things that stand below are left out. */
function readPeers(field: Field | undefined): string[] {
  return (field?.items ?? []).flatMap((item) => readPeer(item) ?? []);
}

function readPeer({ text }: Item): string | undefined {
  const [, address] = /^(\d+\.\d+\.\d+\.\d+|[\da-f]*:[\da-f:.]+)(?: min_ttl .*)?$/.exec(text) ?? [];
  return address;
}

/** `VRRP_AUTH_*` in keepalived/include/vrrp.h. */
const authenticationNumbers: readonly Authentication[] = ['none', 'simple_password', 'ipsec_ah'];

/** Reads them of the JSON dump, which has no unicast peers. */
export function readJsonSettings(data: JsonPlace, attempt: Attempt): VrrpSettings {
  const read = <T>(name: string, value: (place: JsonPlace) => T) =>
    attempt(() => {
      const place = member(data, name);
      return place.value === undefined ? undefined : value(place);
    });
  return {
    version: read('version', (place) => asWholeNumber(place, 2, 3)),
    advertisementSeconds: read('adver_int', asSeconds) || undefined,
    authentication: read('auth_type', readJsonAuthentication),
    unicastPeers: undefined,
  };
}

function readJsonAuthentication({ path, value }: JsonPlace): Authentication {
  const found = authenticationNumbers[Number(value)];
  if (found === undefined) throw unexpectedValue(path, `from 0 to ${authenticationNumbers.length - 1}`, value);
  return found;
}
