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
  ['ip filter ts-input', '', 'tailscale'],
  ['inet mullvad output', '', 'mullvad'],
  ['ip mullvadmangle4 mangle', '', 'mullvad'],
  ['inet mullvad_tailscale output', '', undefined],
  ['ip wg-quick-wg0 preraw', '', 'wg-quick'],
  [
    'PREROUTING',
    '-d 10.66.0.2/32 ! -i wg0 -m addrtype ! --src-type LOCAL -m comment --comment "wg-quick(8) rule for wg0" -j DROP',
    'wg-quick',
  ],
  ['nixos-fw-refuse', '', 'nixos'],
  ['inet nixos-fw input-allow', '', 'nixos'],
  ['ip vyos_filter VYOS_FORWARD_filter', '', 'vyos'],
  ['VYATTA_POST_FW_IN_HOOK', '', 'vyos'],
  ['INPUT_imunify360', '', 'imunify360'],
  ['INPUT', '-m set --match-set i360.ipv4.blacklist src -j DROP', 'imunify360'],
  ['opensnitch-filter-OUTPUT', '', 'opensnitch'],
  ['inet opensnitch mangle_output', '', 'opensnitch'],
  ['INPUT', '-m set --match-set crowdsec-blacklists src -j DROP', 'crowdsec'],
  ['ip crowdsec crowdsec-chain-input', '', 'crowdsec'],
  ['shorewall', '', 'shorewall'],
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
