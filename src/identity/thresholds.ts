/**
 * Where the alert rules, the dashboards, the status page and the findings draw their lines. Ratios are 0 to 1, times are
 * in seconds. After a change: `npm run generate`.
 */
export const thresholds = {
  /** Entries of a table over its limit. */
  conntrackUsed: { warning: 0.75, critical: 0.9 },
  /**
   * A table that is higher than ever before the last `seconds`: it is full within the time `within` if it goes on like
   * that. A table that was above `full` had no room left.
   */
  conntrackHigher: { seconds: 1800, within: 7200, full: 0.98 },
  /** Where the table settles at the present rates, over its limit. */
  conntrackEquilibrium: { warning: 0.8, critical: 1 },
  /** Time until the table is full. */
  conntrackFullIn: { warning: 86_400, critical: 3_600 },
  /**
   * The less time is left, the fewer scans of the table must agree before the alert pages: below `oneScan` there
   * is none to wait for another. If more is left than `fiveMinutes`, all scans of five minutes may agree on a load that
   * ends in time: a job, a backup.
   */
  conntrackFullInAgreed: { oneScan: 55, severalScans: 300, fiveMinutes: 900 },
  /** Entries over the limit from which on a single scan is trusted. */
  conntrackUsedToBelieveOneScan: 0.25,
  /**
   * A load that rises steadily: where it would settle, over the limit, and the time until that exceeds the limit. Less
   * than `least` in three minutes may be chance.
   */
  conntrackRising: {
    least: 0.012,
    warning: { equilibrium: 0.3, within: 3_600 },
    critical: { equilibrium: 0.7, within: 900 },
  },
  /** Time until the table is full if its lowest point of each day goes on rising. */
  conntrackLeakFullIn: { warning: 4 * 86_400 },
  /** Time until the table is full if its highest point continues to rise, and how high that must be to matter. */
  conntrackPeakFullIn: { warning: 10 * 86_400, used: 0.5 },
  /** The limit over the week's peak. */
  conntrackHeadroom: { info: 1.5 },
  /** Part of a table that one destination's unreplied flows hold from which on it is worth a name. */
  conntrackDestinationShare: { warning: 0.05 },
  /** Part of a table that dead connections to one destination hold from which on their timer is worth a change. */
  conntrackDeadShare: { warning: 0.25 },
  /** Entries of a zone over the limit that Open vSwitch has for it. */
  conntrackZoneUsed: { warning: 0.8 },
  /** Limit over buckets. Kernels that refuse long chains have a limit of 1; 4 was the default of those before. */
  conntrackEntriesPerBucket: { info: 1, warning: 4 },
  /** New flows lost per second when they were to be inserted. */
  conntrackInsertFailed: { warning: 1, critical: 10 },
  /** INVALID packets per second that one-way flows do not explain. */
  conntrackInvalid: { warning: 5 },
  /** Connections per second that a full queue of a service refuses, or that are answered with a SYN cookie. */
  listenQueue: { perSecond: 1 },
  /** Packets or connections per second that the kernel gives up at one of its limits. */
  kernelLimit: { perSecond: 1 },
  /** Packets per second for addresses that a host does not have: scanners and stray packets are fewer. */
  misaddressed: { perSecond: 2 },
  /** UDP packets that find a full buffer, over those that arrive. */
  udpLost: { critical: 0.01 },
  /**
   * Packets per second that are too long for the next link. Each new client costs about ten until its server has learned
   * the length.
   */
  packetsTooLong: { info: 1, warning: 10 },
  /** Packets per second that the reverse path filter drops: a stray one now and then is no fault. */
  reversePathFiltered: { warning: 1 },
  /** Connections of IPVS over the limit, and from where on a steep rise is a reason to act. */
  ipvsConnectionsUsed: { rising: 0.5, warning: 0.75, critical: 0.9 },
  /** Time until IPVS has as many connections as its limit, if they go on rising. */
  ipvsConnectionsFullIn: { critical: 300 },
  /** What the director's new connections make of the table before it, over its limit. */
  upstreamConntrack: { warning: 0.8, critical: 1 },
  /**
   * Connections that the network of EC2 can still track: over the most of the day, in number, and the time until there
   * are none if they go on falling.
   */
  upstreamAllowance: { ofDay: 0.2, fewEntries: 1000, emptyIn: 300 },
  /**
   * New connections of a real server over its share by weight, and how many its service must have for that to mean
   * anything.
   */
  ipvsUneven: { least: 0.5, most: 2, connectionsPerSecond: 1 },
  /** Times within 15 minutes that a VRRP instance becomes master. */
  keepalivedFlapping: { warning: 3 },
  /**
   * A process of keepalived: the part of a minute that it runs, and the restarts within 10 minutes. keepalived delays
   * restarts after a crash, 60 s at most, so that one that crashes is away most of the time.
   */
  keepalivedProcess: { up: 0.6, restarts: 2 },
  /** Advertisements refused per second. */
  keepalivedRefused: { warning: 0.1 },
  /** Time without a new scan of the table, which is longer where fewer than `missed` scans are due in it. */
  scanAge: { warning: 180, missed: 3 },
  /** Time without a new dump of keepalived. */
  keepalivedDumpAge: { warning: 120 },
} as const;

/**
 * How long, in seconds, a flow stays in the table of a stateful hop that sees no reply to it, with the default timers: a
 * SYN's 120 s or a datagram's 30 s, and up to 60 s until the garbage collector passes. A director cannot ask the hop for
 * its settings.
 */
export const upstreamStaySeconds = { tcp: 180, udp: 90 } as const;

/** Forwarding methods with which replies bypass the director and the hop upstream. */
export const bypassingForwards: readonly string[] = ['direct', 'tunnel'];

export function bypassesDirector(forward: string): boolean {
  return bypassingForwards.includes(forward);
}
