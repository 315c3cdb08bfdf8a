import { describe, expect, it } from 'vitest';
import { parseSysctlConf } from '../../src/parsers/sysctl-conf.ts';
import { expectParsedOrRefused } from './hostile-input.ts';

describe('parseSysctlConf()', () => {
  it.each([
    ['net.netfilter.nf_conntrack_max = 262144', 'net.netfilter.nf_conntrack_max'],
    ['  -net.ipv4.ip_forward=1', 'net.ipv4.ip_forward'],
    ['net/ipv4/conf/eth0.5/rp_filter=2', 'net.ipv4.conf.eth0/5.rp_filter'],
    ['net.ipv4.conf.eth0/5.rp_filter=2', 'net.ipv4.conf.eth0/5.rp_filter'],
    ['net.nf_conntrack_max=1', 'net.netfilter.nf_conntrack_max'],
  ])('reads %s', (line, setting) => {
    expect(parseSysctlConf(`# comment\n\n${line}\n`)).toEqual({ settings: [setting], manager: '' });
  });

  it('passes over comments, wildcards and what sets nothing', () => {
    const text = '; net.ipv4.ip_forward = 1\n#net.ipv4.ip_forward=1\nnet.ipv4.conf.*.rp_filter = 1\nnonsense\n';
    expect(parseSysctlConf(text).settings).toEqual([]);
  });

  it('recognizes the tool that a comment names', () => {
    expect(parseSysctlConf('# Ansible managed\nnet.ipv4.ip_forward=1\n').manager).toBe('ansible');
    expect(parseSysctlConf('ansible.x = 1\n').manager).toBe('');
  });

  it('reads any text', () => {
    expectParsedOrRefused(parseSysctlConf, '# Ansible managed\nnet.ipv4.ip_forward=1\n');
  });
});
