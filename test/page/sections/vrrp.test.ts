import { describe, expect, it } from 'vitest';
import { describeStatus } from '../../../src/page/model/status.ts';
import { vrrpSection } from '../../../src/page/sections/vrrp.ts';
import type { Sample } from '../../../src/scrape/metric.ts';
import { series, vrrp } from '../series.ts';

const instance = { instance_name: 'web', interface: 'eth0', vrid: '51', family: 'ipv4' };

function section(samples: readonly Sample[]): string {
  const { vrrp: read } = describeStatus({ atSeconds: 0, samples }, undefined);
  return vrrpSection(read, 0)?.markup ?? '';
}

/** The same samples, with other values of a metric. */
function withValue(samples: readonly Sample[], name: string, value: number): Sample[] {
  return samples.map((one) => (one.metric.name === name ? { ...one, value } : one));
}

describe('vrrpSection()', () => {
  it('shows the state that an instance wants and does not have', () => {
    const wants = series('keepalived_vrrp_wanted_state', 1, { ...instance, state: 'master' });
    expect(section([...vrrp('backup'), wants])).toMatch(/<span class="badge critical">.*Backup, wants master<\/span>/);
    expect(section([...vrrp('master'), wants])).toMatch(/<span class="badge good">.*Master<\/span>/);
  });

  it('shows an address that is misplaced or missing', () => {
    const bound = 'keepalived_vrrp_address_bound';
    expect(section(withValue(vrrp('backup'), bound, 1))).toContain('10.0.0.100 (is here)');
    expect(section(withValue(vrrp('master'), bound, 0))).toContain('10.0.0.100 (is not here)');
    expect(section(vrrp('master'))).toContain('>10.0.0.100</td>');
  });

  it('reports which process of a keepalived that runs is missing', () => {
    const processes = [
      series('keepalived_process_up', 0, { process: 'vrrp' }),
      series('keepalived_process_up', 1, { process: 'checker' }),
    ];
    const samples = [...withValue(vrrp('master'), 'keepalived_vrrp_state', 0), ...processes];
    expect(section(samples)).toMatch(
      /<span class="badge critical">.*Process down<\/span> keepalived .*: vrrp does not run/,
    );
    const { summary } = describeStatus({ atSeconds: 0, samples }, undefined);
    expect(summary.flatMap(({ tiles }) => tiles).find(({ title }) => title === 'VRRP')).toMatchObject({
      level: 'critical',
      value: 'Process down',
    });
  });

  it('names the tracked scripts that fail', () => {
    const scripts = [
      series('keepalived_script_up', 0, { script: 'check_web' }),
      series('keepalived_script_up', 1, { script: 'check_dns' }),
      series('keepalived_script_up', 0, { script: 'check_disk' }),
    ];
    expect(section([...vrrp('master'), ...scripts])).toContain('Tracked scripts: check_web, check_disk.');
    expect(section(vrrp('master'))).not.toContain('Tracked scripts');
  });
});
