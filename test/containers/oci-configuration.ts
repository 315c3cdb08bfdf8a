import type { ContainerOptions } from './container.ts';
import { readSeccomp } from './seccomp.ts';

/** The OCI runtime configuration. Source of the defaults: daemon/pkg/oci/defaults.go of Docker. */
export async function configure({
  image,
  network,
  args,
  capabilities,
  ...options
}: ContainerOptions): Promise<unknown> {
  const [uid = 0, gid = 0] = (options.user ?? image.user).split(':').map(Number);
  const granted = capabilities.map((name) => `CAP_${name}`);
  // Docker gives them to root; of another user they only are the bound.
  const own = uid === 0 ? granted : [];
  const environment = Object.entries({ PATH: defaultPath, ...image.environment });
  return {
    ociVersion: '1.0.2',
    process: {
      user: { uid, gid },
      args: [...image.entrypoint, ...args],
      env: environment.map(([name, value]) => `${name}=${value}`),
      cwd: image.workingDirectory,
      capabilities: { bounding: granted, permitted: own, effective: own },
      noNewPrivileges: true,
    },
    root: { path: image.root, readonly: true },
    mounts,
    linux: {
      namespaces: [
        { type: 'mount' },
        { type: 'ipc' },
        { type: 'uts' },
        ...(options.hostPid ? [] : [{ type: 'pid' }]),
        { type: 'network', path: `/run/netns/${network}` },
      ],
      maskedPaths,
      readonlyPaths,
      seccomp: await readSeccomp(granted),
    },
  };
}

const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

const mounts = [
  { destination: '/proc', type: 'proc', source: 'proc', options: ['nosuid', 'noexec', 'nodev'] },
  { destination: '/dev', type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'strictatime', 'mode=755'] },
  { destination: '/sys', type: 'sysfs', source: 'sysfs', options: ['nosuid', 'noexec', 'nodev', 'ro'] },
];

const maskedPaths = [
  '/proc/acpi',
  '/proc/asound',
  '/proc/interrupts',
  '/proc/kcore',
  '/proc/keys',
  '/proc/latency_stats',
  '/proc/sched_debug',
  '/proc/scsi',
  '/proc/timer_list',
  '/proc/timer_stats',
  '/sys/devices/virtual/powercap',
  '/sys/firmware',
];

const readonlyPaths = ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger'];
