/** Programs beside keepalived and those of Kubernetes that set up virtual servers. */
export const otherServiceManagers = ['ldirectord', 'seesaw', 'gorb', 'kube-vip'] as const;

export type OtherServiceManager = (typeof otherServiceManagers)[number];

/** Those that give weight 0 to a real server whose check fails, ldirectord with `quiescent = yes`, and do not remove it. */
export const quiescingManagers = ['ldirectord', 'gorb'] as const satisfies readonly OtherServiceManager[];
