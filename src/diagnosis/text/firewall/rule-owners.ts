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
  tailscale: { name: 'Tailscale', changeIn: 'Change the access rules of the tailnet.' },
  openwrt: { name: 'OpenWrt (fw4)', changeIn: 'Change /etc/config/firewall.' },
  csf: { name: 'ConfigServer Firewall', changeIn: 'Change /etc/csf/csf.conf or /etc/csf/csf.allow.' },
};
