import type { Host } from '../host/host.ts';
import { createLinuxHost } from '../host/linux-host.ts';
import type { NotifyFifo } from '../keepalived/notify/notify-fifo.ts';
import { createKeepalivedReader } from '../keepalived/reader.ts';
import type { MachineConfig } from './options/machine-config.ts';

/** This machine, as it is configured to be read. */
export function openMachine({ procfs, lastDumpsDirectory }: MachineConfig, fifo?: NotifyFifo): Host {
  const keepalived = createKeepalivedReader({ procfs, lastDumpsDirectory });
  return createLinuxHost({ procfs, keepalived, ...(fifo && { announcements: async () => fifo.announcements() }) });
}
