import { describe, expect, it } from 'vitest';
import { type DmiTexts, findHypervisor, type MachineTraits } from '../../../src/host/platform/hypervisor.ts';

const noDmi: DmiTexts = { productName: '', systemVendor: '', boardVendor: '', biosVendor: '', productVersion: '' };
const plain: MachineTraits = {
  dmi: noDmi,
  cpus: 'processor\t: 0\nflags\t\t: fpu vme sse2 lm\n',
  kernel: '6.1.0-28-amd64',
  clocks: 'tsc hpet acpi_pm',
  xen: { type: '', features: '', capabilities: '' },
  treeHypervisor: '',
  treeNodes: [],
  sysinfo: '',
};
const dmi = (texts: Partial<DmiTexts>) => ({ dmi: { ...noDmi, ...texts } });
const guestFlag = { cpus: 'flags\t\t: fpu sse2 hypervisor lahf_lm\n' };

describe('findHypervisor()', () => {
  it.each<[string, Partial<MachineTraits>, string | undefined]>([
    ['a server', dmi({ systemVendor: 'Dell Inc.', productName: 'PowerEdge R640' }), undefined],
    ['an instance of OpenStack', dmi({ systemVendor: 'OpenStack Foundation', productName: 'OpenStack Nova' }), 'KVM'],
    ['QEMU with KVM', { ...dmi({ systemVendor: 'QEMU' }), clocks: 'kvm-clock tsc acpi_pm' }, 'KVM'],
    ['QEMU that emulates', dmi({ systemVendor: 'QEMU', productName: 'Standard PC (Q35 + ICH9, 2009)' }), 'QEMU'],
    ['Firecracker, which has no DMI', { ...guestFlag, clocks: 'kvm-clock tsc' }, 'KVM'],
    ['VMware', dmi({ systemVendor: 'VMware, Inc.', productName: 'VMware7,1' }), 'VMware'],
    ['VirtualBox', dmi({ systemVendor: 'innotek GmbH', productName: 'VirtualBox' }), 'VirtualBox'],
    ['Hyper-V', dmi({ systemVendor: 'Microsoft Corporation', productName: 'Virtual Machine' }), 'HyperV'],
    ['Hyper-V by its clock', { ...guestFlag, clocks: 'hyperv_clocksource_tsc_page acpi_pm' }, 'HyperV'],
    ['a laptop of Microsoft', dmi({ systemVendor: 'Microsoft Corporation', productName: 'Surface Pro' }), undefined],
    ['WSL', { kernel: '5.15.90.1-microsoft-standard-WSL2' }, 'HyperV'],
    ['Amazon on Nitro', dmi({ systemVendor: 'Amazon EC2', productName: 'm5.large' }), 'KVM'],
    [
      'Amazon on hardware',
      { ...dmi({ systemVendor: 'Amazon EC2', productName: 'm5.metal' }), ...guestFlag },
      undefined,
    ],
    ['a large Amazon on hardware', dmi({ systemVendor: 'Amazon EC2', productName: 'm7i.metal-24xl' }), undefined],
    ['Google', dmi({ systemVendor: 'Google', productName: 'Google Compute Engine' }), 'KVM'],
    ['a server of Oracle', dmi({ systemVendor: 'Oracle Corporation', productName: 'SUN FIRE X4170' }), undefined],
    ['a guest of Xen', { xen: { type: 'xen', features: '00002705', capabilities: '' } }, 'Xen'],
    ['Amazon on Xen', { ...dmi({ biosVendor: 'Amazon EC2' }), xen: { ...plain.xen, type: 'xen' } }, 'Xen'],
    ['the host of Xen', { xen: { type: 'xen', features: '00000f05', capabilities: '' } }, undefined],
    ['the host of Xen by xenfs', { xen: { type: 'xen', features: '', capabilities: 'control_d' } }, undefined],
    ['ARM under KVM', { treeHypervisor: 'linux,kvm' }, 'KVM'],
    ['ARM under Xen', { treeHypervisor: 'xen,xen-4.17xen,xen' }, 'Xen'],
    ['ARM under another', { treeHypervisor: 'acme,hv' }, ''],
    ['ARM under QEMU', { treeNodes: ['cpus', 'fw-cfg@9020000'] }, 'QEMU'],
    ['a partition of POWER', { treeNodes: ['ibm,partition-name', 'hmc-managed?'] }, 'PowerVM'],
    ['a mainframe', { sysinfo: 'Type: 3931\nVM00 Control Program: z/VM    7.2.0\n' }, 'zVM'],
    ['KVM on a mainframe', { sysinfo: 'VM00 Control Program: KVM/Linux\n' }, 'KVM'],
    ['a guest of an unknown one', guestFlag, ''],
  ])('recognises %s', (_what, traits, hypervisor) => {
    expect(findHypervisor({ ...plain, ...traits })).toBe(hypervisor);
  });
});
