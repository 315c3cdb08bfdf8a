import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame } from '../src/recording/frame.ts';

/** What the machines of the story are: User Mode Linux has no firmware that reports it. */
const platforms: Readonly<Record<string, NonNullable<Frame['platform']>>> = {
  compute: { manufacturer: 'Dell Inc.', model: 'PowerEdge R640', virtual: false, virtualHost: '' },
  director1: { manufacturer: 'OpenStack Foundation', model: 'OpenStack Nova', virtual: true, virtualHost: 'KVM' },
  director2: { manufacturer: 'OpenStack Foundation', model: 'OpenStack Nova', virtual: true, virtualHost: 'KVM' },
};

/** Of the initial network namespace alone: a director is one of its own in the lab, and a machine in the story. */
const ofMachines = 'nf_conntrack_max';

/** Makes the recordings those of machines where the lab's nodes are network namespaces of one kernel. */
export function recordAsMachines(folder: string): void {
  for (const [node, platform] of Object.entries(platforms)) {
    for (const moment of readdirSync(join(folder, node)).filter((name) => /^\d/.test(name))) {
      const file = join(folder, node, moment, 'frame.json');
      const frame: Frame = JSON.parse(readFileSync(file, 'utf8'));
      writeFileSync(file, `${JSON.stringify(asMachine(frame, platform), undefined, 2)}\n`);
    }
  }
}

function asMachine(frame: Frame, platform: NonNullable<Frame['platform']>): Frame {
  const { platform: recorded, directories } = frame;
  const names = directories['/proc/sys/net'];
  return {
    ...frame,
    ...(recorded === undefined ? {} : { platform: { ...recorded, ...platform } }),
    ...(names === undefined
      ? {}
      : { directories: { ...directories, '/proc/sys/net': [...new Set([...names, ofMachines])].sort() } }),
  };
}
