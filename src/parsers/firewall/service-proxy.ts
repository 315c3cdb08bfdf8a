/**
 * Chains and sets that only these have. In the other modes of kube-proxy, the chains of services are KUBE-SVC-... and
 * KUBE-SEP-..., and IPVS is not used.
 */
const patterns = [
  ['ipvs', /\bKUBE-(?:IPVS-(?:OUT-)?FILTER|NODE-PORT|LOAD-BALANCER)\b|--match-set KUBE-/],
  ['kube-router', /\bKUBE-ROUTER-(?:SERVICES|HAIRPIN)\b|--match-set kube-router-/],
] as const;

/** The programs of Kubernetes whose rules show that they manage IPVS, from what iptables-save or nft prints. */
export function findServiceProxies(texts: readonly string[]): (typeof patterns)[number][0][] {
  return patterns.filter(([, pattern]) => texts.some((text) => pattern.test(text))).map(([name]) => name);
}
