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
/** @param name that of the file, which some tools are known by: `99-zzz-override_cilium.conf` */
export function parseSysctlConf(text: string, name = ''): SysctlConf {
  const lines = text.split('\n').map((line) => line.trim());
  const settings = lines.flatMap((line) => {
    const [, name] = /^-?([\w./@-]+)\s*=/.exec(line) ?? [];
    return name === undefined || /^[#;]/.test(line) ? [] : [settingName(name)];
  });
  const comments = lines.filter((line) => /^[#;]/.test(line));
  return { settings: [...new Set(settings)], manager: managerOf([...comments, name]) };
}

const managers =
  /(?<![a-z])(ansible|puppet|chef|salt|saltstack|tripleo|kolla|juju|kubespray|kops|terraform|cilium|calico|cloud-init|tuned|vyos)(?![a-z])/i;

function managerOf(texts: readonly string[]): string {
  return texts.map((line) => managers.exec(line)?.[1]?.toLowerCase()).find((one) => one !== undefined) ?? '';
}
