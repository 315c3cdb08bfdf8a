import type { Collector } from '../collector.ts';
import { conntrack } from './conntrack.ts';
import { ipvs } from './ipvs.ts';
import { platform } from './platform.ts';

/** All collectors, in the order in which they are served. A new one is one line here. */
export const allCollectors: readonly Collector[] = [ipvs, conntrack, platform];
