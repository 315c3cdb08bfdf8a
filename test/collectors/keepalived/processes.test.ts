import { describe, expect, it } from 'vitest';
import { createKeepalived, keepalived } from '../../../src/collectors/keepalived/keepalived.ts';
import { createKeepalivedCheckers } from '../../../src/collectors/keepalived-checkers/keepalived-checkers.ts';
import type { DumpKind, Keepalived } from '../../../src/host/host.ts';
import { render } from '../../../src/http/exposition.ts';
import { readCheckFixture } from '../../keepalived/check-fixtures.ts';
import { readDump } from '../../keepalived/fixtures.ts';
import { createHost } from '../../machine.ts';

const dump = (kind: DumpKind, ended?: boolean) => ({
  text: kind === 'check' ? readCheckFixture('2.2.7', 'keepalived_check.data') : readDump('2.2.7/master', kind),
  modifiedSeconds: 7,
  ...(ended && { ended }),
});

const running = (more: Partial<Keepalived>): Keepalived => ({ daemon: '', running: true, dumps: {}, ...more });

async function collect(keepaliveds: readonly Keepalived[], collector = keepalived): Promise<string[]> {
  const text = await render(await collector.collect(createHost({ keepalived: keepaliveds })), 'text');
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

describe('keepalived.collect() of processes', () => {
  it('gives each that runs with its start, and each that is missed', async () => {
    const processes = [
      { process: 'vrrp', restarts: 3 },
      { process: 'checker', startSeconds: 1795390100.25, restarts: 0 },
    ] as const;
    expect(await collect([running({ processes })])).toEqual([
      'keepalived_up 1',
      'keepalived_process_up{process="vrrp"} 0',
      'keepalived_process_up{process="checker"} 1',
      'keepalived_process_restarts_total{process="vrrp"} 3',
      'keepalived_process_restarts_total{process="checker"} 0',
      'keepalived_process_start_time_seconds{process="checker"} 1795390100.25',
      'lvs_exporter_series_limited{collector="keepalived"} 0',
    ]);
  });

  it('gives the instances of a VRRP process that is away in no state, and the time of no dump', async () => {
    const lines = await collect([running({ dumps: { json: dump('json', true), data: dump('data', true) } })]);
    const states = lines.filter((line) => line.startsWith('keepalived_vrrp_state{'));
    expect(states.map((line) => line.split(' ')[1])).toEqual(Array(4 * 6).fill('0'));
    expect([...new Set(lines.map((line) => line.split(/[{ ]/)[0]))]).toEqual([
      'keepalived_up',
      'keepalived_vrrp_state',
      'keepalived_dump_skipped_lines',
      'lvs_exporter_series_limited',
      'lvs_exporter_source_info',
    ]);
  });

  it('gives nothing of checkers while their process is away', async () => {
    const checkers = createKeepalivedCheckers({ maxSeries: 1000, aggregate: false });
    const check = dump('check');
    const missed = [{ process: 'checker', restarts: 1 }] as const;
    expect((await collect([running({ dumps: { check } })], checkers)).length).toBeGreaterThan(10);
    expect(await collect([running({ dumps: {}, processes: missed })], checkers)).toEqual([]);
  });
});

describe('createKeepalived() with a limit', () => {
  it('leaves out whole instances beyond it, counts their series, and keeps what is of keepalived itself', async () => {
    const dumps = { json: dump('json'), data: dump('data') };
    const all = await collect([running({ dumps })]);
    const limited = await collect([running({ dumps })], createKeepalived({ maxSeries: 80 }));
    const ofInstance = (lines: readonly string[], name: string) =>
      lines.filter((line) => line.includes(`instance_name="${name}"`));
    expect(ofInstance(limited, 'VI_web')).toEqual(ofInstance(all, 'VI_web'));
    expect(ofInstance(limited, 'VI_mail')).toEqual([]);
    expect(limited).toContain('keepalived_up 1');
    const heldBack = all.length - limited.length;
    expect(heldBack).toBeGreaterThan(0);
    expect(limited).toContain(`lvs_exporter_series_limited{collector="keepalived"} ${heldBack}`);
  });

  it('counts the instances of all keepaliveds together', async () => {
    const two = ['a', 'b'].map((daemon) => running({ daemon, dumps: { json: dump('json') } }));
    const lines = await collect(two, createKeepalived({ maxSeries: 150 }));
    expect(lines.filter((line) => line.includes('keepalived_vrrp')).length).toBeLessThanOrEqual(150);
    expect(lines).toContain('keepalived_up{daemon="b"} 1');
  });
});
