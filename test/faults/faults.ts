import { netlinkUnavailable } from '../../src/host/errors.ts';
import type { Keepalived } from '../../src/host/host.ts';
import { malformed } from '../../src/netlink/messages.ts';
import { systemError } from '../machine.ts';
import type { Fault, Method } from './faulty-host.ts';

type Faults = Readonly<Record<string, Fault>>;

const anywhere: Faults = {
  EIO: reject('EIO'),
  EACCES: reject('EACCES'),
  ENOENT: reject('ENOENT'),
  async 'never returns'(ask, parameters, hang) {
    await hang();
    return await ask(...parameters);
  },
};

const ofTexts: Faults = {
  ...anywhere,
  truncated: async (ask, parameters) => truncate((await ask(...parameters)) as string),
};

const ofFiles: Faults = { ...ofTexts, empty: async () => '' };

/** `take` or `visit`, the callback that they are called with, has had a part by then. */
const midway: Faults = {
  'EIO midway': rejectMidway('EIO'),
  'ENOENT midway': rejectMidway('ENOENT'),
};

const ofNetlink: Faults = {
  ...anywhere,
  ...Object.fromEntries(Object.keys(netlinkUnavailable).map((code) => [code, reject(code)])),
  ENOBUFS: reject('ENOBUFS'),
  ETIMEDOUT: reject('ETIMEDOUT'),
  'truncated message': async () => {
    throw malformed(64, 'a message has length 132');
  },
};

/** What can go wrong with each method of a host. */
export const faults: Readonly<Record<Method, Faults>> = {
  readFile: ofFiles,
  readParts: {
    ...anywhere,
    ...midway,
    empty: async () => true,
    truncated: (ask, [path, take]) => ask(path, (part: string) => (take as (part: string) => boolean)(truncate(part))),
  },
  listDirectory: anywhere,
  readLink: anywhere,
  flows: { ...ofNetlink, ...midway, 'ENOBUFS midway': rejectMidway('ENOBUFS') },
  conntrackCounters: ofNetlink,
  ipvs: ofNetlink,
  keepalived: {
    ...anywhere,
    'empty dumps': (ask) => changeDumps(ask, () => ''),
    'truncated dumps': (ask) => changeDumps(ask, truncate),
  },
  requestDumps: anywhere,
  announcements: anywhere,
  addresses: ofNetlink,
  neighbours: ofNetlink,
  interfaceStatistics: ofNetlink,
  rawTables: ofTexts,
  openVSwitch: ofFiles,
  zoneLimits: ofNetlink,
  platform: anywhere,
  firewall: { ...anywhere, 'truncated rules': async () => ({ iptables: '*raw\n:PREROU', ip6tables: '', nft: '{"nf' }) },
};

export function reject(code: string): Fault {
  return async () => {
    throw systemError(code, 'injected');
  };
}

function rejectMidway(code: string): Fault {
  return async (ask, parameters) => {
    await ask(...parameters);
    throw systemError(code, 'injected');
  };
}

/** The first half, and never whole lines alone: such a cut looks like a shorter file. */
function truncate(text: string): string {
  return text.slice(0, Math.ceil(text.length / 2)).replace(/\n$/, '');
}

async function changeDumps(ask: () => Promise<unknown>, change: (text: string) => string): Promise<Keepalived[]> {
  const keepaliveds = (await ask()) as readonly Keepalived[];
  return keepaliveds.map((one) => {
    const dumps = Object.entries(one.dumps).map(([kind, dump]) => [kind, { ...dump, text: change(dump.text) }]);
    return { ...one, dumps: Object.fromEntries(dumps) };
  });
}
