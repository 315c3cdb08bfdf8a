interface OtherAnswer {
  readonly query: RegExp;
  readonly reason: string;
}

/** Queries with another answer on Prometheus 3 than on Debian's Prometheus, and why. */
export const newerAnswers: readonly OtherAnswer[] = [
  {
    query: /^(ipvs|ipvs-upstream)\.rules 0 /,
    reason: 'The rate of a counter that begins within the window is extrapolated less.',
  },
];

/** Queries with another answer on VictoriaMetrics than on Prometheus, and why: docs/scale.md has them. */
export const otherAnswers: readonly OtherAnswer[] = [
  {
    query: /^lvs-conntrack Arrivals against expiry C$/,
    reason: 'deriv() takes the sample before the window as well.',
  },
  {
    query: /^lvs-conntrack Flows of the large destinations by state A$/,
    reason: 'A series that ended without a staleness marker goes on for two scrapes, not for five minutes.',
  },
  {
    query:
      /^lvs-keepalived (Flaps in 15 min A|Transitions per hour A|Advertisements per minute [AB]|Announcements per hour [AB])$/,
    reason: 'increase() counts the first value of a series that is new within the window.',
  },
  {
    query: /^keepalived\.rules 2 address:keepalived_/,
    reason: 'increase() is not extrapolated to the ends of the window.',
  },
  {
    query: /^(conntrack-loss|ipvs|ipvs-upstream)\.rules 0 (instance:conntrack_|real_server:ipvs_|virtual_server:ipvs_)/,
    reason: 'A rate is over the time since the first sample, while the window is longer than the recordings.',
  },
];
