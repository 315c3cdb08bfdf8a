import { expect, it } from 'vitest';
import { ownerOfRule, ownersOfPolicy } from '../../src/identity/rule-owners.ts';

/** Names as these programs give them. */
it.each([
  ['DOCKER-FORWARD', '', 'docker'],
  ['ip docker-bridges filter-forward-in__docker0', '', 'docker'],
  ['FORWARD', '-i br-421a9e16d12b -j DROP', 'docker'],
  ['inet netavark NETAVARK-ISOLATION-1', '', 'podman'],
  ['LIBVIRT_FWI', '', 'libvirt'],
  ['ip libvirt_network guest_input', '', 'libvirt'],
  ['FI-vnet0', '', 'libvirt'],
  ['KUBE-POD-FW-SM3UEAX754LZVIBB', '', 'kube-router'],
  ['KUBE-FIREWALL', '', 'kube-proxy'],
  ['ip kube-proxy reject-chain', '', 'kube-proxy'],
  ['inet firewalld filter_FWD_public', '', 'firewalld'],
  ['FWDI_public_deny', '', 'firewalld'],
  ['ufw-user-forward', '', 'ufw'],
  ['ufw6-user-input', '', 'ufw'],
  ['f2b-sshd', '', 'fail2ban'],
  ['neutron-openvswi-sg-fallback', '', 'neutron'],
  ['CILIUM_FORWARD', '', 'cilium'],
  ['cali-tw-cali1234567890a', '', 'calico'],
  ['CNI-ISOLATION-STAGE-2', '', 'cni'],
  ['nm-sh-fw-wlan0', '', 'networkmanager'],
  ['inet lxd fwd.mpbr0', '', 'lxd'],
  ['PVEFW-FORWARD', '', 'proxmox'],
  ['ts-forward', '', 'tailscale'],
  ['FORWARD', '-o eth1 -j DROP', undefined],
  ['inet filter forward', '', undefined],
  ['IN_WEB', '-p tcp -j DROP', undefined],
])('ownerOfRule(%j, %j) is %s', (chain, rule, owner) => {
  expect(ownerOfRule(chain, rule)).toBe(owner);
});

it('ownersOfPolicy() names programs that set that policy, and have chains', () => {
  const chains = ['INPUT', 'FORWARD', 'DOCKER', 'ufw-before-input', 'LIBVIRT_FWI'];
  expect(ownersOfPolicy('FORWARD', chains)).toEqual(['docker', 'ufw']);
  expect(ownersOfPolicy('INPUT', chains)).toEqual(['ufw']);
  expect(ownersOfPolicy('FORWARD', ['FORWARD', 'LIBVIRT_FWI'])).toEqual([]);
});
