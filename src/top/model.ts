import { describeStatus, type Notes, type Status, type TileGroup } from '../page/model/status.ts';
import type { Tile } from '../page/model/summary.ts';
import { several, time } from '../readings/format.ts';
import type { Model } from './screen.ts';
import { serverRates } from './server-rates.ts';
import { createTables } from './tables.ts';

export interface ViewSubject {
  /** What is looked at: the name of the host, a recording or an address. */
  readonly name: string;
  readonly intervalSeconds: number;
  /** Why the last reading failed. */
  readonly problem: string | undefined;
}

/** What the live view shows of a reading and of the one before it. */
export function describeTop(now: Notes, before: Notes | undefined, subject: ViewSubject): Model {
  const status = describeStatus(now, before);
  return {
    header: [titleLine(status, subject), ...tileLines(status), vrrpLine(status), problemLine(subject)].flat(),
    tables: createTables(status, serverRates(now, before)),
  };
}

/** Before the first reading. */
export function describeWaiting(subject: ViewSubject): Model {
  return { header: [`lvs-exporter top - ${subject.name}`, ...problemLine(subject), 'Reading...'], tables: [] };
}

function titleLine({ atSeconds, machine, level, findings }: Status, { name, intervalSeconds }: ViewSubject): string {
  const clock = new Date(atSeconds * 1000).toISOString().slice(11, 19);
  const role = machine.role === '' ? '' : ` (${machine.role})`;
  const urgent = findings.filter(({ severity }) => severity !== 'info').length;
  const verdict = urgent === 0 ? 'OK' : `${level}: ${several(urgent, 'finding')}`;
  return `lvs-exporter top - ${name}${role}  ${clock}  every ${time(intervalSeconds)}  ${verdict}`;
}

function tileLines({ summary }: Status): string[] {
  return summary.map((group) => `${group.title}: ${tilesText(group)}`);
}

function tilesText({ tiles }: TileGroup): string {
  return tiles.map(tileText).join('  ');
}

/** `in use 12 %`, `never full`: "Full in" is followed by a time alone. */
function tileText({ title, value }: Tile): string {
  if (value === 'Never' || value === 'Now') return `${value.toLowerCase()} full`;
  return `${title.toLowerCase()} ${value}`;
}

function vrrpLine({ vrrp }: Status): string[] {
  const states = (vrrp?.instances ?? []).map(({ name, state }) => `${name} ${state ?? 'unknown'}`);
  return states.length === 0 ? [] : [`VRRP: ${states.join(', ')}`];
}

function problemLine({ problem }: ViewSubject): string[] {
  return problem === undefined ? [] : [`Cannot read: ${problem}`];
}
