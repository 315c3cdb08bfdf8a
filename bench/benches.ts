interface Bench {
  /** Relative to this file. */
  readonly entry: string;
  readonly about: string;
}

/** By what `npm run bench --` is given. */
export const benches: Readonly<Record<string, Bench>> = {
  all: {
    entry: './all.ts',
    about: 'rest, ipvs and netlink: --save FILE keeps what they measure, --against FILE compares with what was kept',
  },
  netlink: {
    entry: './netlink.ts',
    about: 'reading the connection tracking table, beside `conntrack -L` and a loop that only receives',
  },
  sample: { entry: './sample.ts', about: 'a census of a sample, beside one of the whole table' },
  ipvs: { entry: './ipvs.ts', about: 'a scrape of large IPVS tables, beside node_exporter' },
  rest: { entry: './rest.ts', about: 'memory at rest and the first scrape, beside the bare runtime' },
  page: { entry: './page.ts', about: 'the status page of large IPVS tables, beside a scrape' },
  flows: { entry: './flows/flows.ts', about: 'arrivals and forecasts, beside what was sent and came' },
  race: { entry: './race/race.ts', about: 'alert rules before a table is full, beside those of others' },
  'fleet-nodes': { entry: './fleet/nodes.ts', about: 'series and size of a scrape of directors and compute nodes' },
  fleet: { entry: './fleet/measure.ts', about: 'alert rules for 1, 100 and 1,000 simulated nodes' },
  'fleet-victoria': {
    entry: './fleet/victoria.ts',
    about: 'what 1,000 simulated nodes cost VictoriaMetrics and vmagent',
  },
  'fleet-vmalert': {
    entry: './fleet/vmalert.ts',
    about: 'alert rules for 1,000 simulated nodes in vmalert, and the queries of the dashboards there',
  },
  heap: { entry: './heap.ts', about: 'what the heap holds after thousands of runs, beside what it held before' },
  'keepalived-cost': {
    entry: './keepalived-cost.ts',
    about: 'a scrape of 255 VRRP instances, and of 2,000 real servers with 4,000 checkers',
  },
  keepalived: {
    entry: './keepalived.ts',
    about: 'readings of dumps that are being written, beside the files as they are at the moment',
  },
};
