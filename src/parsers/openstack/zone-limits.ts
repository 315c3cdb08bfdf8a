import { asWholeNumber, elements, type JsonPlace, member } from '../json-place.ts';

/** Entries that zones of the kernel's datapath may have. */
export interface ZoneLimits {
  /** 0 for one that has no limit, whatever the default. */
  readonly byZone: ReadonlyMap<number, number>;
  /** Of zones without a limit of their own; undefined if that is none. */
  readonly default: number | undefined;
}

/** The rows of an answer to a select; none where the database has no such table, which is an error in its place. */
export function readOptionalRows(result: JsonPlace): readonly JsonPlace[] {
  if (result.value === null || member(result, 'error').value !== undefined) return [];
  return elements(member(result, 'rows'));
}

/**
 * Reads the limits of the datapath in the kernel, `system`. Another one, `netdev`, has a table of its own.
 *
 * @param tables the rows of Open_vSwitch, Datapath and CT_Zone.
 */
export function readLimits([switches = [], datapaths = [], zones = []]: readonly (readonly JsonPlace[])[]): ZoneLimits {
  const system = switches.flatMap((row) => pairsOf(member(row, 'datapaths'))).find(({ key }) => key.value === 'system');
  const datapath = system && datapaths.find((row) => uuidOf(member(row, '_uuid')) === uuidOf(system.value));
  if (datapath === undefined) return { byZone: new Map(), default: undefined };
  const limits = new Map(zones.map((row) => [uuidOf(member(row, '_uuid')), readLimit(member(row, 'limit'))]));
  const byZone = pairsOf(member(datapath, 'ct_zones')).flatMap(({ key, value }) => {
    const limit = limits.get(uuidOf(value));
    return limit === undefined ? [] : [[asWholeNumber(key, 0, lastZone), limit] as const];
  });
  return { byZone: new Map(byZone), default: readLimit(member(datapath, 'ct_zone_default_limit')) || undefined };
}

const lastZone = 0xffff;

/** A number, or an empty set where there is none. A column that the schema does not have is not there. */
function readLimit(place: JsonPlace): number | undefined {
  if (place.value === undefined || Array.isArray(place.value)) return undefined;
  return asWholeNumber(place);
}

/** `["map",[["system",["uuid","…"]]]]` */
function pairsOf(place: JsonPlace): { readonly key: JsonPlace; readonly value: JsonPlace }[] {
  if (place.value === undefined) return [];
  const [, pairs] = elements(place);
  return (pairs ? elements(pairs) : []).flatMap((pair) => {
    const [key, value] = elements(pair);
    return key && value ? [{ key, value }] : [];
  });
}

/** `["uuid","1a2b…"]` */
function uuidOf(place: JsonPlace): unknown {
  return elements(place)[1]?.value;
}
