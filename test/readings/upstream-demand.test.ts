import { describe, expect, it } from 'vitest';
import { ipvsUpstreamTests } from '../../alerts/tests/ipvs-upstream.ts';
import { seriesValues } from '../../alerts/tests/series-values.ts';
import { diagnose } from '../../src/diagnosis/diagnose.ts';
import { thresholds } from '../../src/identity/thresholds.ts';
import { describeStatus } from '../../src/page/model/status.ts';
import { parseDuration } from '../../src/parsers/duration.ts';
import { directorDemand } from '../../src/plan/director-demand.ts';
import { splitByNamespace } from '../../src/readings/readings.ts';
import { readUpstreamDemand } from '../../src/readings/upstream-demand.ts';
import { samplesOf } from '../diagnosis/samples.ts';

/** The times at which the collector read: a rate needs two of them. */
const readAt = (seconds: number) =>
  `lvs_exporter_collector_last_success_timestamp_seconds{collector="ipvs"} ${seconds}`;

function demandOf(now: readonly string[], before: readonly string[]) {
  const [readings] = splitByNamespace(samplesOf(...now), samplesOf(...before));
  return readings && readUpstreamDemand(readings);
}

describe('readUpstreamDemand() and the recording rules', () => {
  const scrapeSeconds = 15;
  const windowSeconds = 60;
  const loadEndsSeconds = 900;
  type AlertTest = (typeof ipvsUpstreamTests)[number];

  /** The series of one machine in the test of an alert, as the exporter serves them. */
  function scrape({ series }: AlertTest, instance: string, atSeconds: number): string[] {
    const own = Object.entries(series).filter(([name]) => name.includes(` instance="${instance}"`));
    const lines = own.map(([name, words]) => {
      const labelled =
        name.includes('protocol=') && !name.includes('fwmark=') ? name.replace('}', ', fwmark=""}') : name;
      return `${labelled} ${seriesValues(words, scrapeSeconds).split(' ')[atSeconds / scrapeSeconds]}`;
    });
    return [readAt(atSeconds), ...lines];
  }

  /** Of each machine whose alert should fire, how full the table is, in percent, and thousands of its largest service. */
  function compute(test: AlertTest, atSeconds: number): Map<string, (number | undefined)[]> {
    const instances = new Set(Object.keys(test.series).map((name) => / instance="([^"]*)"/.exec(name)?.[1] ?? ''));
    const shown = (value: number | undefined) => value && Number(value.toPrecision(4));
    const computed = [...instances].map((instance) => {
      const now = scrape(test, instance, atSeconds);
      const demand = demandOf(now, scrape(test, instance, atSeconds - windowSeconds));
      const [limit] = samplesOf(...now).filter(({ metric }) => metric.name === 'ipvs_upstream_conntrack_limit');
      const share = limit?.value && demand?.total ? demand.total.entries / limit.value : 0;
      const largest = demand?.services[0]?.demand?.entries;
      return { instance, share, values: [shown(share * 100), shown(largest && largest / 1000)] };
    });
    const firing = computed.filter(({ share }) => share > thresholds.upstreamConntrack.warning);
    return new Map(firing.map(({ instance, values }) => [instance, values]));
  }

  it.each(
    ipvsUpstreamTests.flatMap((test) =>
      Object.entries(test.expected)
        .filter(([at, firing]) => firing.length > 0 && (parseDuration(at) ?? 0) <= loadEndsSeconds)
        .map(([at, firing]) => ({ at, test, firing, when: test.when })),
    ),
  )('agree when $when, after $at', ({ at, test, firing }) => {
    const alerts = firing.map(({ labels, description }): [string, (number | undefined)[]] => {
      const [, share] = /([\d.]+)%/.exec(description) ?? [];
      const [, largest] = /([\d.]+)k\b/.exec(description) ?? [];
      return [labels.instance ?? '', [Number(share), largest === undefined ? undefined : Number(largest)]];
    });
    expect(compute(test, parseDuration(at) ?? Number.NaN)).toEqual(new Map(alerts));
  });
});

describe('the demand of a director half of whose weight is masqueraded', () => {
  const web = 'protocol="tcp",address="10.0.0.100",port="80",fwmark=""';
  const dns = 'protocol="udp",address="10.0.0.100",port="53",fwmark=""';
  const inside = 'protocol="tcp",address="10.0.0.100",port="22",fwmark=""';
  const real = (metric: string, service: string, number: number, forward: string) =>
    `ipvs_real_server_${metric}{${service},real_address="10.0.0.${number}",real_port="80",forward="${forward}"}`;
  const files = (seconds: number) => [
    readAt(seconds),
    'ipvs_upstream_conntrack_limit 4000',
    ...[web, dns, inside].map((service) => `ipvs_virtual_server_real_servers{${service}} 2`),
    `${real('weight', web, 11, 'direct')} 1`,
    `${real('weight', web, 12, 'masquerade')} 1`,
    `${real('weight', dns, 11, 'tunnel')} 2`,
    `${real('weight', inside, 12, 'masquerade')} 2`,
    `${real('active_connections', web, 11, 'direct')} 0`,
    `${real('active_connections', web, 12, 'masquerade')} 0`,
    `${real('active_connections', dns, 11, 'tunnel')} 0`,
    `${real('active_connections', inside, 12, 'masquerade')} 0`,
    `ipvs_connections_total ${seconds * 40}`,
  ];
  const services = (seconds: number) => [
    `ipvs_virtual_server_connections_total{${web}} ${seconds * 20}`,
    `ipvs_virtual_server_connections_total{${dns}} ${seconds * 4}`,
    `ipvs_virtual_server_connections_total{${inside}} ${seconds * 16}`,
  ];
  const reals = (seconds: number) => [
    `${real('connections_total', web, 11, 'direct')} ${seconds * 8}`,
    `${real('connections_total', web, 12, 'masquerade')} ${seconds * 12}`,
    `${real('connections_total', dns, 11, 'tunnel')} ${seconds * 4}`,
    `${real('connections_total', inside, 12, 'masquerade')} ${seconds * 16}`,
  ];

  it.each<[string, ((seconds: number) => string[])[], number, number]>([
    ['by the counters of real servers', [files, services, reals], 12, 8 * 180 + 4 * 90],
    ['by those of services and the weights, where they are added up', [files, services], 14, 10 * 180 + 4 * 90],
    ['by the total and the weights, without netlink', [files], 20, 20 * 180],
  ])('is the same everywhere: %s', (_, sources, perSecond, entries) => {
    const at = (seconds: number) => sources.flatMap((source) => source(seconds));
    const [now, before] = [samplesOf(...at(115)), samplesOf(...at(100))];
    expect(demandOf(at(115), at(100))?.total).toEqual({ perSecond, entries });

    const status = describeStatus({ atSeconds: 115, samples: now }, { atSeconds: 100, samples: before });
    expect(status.upstream).toEqual({ perSecond, entries, limit: 4000 });

    const finding = diagnose(now, before).find(({ id }) => id === 'ipvs-upstream-conntrack-pressure');
    expect(finding?.numbers).toEqual({ limitEntries: 4000, neededEntries: entries, arrivalsPerSecond: perSecond });

    const { loads } = directorDemand(now, before);
    const half = loads.filter(({ seen }) => seen === 'half');
    expect(half.reduce((sum, load) => sum + load.perSecond, 0)).toBe(perSecond);
    expect(loads.reduce((sum, load) => sum + load.perSecond, 0)).toBe(40);
  });

  it('is not known from one reading, nor while no real server has any weight', () => {
    expect(demandOf(files(115), [])?.total).toBeUndefined();
    const drained = (seconds: number) => files(seconds).map((line) => line.replace(/(_weight.*) \d$/, '$1 0'));
    expect(demandOf(drained(115), drained(100))?.total).toBeUndefined();
    const findings = diagnose(samplesOf(...drained(115)), samplesOf(...drained(100)));
    expect(findings.find(({ id }) => id === 'ipvs-upstream-conntrack-pressure')).toMatchObject({
      severity: 'info',
      numbers: { limitEntries: 4000 },
      details: { isLimitAssumed: false, services: [] },
    });
  });

  it('is no pressure on a hop that is configured without a limit', () => {
    const unlimited = (seconds: number) =>
      samplesOf(...files(seconds).map((line) => line.replace('limit 4000', 'limit 0')));
    const [now, before] = [unlimited(115), unlimited(100)];
    const status = describeStatus({ atSeconds: 115, samples: now }, { atSeconds: 100, samples: before });
    expect(status.upstream?.limit).toBeUndefined();
    expect(status.findings).toEqual([]);
  });

  it('is none where all is masqueraded', () => {
    const masqueraded = (seconds: number) => files(seconds).map((line) => line.replace(/direct|tunnel/, 'masquerade'));
    expect(demandOf(masqueraded(115), masqueraded(100))).toBeUndefined();
  });
});
