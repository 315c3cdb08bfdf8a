import { ipvsSetting } from '../../../collectors/ipvs/metrics.ts';
import { type Change, sysctlPlan } from '../../commands/sysctl.ts';
import { ownerOf } from '../../owner.ts';
import { onlyLooks, type RemedyKind, type Some } from '../../remedy.ts';

/** Values of drop_packet, drop_entry and secure_tcp. */
const mode = { automatic: 1, always: 3 };
/** Of free memory, below which the automatic modes begin. */
const usualPages = 1024;

export const defendWhenNeeded: RemedyKind = {
  docs: 'defence-of-ipvs',
  effect: 'relief',
  preconditions: ['sysctl-writable'],
  plan: (readings, found) => {
    if (found.id !== 'ipvs-drops-on-purpose') return undefined;
    const change = (name: string): Change => ({
      setting: `net.ipv4.vs.${name}`,
      from: mode.always,
      to: mode.automatic,
    });
    const [first, ...rest] = found.details.always.map(change);
    if (first === undefined) return undefined;
    const changes: Some<Change> = [first, ...rest];
    return {
      owner: ownerOf(readings),
      title: 'Have IPVS give up connections only while memory is low',
      ...sysctlPlan(readings, changes, readings.netns),
      tradeOff: 'If the mode was set because of a flood, its connections take memory again: watch the free memory.',
      verify: [`sysctl ${changes.map(({ setting }) => setting).join(' ')}`],
    };
  },
};

/** Free memory and buffers count, not the page cache: with a high threshold, memory is "low" on a healthy machine. */
export const usualMemoryThreshold: RemedyKind = {
  docs: 'defence-of-ipvs',
  effect: 'relief',
  preconditions: ['sysctl-writable'],
  plan: (readings, found) => {
    const from = readings.value(ipvsSetting, { name: 'amemthresh' });
    if (found.id !== 'ipvs-drops-on-purpose' || found.details.whileLow.length === 0) return undefined;
    if (from === undefined || from <= usualPages) return undefined;
    return {
      owner: ownerOf(readings),
      title: `Have IPVS consider memory low below ${usualPages} free pages, as by default`,
      ...sysctlPlan(readings, [{ setting: 'net.ipv4.vs.amemthresh', from, to: usualPages }], readings.netns),
      tradeOff: 'IPVS begins to give up connections later. The kernel looks at it every few seconds.',
      verify: ['sysctl net.ipv4.vs.drop_packet net.ipv4.vs.drop_entry net.ipv4.vs.secure_tcp'],
    };
  },
};

export const lookAtMemory: RemedyKind = {
  docs: 'defence-of-ipvs',
  effect: 'look',
  preconditions: [],
  plan: (readings, found) => {
    if (found.id !== 'ipvs-drops-on-purpose' || found.details.whileLow.length === 0) return undefined;
    return {
      ...onlyLooks,
      owner: ownerOf(readings),
      title: 'Show what takes the memory of this load balancer: a program, or the connections of IPVS',
      commands: ['free -m', 'ps -eo rss,comm --sort=-rss | head', "grep -E '^(ip_vs|nf_conntrack)' /proc/slabinfo"],
      verify: ['lvs-exporter diagnose'],
    };
  },
};
