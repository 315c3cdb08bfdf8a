/** A kernel setting as sysctl names it, with dots between its parts. Where a slash comes first, dots are part of a name, such as that of a VLAN. */
export function settingName(written: string): string {
  const isPath = /^[^./]*\//.test(written);
  const name = isPath ? written.replaceAll(/[./]/g, (sign) => (sign === '/' ? '.' : '/')) : written;
  // The name from before Linux 2.6.28 still sets the same.
  return name === 'net.nf_conntrack_max' ? 'net.netfilter.nf_conntrack_max' : name;
}
