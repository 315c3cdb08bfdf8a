import type { KeepalivedJson } from '../../parsers/keepalived/json.ts';
import type { VrrpAddress, VrrpInstance, VrrpSettings } from '../../parsers/keepalived/vrrp/vrrp-instance.ts';

/**
 * The instances of the JSON dump, with what only the data have: the family of an instance without addresses, its name
 * where it holds a backslash, what is malformed in JSON, unicast peers, and before keepalived 2.0.11 the excluded
 * addresses and where an address is set.
 */
export function completeInstances(
  { instances, skipped }: KeepalivedJson,
  fromData: readonly VrrpInstance[],
): VrrpInstance[] {
  const find = createFinder(fromData);
  const completed = instances.map((instance) => complete(instance, find(instance.name)));
  const names = new Set(completed.map(({ name }) => name));
  return skipped.lines === 0 ? completed : [...completed, ...fromData.filter(({ name }) => !names.has(name))];
}

/** Up to 2.3.4 keepalived prints a backslash in JSON as `\n`. */
function createFinder(fromData: readonly VrrpInstance[]): (name: string) => VrrpInstance | undefined {
  const named = new Map(fromData.map((instance) => [instance.name, instance]));
  const printed = new Map(fromData.map((instance) => [instance.name.replaceAll('\\', '\n'), instance]));
  return (name) => named.get(name) ?? printed.get(name);
}

function complete(instance: VrrpInstance, known: VrrpInstance | undefined): VrrpInstance {
  if (!known) return { ...instance, addresses: instance.addresses.filter(isReliable) };
  return {
    ...instance,
    name: known.name,
    interface: instance.interface || known.interface,
    vrid: instance.vrid ?? known.vrid,
    family: known.family,
    state: instance.state ?? known.state,
    basePriority: instance.basePriority ?? known.basePriority,
    effectivePriority: instance.effectivePriority ?? known.effectivePriority,
    lastTransitionSeconds: instance.lastTransitionSeconds ?? known.lastTransitionSeconds,
    addresses: completeAddresses(instance.addresses, known.addresses),
    settings: completeSettings(instance.settings, known.settings),
  };
}

/** Only the data have the extension of authentication, and unicast peers. */
function completeSettings(settings: VrrpSettings, known: VrrpSettings): VrrpSettings {
  const isExtended = known.authentication === 'hmac';
  return {
    version: settings.version ?? known.version,
    advertisementSeconds: settings.advertisementSeconds ?? known.advertisementSeconds,
    authentication: isExtended ? 'hmac' : (settings.authentication ?? known.authentication),
    unicastPeers: known.unicastPeers,
    ...(known.sendingInterface !== undefined && { sendingInterface: known.sendingInterface }),
  };
}

/**
 * Before keepalived 2.0.11 JSON has addresses without interfaces, and an excluded address that is not of the family of its
 * instance is printed as one of that family: `2001:db8::1` as `32.1.13.184`.
 */
function isReliable(address: VrrpAddress): boolean {
  return address.interface !== '' || !address.excluded;
}

function completeAddresses(addresses: readonly VrrpAddress[], known: readonly VrrpAddress[]): VrrpAddress[] {
  const reliable = addresses.filter(isReliable);
  const excluded = reliable.length < addresses.length ? known.filter((one) => one.excluded) : [];
  return [...reliable.flatMap((one) => placeAddress(one, known)), ...excluded];
}

/** An instance may set one address on several interfaces. */
function placeAddress(address: VrrpAddress, known: readonly VrrpAddress[]): readonly VrrpAddress[] {
  const placed = address.interface === '' ? known.filter((one) => one.address === address.address) : [];
  return placed.length === 0 ? [address] : placed;
}
