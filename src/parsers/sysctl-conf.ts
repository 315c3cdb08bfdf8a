import { settingName } from '../identity/setting-name.ts';

/** A file below /etc/sysctl.d and its like: what it sets, and the tool that, by a comment, writes the file. */
export interface SysctlConf {
  /** Settings as `settingName` has them. */
  readonly settings: readonly string[];
  /** In lower case, such as `ansible`. Empty if no comment names one. */
  readonly manager: string;
}

/**
 * Reads sysctl.d(5): `net.netfilter.nf_conntrack_max = 262144`, `-net/ipv4/conf/eth0.5/rp_filter=1`. Lines that set
 * nothing are passed over, as the tools do. Names with a wildcard name no single setting.
 */
export function parseSysctlConf(text: string): SysctlConf {
  const lines = text.split('\n').map((line) => line.trim());
  const settings = lines.flatMap((line) => {
    const [, name] = /^-?([\w./@-]+)\s*=/.exec(line) ?? [];
    return name === undefined || /^[#;]/.test(line) ? [] : [settingName(name)];
  });
  return { settings: [...new Set(settings)], manager: managerOf(lines.filter((line) => /^[#;]/.test(line))) };
}

const managers = /\b(ansible|puppet|chef|salt|saltstack|tripleo|kolla|juju|kubespray|terraform|cilium|calico)\b/i;

function managerOf(comments: readonly string[]): string {
  return comments.map((line) => managers.exec(line)?.[1]?.toLowerCase()).find((one) => one !== undefined) ?? '';
}
