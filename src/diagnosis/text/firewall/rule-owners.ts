import type { RuleOwner } from '../../../identity/rule-owners.ts';

interface OwnerWords {
  readonly name: string;
  /** Where to change what it refuses: a sentence. */
  readonly changeIn: string;
}

/** Each of these writes its rules again: a change in its own chains does not last. */
export const ruleOwnerWords: Readonly<Record<RuleOwner, OwnerWords>> = {
  docker: {
    name: 'Docker',
    changeIn:
      'Accept what should pass in the chain DOCKER-USER, which Docker leaves to you. With firewall-backend nftables there is none: start dockerd with --bridge-accept-fwmark and mark these packets.',
  },
  podman: {
    name: 'Podman (netavark)',
    changeIn: 'Change the networks of Podman, or accept packets in an earlier chain.',
  },
  libvirt: {
    name: 'libvirt',
    changeIn:
      'Change the forward mode of the network (virsh net-edit): a network with forward mode "nat" accepts no connection from outside, "route" and "open" do.',
  },
  'kube-router': { name: 'kube-router', changeIn: 'Change the NetworkPolicy that selects these pods.' },
  'kube-proxy': {
    name: 'Kubernetes (kube-proxy or the kubelet)',
    changeIn: 'A service without ready endpoints is refused: look at it with kubectl get endpointslices -A.',
  },
  firewalld: { name: 'firewalld', changeIn: 'Allow it with firewall-cmd --permanent, then firewall-cmd --reload.' },
  ufw: { name: 'ufw', changeIn: 'Allow it with ufw allow, or ufw route allow for what this host forwards.' },
  fail2ban: { name: 'fail2ban', changeIn: 'Take an address out with fail2ban-client set JAIL unbanip ADDRESS.' },
  crowdsec: { name: 'CrowdSec', changeIn: 'Take an address out with cscli decisions delete --ip ADDRESS.' },
  imunify360: {
    name: 'Imunify360',
    changeIn:
      'Change its lists of addresses and its blocked ports: imunify360-agent ip-list local list shows the first.',
  },
  opensnitch: { name: 'OpenSnitch', changeIn: 'Change its rules in opensnitch-ui, or below /etc/opensnitchd.' },
  neutron: {
    name: 'Neutron',
    changeIn: 'Change the security group or the allowed address pairs of the port: openstack port show PORT.',
  },
  'ovn-kubernetes': { name: 'OVN-Kubernetes', changeIn: 'Change the NetworkPolicy or the EgressFirewall.' },
  cilium: { name: 'Cilium', changeIn: 'Change the CiliumNetworkPolicy or the configuration of Cilium.' },
  calico: { name: 'Calico', changeIn: 'Change the NetworkPolicy, or defaultEndpointToHostAction of Felix.' },
  antrea: { name: 'Antrea', changeIn: 'Change the NetworkPolicy that selects these pods.' },
  weave: { name: 'Weave Net', changeIn: 'Change the NetworkPolicy that selects these pods.' },
  flannel: { name: 'flannel', changeIn: 'Change the configuration of flannel.' },
  cni: { name: 'a CNI plug-in', changeIn: 'Accept what should pass in the chain CNI-ADMIN, which is left to you.' },
  networkmanager: {
    name: 'NetworkManager',
    changeIn: 'A connection with ipv4.method "shared" refuses what comes from outside: change the connection.',
  },
  lxd: { name: 'LXD or Incus', changeIn: 'Change the ACL or ipv4.firewall of the network.' },
  proxmox: {
    name: 'Proxmox VE',
    changeIn: 'Change the firewall of the machine, the node or the cluster in Proxmox VE.',
  },
  tailscale: {
    name: 'Tailscale',
    changeIn:
      'Change the access rules of the tailnet. If the rule refuses 100.64.0.0/10 from other interfaces, and a carrier or a cloud has addresses of it: tailscale set --netfilter-mode=nodivert, and accept in other chains what the tailnet may send.',
  },
  mullvad: {
    name: 'Mullvad VPN',
    changeIn:
      'mullvad lan set allow lets local networks pass. Everything else outside of the tunnel is refused until mullvad disconnect, with lockdown mode until mullvad lockdown-mode set off.',
  },
  'wg-quick': {
    name: 'wg-quick',
    changeIn:
      'For a tunnel to 0.0.0.0/0 or ::/0, it refuses packets from other interfaces to the address of the tunnel. Change AllowedIPs, or set Table = off in /etc/wireguard.',
  },
  shorewall: {
    name: 'Shorewall',
    changeIn: 'Accept it in /etc/shorewall/rules (IPv6: /etc/shorewall6/rules), then run shorewall reload.',
  },
  nixos: {
    name: 'NixOS',
    changeIn: 'Allow it in networking.firewall of the NixOS configuration, then run nixos-rebuild switch.',
  },
  vyos: { name: 'VyOS', changeIn: 'Change it in the configuration mode with set firewall, then commit and save.' },
  openwrt: { name: 'OpenWrt (fw4)', changeIn: 'Change /etc/config/firewall.' },
  csf: { name: 'ConfigServer Firewall', changeIn: 'Change /etc/csf/csf.conf or /etc/csf/csf.allow.' },
};
