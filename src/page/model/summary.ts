import { arrivalRate } from '../../collectors/conntrack-table/metrics.ts';
import { thresholds } from '../../identity/thresholds.ts';
import { count, percent, several, time } from '../../readings/format.ts';
import type { Readings } from '../../readings/readings.ts';
import { isTableFull, type Table } from '../../readings/table.ts';
import type { Gauge } from '../markup/gauge.ts';
import { type Level, levelOf, worstLevel } from '../markup/level.ts';
import { isServed, type ListedService } from './services.ts';
import type { UpstreamNeed } from './upstream-need.ts';
import { formatState, isWell, type Vrrp } from './vrrp.ts';

/** One number of the summary. */
export interface Tile {
  readonly title: string;
  readonly value: string;
  readonly note: string;
  readonly level: Level;
  /** The level as a word that fits the number. Empty for a number that is neither good nor bad. */
  readonly word: string;
  readonly gauge?: Gauge;
}

/** The connection tracking table: usage, where it goes, when it is full, and what comes in. */
export function tableTiles(readings: Readings, table: Table): Tile[] {
  return [usageTile(table), equilibriumTile(table), fullInTile(table), ...arrivalsTile(readings)];
}

function usageTile(table: Table): Tile {
  const { entries, limit, equilibrium } = table;
  const title = 'In use';
  if (limit === 0) return { title, value: count(entries), note: 'entries, without a limit', level: 'good', word: 'OK' };
  const isFull = isTableFull(table);
  const level = isFull ? 'critical' : levelOf(entries / limit, thresholds.conntrackUsed);
  return {
    title,
    value: percent(entries / limit),
    note: `${count(entries)} of ${count(limit)} entries`,
    level,
    word: isFull ? 'Full' : words.high[level],
    gauge: { used: entries / limit, settles: equilibrium === undefined ? undefined : equilibrium / limit },
  };
}

function equilibriumTile({ equilibrium, limit }: Table): Tile {
  const title = 'Settles at';
  if (equilibrium === undefined) return unknownTile(title);
  const note = `${count(equilibrium)} entries, at the present rates`;
  if (limit === 0) return { title, value: count(equilibrium), note, level: 'good', word: 'OK' };
  const level = levelOf(equilibrium / limit, thresholds.conntrackEquilibrium);
  return { title, value: percent(equilibrium / limit), note, level, word: words.beyond[level] };
}

function fullInTile(table: Table): Tile {
  const { fullInSeconds } = table;
  const title = 'Full in';
  if (fullInSeconds === undefined) return unknownTile(title);
  const note = 'at the present rates';
  if (isTableFull(table))
    return { title, value: 'Now', note: 'new flows fail or evict others', level: 'critical', word: 'Full' };
  if (!Number.isFinite(fullInSeconds)) return { title, value: 'Never', note, level: 'good', word: 'OK' };
  const { warning, critical } = thresholds.conntrackFullIn;
  const level = fullInSeconds <= critical ? 'critical' : fullInSeconds <= warning ? 'warning' : 'good';
  return { title, value: time(fullInSeconds), note, level, word: words.soon[level] };
}

function unknownTile(title: string): Tile {
  return { title, value: '–', note: 'the table could not be read', level: 'unknown', word: 'Unknown' };
}

function arrivalsTile(readings: Readings): Tile[] {
  const arrivals = readings.all(arrivalRate);
  if (arrivals.length === 0) return [];
  const total = sumOf(arrivals);
  const unreplied = sumOf(arrivals.filter(({ labels }) => labels.replied === 'no'));
  const share = total > 0 ? `${percent(unreplied / total)} of them without a reply` : 'no new flows';
  return [{ title: 'New flows', value: `${count(total)}/s`, note: share, level: 'good', word: '' }];
}

function sumOf(samples: readonly { readonly value: number }[]): number {
  return samples.reduce((sum, { value }) => sum + value, 0);
}

/** The entries that a director needs in the table of the stateful hop upstream. */
export function upstreamTile({ perSecond, entries, limit }: UpstreamNeed): Tile {
  const title = 'Entries needed upstream';
  if (perSecond === undefined || entries === undefined) {
    return { title, value: '–', note: 'the rate of new connections is not known', level: 'unknown', word: 'Unknown' };
  }
  const rate = `${count(perSecond)} new connections/s`;
  if (limit === undefined) {
    return {
      title,
      value: count(entries),
      note: `entries in the table of its host, for ${rate}`,
      level: 'good',
      word: '',
    };
  }
  const level = levelOf(entries / limit, thresholds.upstreamConntrack);
  const note = `${count(entries)} of ${count(limit)} entries, for ${rate}`;
  return { title, value: percent(entries / limit), note, level, word: words.beyond[level] };
}

export function servicesTile(services: readonly ListedService[]): Tile {
  const unserved = services.filter((service) => !isServed(service)).length;
  const mayBeEmpty = services.every((service) => service.mayBeEmpty);
  const realServers = services.reduce((sum, service) => sum + service.realServers, 0);
  return {
    title: 'Virtual servers',
    value: count(services.length),
    note: unserved === 0 ? `on ${several(realServers, 'real server')}` : `${count(unserved)} without real servers`,
    level: unserved === 0 || mayBeEmpty ? 'good' : 'critical',
    word: unserved === 0 || mayBeEmpty ? 'OK' : 'Unserved',
  };
}

export function vrrpTile({ daemons, instances }: Vrrp): Tile {
  const down = daemons.filter(({ isRunning }) => !isRunning);
  const missing = daemons.flatMap(({ missingProcesses }) => missingProcesses);
  const level = down.length + missing.length === 0 && instances.every(isWell) ? 'good' : 'critical';
  return {
    title: 'VRRP',
    ...(down.length > 0 ? describeDown(daemons, down) : describeInstances(instances)),
    ...(down.length === 0 && missing.length > 0 && describeMissing(missing)),
    level,
    word: level === 'good' ? 'OK' : 'Fault',
  };
}

/** Of several, those that are down are named. */
function describeDown(daemons: Vrrp['daemons'], down: Vrrp['daemons']): Pick<Tile, 'value' | 'note'> {
  if (daemons.length === 1) return { value: 'Down', note: 'keepalived is not running' };
  const names = down.map(({ name }) => name).join(', ');
  return { value: `${down.length} of ${daemons.length} down`, note: `keepalived is not running: ${names}` };
}

function describeMissing(missing: readonly string[]): Pick<Tile, 'value' | 'note'> {
  const names = [...new Set(missing)].join(', ');
  return { value: 'Process down', note: `keepalived runs without its ${names} process` };
}

function describeInstances(instances: Vrrp['instances']): Pick<Tile, 'value' | 'note'> {
  return { value: describeStates(instances.map(({ state }) => state)), note: several(instances.length, 'instance') };
}

/** `Master`; of several `2 master, 1 backup`. */
function describeStates(states: readonly (string | undefined)[]): string {
  const kinds = [...new Set(states)];
  if (kinds.length === 0) return '–';
  if (kinds.length === 1) return formatState(kinds[0]);
  return kinds.map((kind) => `${states.filter((one) => one === kind).length} ${kind ?? 'unknown'}`).join(', ');
}

type Words = Readonly<Record<Level, string>>;

const words: Readonly<Record<'high' | 'beyond' | 'soon', Words>> = {
  high: { good: 'OK', info: 'OK', unknown: 'Unknown', warning: 'High', critical: 'Very high' },
  beyond: { good: 'OK', info: 'OK', unknown: 'Unknown', warning: 'High', critical: 'Above the limit' },
  soon: { good: 'OK', info: 'OK', unknown: 'Unknown', warning: 'Within a day', critical: 'Within the hour' },
};

export function levelOfTiles(tiles: readonly Tile[]): Level {
  return worstLevel(tiles.map(({ level }) => level));
}
