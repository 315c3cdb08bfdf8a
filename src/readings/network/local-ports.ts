import { networkLocalPort } from '../../collectors/network/metrics.ts';
import type { Readings } from '../readings.ts';

/** Source ports that the host has for connections of its own to one destination. */
export interface LocalPorts {
  readonly first: number;
  readonly last: number;
  readonly count: number;
}

export function readLocalPorts(readings: Readings): LocalPorts | undefined {
  const first = readings.value(networkLocalPort, { bound: 'first' });
  const last = readings.value(networkLocalPort, { bound: 'last' });
  return first === undefined || last === undefined ? undefined : { first, last, count: last - first + 1 };
}
