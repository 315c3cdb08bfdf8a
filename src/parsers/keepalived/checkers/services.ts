import { parseAddress } from '../../../identity/address.ts';
import { parseDecimal } from '../../numbers.ts';
import { type Block, type Field, findField, requireField, unexpectedField } from '../dump.ts';
import type { AddressFamily, CheckedIdentity } from './checked-server.ts';
import type { VirtualServerGroup } from './group.ts';

/** The services of the kernel, and their names in keepalived's output. */
export function readServices(block: Block, protocol: string, groups: ReadonlyMap<string, VirtualServerGroup>) {
  const field = findField(block, 'VS GROUP', 'VS FWMARK') ?? requireField(block, 'VS VIP');
  const { key, value } = field;
  const family = readFamily(block);
  if (key === 'VS GROUP') return { ...readGroup(field, protocol, family, groups), name: value };
  if (key === 'VS FWMARK') {
    const mark = String(parseDecimal(value, '"VS FWMARK"', field.line));
    return { services: [markService(mark, family)], group: undefined, name: `FWM ${value}` };
  }
  const [, written = '', port] = /^([\da-f.:]+), VPORT = (\d+)$/.exec(value) ?? [];
  const address = parseAddress(written);
  if (address === undefined || port === undefined) throw unexpectedField(field, 'an address and a port');
  return {
    services: [addressService(protocol, { address, port })],
    group: undefined,
    name: `[${written}]:${protocol || 'none'}:${port}`,
  };
}

/** `[web]:0` */
function readGroup(
  field: Field,
  protocol: string,
  family: AddressFamily | undefined,
  groups: ReadonlyMap<string, VirtualServerGroup>,
): { services: CheckedIdentity[]; group: string } {
  const [, name = ''] = /^\[(.*)\]:\d+$/.exec(field.value) ?? [];
  const group = groups.get(name);
  if (!group) throw unexpectedField(field, 'a group that is listed above');
  const automatic = group.automaticFwmarks.get(protocol);
  if (automatic !== undefined) return { services: [markService(automatic, family)], group: name };
  const marks = group.fwmarks.map((mark) => markService(mark.fwmark, mark.family ?? family));
  return { services: [...group.addresses.map((address) => addressService(protocol, address)), ...marks], group: name };
}

function addressService(
  protocol: string,
  { address, port }: Pick<CheckedIdentity, 'address' | 'port'>,
): CheckedIdentity {
  return { protocol, address, port, fwmark: '', family: undefined };
}

function markService(fwmark: string, family: AddressFamily | undefined): CheckedIdentity {
  return { protocol: '', address: '', port: '', fwmark, family };
}

/** Undefined of a group with addresses of both families. */
function readFamily(block: Block): AddressFamily | undefined {
  const family = findField(block, 'Address family')?.value;
  if (family === 'inet') return 'ipv4';
  return family === 'inet6' ? 'ipv6' : undefined;
}
