/** A target: one simulated node. */
export interface Target {
  readonly labels: Readonly<Record<string, string>>;
  readonly address: string;
  readonly path: string;
}

/** One of `scrape_configs`, for Prometheus and VictoriaMetrics. */
export function scrapeJob(targets: readonly Target[], everySeconds: number) {
  return {
    job_name: 'lvs-exporter',
    scrape_interval: `${everySeconds}s`,
    static_configs: targets.map(({ labels, address, path }) => ({
      targets: [address],
      labels: { ...labels, __metrics_path__: path },
    })),
  };
}
