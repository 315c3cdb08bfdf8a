/** What the kernel and the firmware show of a machine. Empty where it has nothing of the kind. */
export interface MachineTraits {
  readonly dmi: DmiTexts;
  /** /proc/cpuinfo */
  readonly cpus: string;
  /** /proc/sys/kernel/osrelease */
  readonly kernel: string;
  /** /sys/devices/system/clocksource/clocksource0/available_clocksource: `tsc kvm-clock acpi_pm` */
  readonly clocks: string;
  readonly xen: {
    /** /sys/hypervisor/type: `xen` */
    readonly type: string;
    /** /sys/hypervisor/properties/features: `00002705` */
    readonly features: string;
    /** /proc/xen/capabilities */
    readonly capabilities: string;
  };
  /** /proc/device-tree/hypervisor/compatible: `linux,kvm` */
  readonly treeHypervisor: string;
  /** The names in /proc/device-tree. */
  readonly treeNodes: readonly string[];
  /** /proc/sysinfo, of s390 alone. */
  readonly sysinfo: string;
}

/** Of /sys/class/dmi/id. */
export interface DmiTexts {
  readonly productName: string;
  readonly systemVendor: string;
  readonly boardVendor: string;
  readonly biosVendor: string;
  readonly productVersion: string;
}

/** By how the texts of DMI begin, as systemd-detect-virt reads them (src/basic/virt.c of systemd). */
const vendors = [
  ['KVM', 'KVM'],
  ['OpenStack', 'KVM'],
  ['KubeVirt', 'KVM'],
  ['RHEV', 'KVM'],
  ['oVirt', 'KVM'],
  ['Amazon EC2', 'KVM'],
  ['Google Compute Engine', 'KVM'],
  ['Droplet', 'KVM'],
  ['QEMU', 'QEMU'],
  ['VMware', 'VMware'],
  ['VMW', 'VMware'],
  ['innotek GmbH', 'VirtualBox'],
  ['VirtualBox', 'VirtualBox'],
  ['Xen', 'Xen'],
  ['HVM domU', 'Xen'],
  ['Bochs', 'Bochs'],
  ['Parallels', 'Parallels'],
  ['BHYVE', 'bhyve'],
  ['Hyper-V', 'HyperV'],
  ['Apple Virtualization', 'Apple'],
] as const;

/** By the clocks that their guests have beside those of the processor. */
const guestClocks = [
  ['kvm-clock', 'KVM'],
  ['hyperv_clocksource', 'HyperV'],
  ['xen', 'Xen'],
] as const;

const treeHypervisors = [
  ['kvm', 'KVM'],
  ['xen', 'Xen'],
  ['vmware', 'VMware'],
] as const;

/** The hypervisor that a machine runs under: '' for an unknown one, undefined without one. */
export function findHypervisor(traits: MachineTraits): string | undefined {
  const { dmi, xen, clocks } = traits;
  if (isXenHost(traits) || isAmazonHardware(dmi)) return undefined;
  if (xen.type === 'xen') return 'Xen';
  const byFirmware = findByFirmware(dmi);
  // The firmware of QEMU is that of machines which KVM runs, too.
  if (byFirmware !== undefined && byFirmware !== 'QEMU') return byFirmware;
  const byClock = guestClocks.find(([clock]) => clocks.includes(clock))?.[1];
  return findWsl(traits) ?? findOnOtherProcessors(traits) ?? byClock ?? byFirmware ?? findUnknown(traits);
}

/** XENFEAT_dom0 of xen/include/public/features.h: the domain that has the hardware. */
const XENFEAT_dom0 = 1 << 11;

function isXenHost({ xen: { features, capabilities } }: MachineTraits): boolean {
  return (Number.parseInt(features, 16) & XENFEAT_dom0) !== 0 || /\bcontrol_d\b/.test(capabilities);
}

/** `m5.metal`, `u-6tb1.metal`: the vendor is that of virtual machines. */
function isAmazonHardware({ systemVendor, productName }: DmiTexts): boolean {
  return systemVendor.startsWith('Amazon EC2') && /\.metal(-|$)/.test(productName);
}

function findByFirmware(dmi: DmiTexts): string | undefined {
  if (dmi.systemVendor.startsWith('Microsoft') && dmi.productName === 'Virtual Machine') return 'HyperV';
  const texts = [dmi.productName, dmi.systemVendor, dmi.boardVendor, dmi.biosVendor, dmi.productVersion];
  const names = texts.map((text) => vendors.find(([beginning]) => text.startsWith(beginning))?.[1]);
  return names.find((name) => name !== undefined);
}

function findWsl({ kernel }: MachineTraits): string | undefined {
  return /microsoft|wsl2$/i.test(kernel) ? 'HyperV' : undefined;
}

/** ARM and POWER have a device tree, mainframes a file of their own. */
function findOnOtherProcessors({ treeHypervisor, treeNodes, sysinfo }: MachineTraits): string | undefined {
  if (treeHypervisor !== '') return treeHypervisors.find(([word]) => treeHypervisor.includes(word))?.[1] ?? '';
  if (treeNodes.includes('ibm,partition-name') && treeNodes.includes('hmc-managed?')) return 'PowerVM';
  const [, program] = /^VM00 Control Program:\s*(\S+)/m.exec(sysinfo) ?? [];
  if (program !== undefined) return program === 'z/VM' ? 'zVM' : 'KVM';
  return treeNodes.some((node) => node.includes('fw-cfg')) ? 'QEMU' : undefined;
}

/** On x86 every hypervisor that does not hide sets a flag of the processor. */
function findUnknown({ cpus }: MachineTraits): '' | undefined {
  return /^flags\s*:.*\bhypervisor\b/m.test(cpus) ? '' : undefined;
}
