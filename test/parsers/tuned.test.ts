import { describe, expect, it } from 'vitest';
import { parseTunedMain, parseTunedProfile } from '../../src/parsers/tuned.ts';

describe('parseTunedProfile()', () => {
  it('reads the section [sysctl], and the profiles that it includes', () => {
    const text = `#
[main]
summary=A node
include=openshift, throughput-performance
[sysctl]
net.netfilter.nf_conntrack_max=1048576
# net.core.somaxconn=1
net/ipv4/conf/eth0.5/rp_filter = 2
[sysfs]
/sys/module/nvme_core/parameters/io_timeout=4294967295
net.core.netdev_max_backlog=1
`;
    expect(parseTunedProfile(text)).toEqual({
      settings: ['net.netfilter.nf_conntrack_max', 'net.ipv4.conf.eth0/5.rp_filter'],
      includes: ['openshift', 'throughput-performance'],
    });
  });
});

describe('parseTunedMain()', () => {
  it.each([
    ['', true],
    ['reapply_sysctl = 1', true],
    ['# reapply_sysctl = 0', true],
    ['daemon = 1\nreapply_sysctl=0', false],
    ['reapply_sysctl = False', false],
  ])('%j: %s', (text, reappliesSysctl) => {
    expect(parseTunedMain(text)).toEqual({ reappliesSysctl });
  });
});
