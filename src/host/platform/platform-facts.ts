import { readdir } from 'node:fs/promises';
import { hasCode } from '../errors.ts';
import type { PlatformFacts } from '../host.ts';
import { readRegularFile } from '../regular-file.ts';
import { type DmiTexts, findHypervisor, type MachineTraits } from './hypervisor.ts';

/** What the machine is, from files alone. In a container these are the host's too: it is the kernel's view. */
export async function readPlatformFacts(locate: (path: string) => string): Promise<PlatformFacts> {
  const [traits, memoryBytes] = await Promise.all([readTraits(locate), readMemoryBytes()]);
  const hypervisor = findHypervisor(traits);
  return {
    manufacturer: traits.dmi.systemVendor,
    model: traits.dmi.productName,
    virtual: hypervisor !== undefined,
    virtualHost: hypervisor ?? '',
    memoryBytes,
  };
}

/** The file of systeminformation that starts no process: most others of it do. It is loaded by the first reading. */
async function readMemoryBytes(): Promise<number> {
  const { default: memory } = await import('systeminformation/lib/memory.js');
  return (await memory.mem()).total;
}

async function readTraits(locate: (path: string) => string): Promise<MachineTraits> {
  const text = (path: string) => readText(locate(path));
  const [dmi, cpus, kernel, clocks, type, features, capabilities, treeHypervisor, treeNodes, sysinfo] =
    await Promise.all([
      readDmi(text),
      text('/proc/cpuinfo'),
      text('/proc/sys/kernel/osrelease'),
      text('/sys/devices/system/clocksource/clocksource0/available_clocksource'),
      text('/sys/hypervisor/type'),
      text('/sys/hypervisor/properties/features'),
      text('/proc/xen/capabilities'),
      text('/proc/device-tree/hypervisor/compatible'),
      listNames(locate('/proc/device-tree')),
      text('/proc/sysinfo'),
    ]);
  return { dmi, cpus, kernel, clocks, xen: { type, features, capabilities }, treeHypervisor, treeNodes, sysinfo };
}

async function readDmi(text: (path: string) => Promise<string>): Promise<DmiTexts> {
  const read = (name: string) => text(`/sys/class/dmi/id/${name}`).then(withoutPlaceholder);
  const [productName, systemVendor, boardVendor, biosVendor, productVersion] = await Promise.all([
    read('product_name'),
    read('sys_vendor'),
    read('board_vendor'),
    read('bios_vendor'),
    read('product_version'),
  ]);
  return { productName, systemVendor, boardVendor, biosVendor, productVersion };
}

/** What makers of boards leave where the maker of the machine should have written. */
function withoutPlaceholder(text: string): string {
  return /o\.e\.m\.|default string|^default$/i.test(text) ? '' : text;
}

/** A row for each of 8,192 processors. */
const maxBytes = 2 ** 24;

/** Empty where the machine has no such file, or gives it to root alone. */
async function readText(path: string): Promise<string> {
  try {
    // Texts of a device tree end with a NUL.
    return (await readRegularFile(path, maxBytes)).replaceAll('\0', '').trim();
  } catch (error) {
    if (isUnreadable(error)) return '';
    throw error;
  }
}

async function listNames(path: string): Promise<readonly string[]> {
  try {
    return await readdir(path);
  } catch (error) {
    if (isUnreadable(error)) return [];
    throw error;
  }
}

function isUnreadable(error: unknown): boolean {
  return hasCode(error, 'ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'EIO', 'ENODEV', 'EINVAL');
}
