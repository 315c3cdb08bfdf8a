import {
  type CheckBlock,
  type CheckField,
  findCheckField,
  readCount,
  requireCheckField,
  unexpected,
} from './check-field.ts';
import type { Family, Service } from './checked-server.ts';
import type { VirtualServerGroup } from './virtual-server-group.ts';

/** The services of the kernel, and the name under which keepalived speaks of them. */
export function readServices(block: CheckBlock, protocol: string, groups: ReadonlyMap<string, VirtualServerGroup>) {
  const field = findCheckField(block, 'VS GROUP', 'VS FWMARK') ?? requireCheckField(block, 'VS VIP');
  const { key, value } = field;
  const family = readFamily(block);
  if (key === 'VS GROUP') return { services: readGroup(field, protocol, family, groups), name: value };
  if (key === 'VS FWMARK') return { services: [markService(String(readCount(field)), family)], name: `FWM ${value}` };
  const [, address, port] = /^([\da-f.:]+), VPORT = (\d+)$/.exec(value) ?? [];
  if (address === undefined || port === undefined) throw unexpected(field, 'an address and a port');
  return {
    services: [addressService(protocol, { address, port })],
    name: `[${address}]:${protocol || 'none'}:${port}`,
  };
}

/** `[web]:0` */
function readGroup(
  field: CheckField,
  protocol: string,
  family: Family | undefined,
  groups: ReadonlyMap<string, VirtualServerGroup>,
): Service[] {
  const [, name = ''] = /^\[(.*)\]:\d+$/.exec(field.value) ?? [];
  const group = groups.get(name);
  if (!group) throw unexpected(field, 'a group that is listed above');
  const automatic = group.automaticFwmarks.get(protocol);
  if (automatic !== undefined) return [markService(automatic, family)];
  return [
    ...group.addresses.map((address) => addressService(protocol, address)),
    ...group.fwmarks.map((mark) => markService(mark.fwmark, mark.family ?? family)),
  ];
}

function addressService(protocol: string, { address, port }: Pick<Service, 'address' | 'port'>): Service {
  return { protocol, address, port, fwmark: '', family: undefined };
}

function markService(fwmark: string, family: Family | undefined): Service {
  return { protocol: '', address: '', port: '', fwmark, family };
}

/** Undefined of a group with addresses of both families. */
function readFamily(block: CheckBlock): Family | undefined {
  const family = findCheckField(block, 'Address family')?.value;
  if (family === 'inet') return 'ipv4';
  return family === 'inet6' ? 'ipv6' : undefined;
}
