import { parseBoundedJson } from '../parsers/bounded-json.ts';
import { openVSwitchBounds } from '../parsers/openstack/open-vswitch.ts';

/**
 * Keeps of an answer of ovsdb-server what is read of it, and nothing else: administrators and controllers note names of hosts,
 * addresses and names of people in the same columns. Nothing is kept of one that
 * is no JSON, or too much of it.
 */
export function anonymizeOpenVSwitch(text: string): string {
  const answer = parse(text);
  if (!isRecord(answer) || !Array.isArray(answer.result)) return '';
  return JSON.stringify({
    id: 0,
    result: answer.result.map(keepResult),
    error: answer.error === null ? null : 'error',
  });
}

function parse(text: string): unknown {
  try {
    return parseBoundedJson(text, openVSwitchBounds);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Of a table that the database does not have there is an error. */
function keepResult(result: unknown): unknown {
  if (!isRecord(result)) return null;
  return Array.isArray(result.rows) ? { rows: result.rows.map(keepRow) } : { error: 'error' };
}

const columns: ReadonlySet<string> = new Set([
  ...['name', 'type', 'tag', '_uuid', 'datapaths', 'ct_zones', 'limit', 'ct_zone_default_limit'],
]);
const maps: ReadonlySet<string> = new Set(['external_ids', 'other_config']);

function keepRow(row: unknown): unknown {
  if (!isRecord(row)) return {};
  const kept = Object.entries(row).flatMap(([column, value]) => {
    if (columns.has(column)) return [[column, value]];
    return maps.has(column) ? [[column, keepPairs(value)]] : [];
  });
  return Object.fromEntries(kept);
}

/** `["map",[["iface-id","1a2b…"]]]` */
function keepPairs(value: unknown): unknown {
  const pairs = Array.isArray(value) && Array.isArray(value[1]) ? value[1] : [];
  return ['map', pairs.filter((pair) => Array.isArray(pair) && isRead(String(pair[0])))];
}

function isRead(key: string): boolean {
  return /^(?:iface-id|attached-mac|vm-uuid|vm-id|tag|ct-zone-.+)$/.test(key);
}
