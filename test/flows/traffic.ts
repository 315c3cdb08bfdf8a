import type { Life, Phase, Traffic } from './simulated-table.ts';

/** 10.0.0.<host>. */
export function server(host: number): number {
  return 0x0a000000 + host;
}

interface Ends {
  readonly destination?: number;
  readonly port?: number;
  readonly zone?: number;
  /** Clients that connections come from; without it, each has an address of its own. */
  readonly clients?: number;
}

type PerSecond = number | ((seconds: number) => number);

function traffic(
  protocol: number,
  perSecond: PerSecond,
  { destination = server(100), port = 80, zone = 0, clients }: Ends,
  end: (random: () => number) => Pick<Life, 'phases' | 'removedAt'>,
): Traffic {
  return {
    perSecond: typeof perSecond === 'number' ? () => perSecond : perSecond,
    life: (random) => ({
      protocol,
      destination,
      port,
      zone,
      source: Math.floor(random() * (clients ?? 2 ** 32)),
      sourcePort: 1024 + Math.floor(random() * 64_000),
      ...end(random),
    }),
  };
}

const unreplied = { replied: false, assured: false };
const established = { replied: true, assured: true };

const synSent: Phase = { from: 0, state: 'SYN_SENT', ...unreplied, timeout: 120 };

/** Openings of connections and no more: direct return, a flood, a server that is down. */
export function opened(perSecond: PerSecond, ends: Ends = {}): Traffic {
  return traffic(6, perSecond, ends, () => ({ phases: [synSent] }));
}

/** Long connections of which one side is seen: SYN_SENT expires, the next packet begins ESTABLISHED, then it closes. */
export function longOneSided(perSecond: PerSecond, ends: Ends = {}): Traffic {
  return traffic(6, perSecond, ends, () => ({
    phases: [
      { from: 0, state: 'ESTABLISHED', ...unreplied, timeout: 300, every: 5, lastPacket: 60 },
      { from: 60, state: 'TIME_WAIT', ...unreplied, timeout: 120 },
    ],
  }));
}

/** Connections that are answered, used for so long and closed. */
export function twoWay(perSecond: PerSecond, seconds: number, ends: Ends = {}): Traffic {
  return traffic(6, perSecond, ends, () => ({
    phases: [
      { from: 0, state: 'ESTABLISHED', ...established, timeout: 432_000, every: 0.5, lastPacket: seconds },
      { from: seconds, state: 'TIME_WAIT', ...established, timeout: 120 },
    ],
  }));
}

/** The same, from so few ports that each is used again after `reuse` seconds, which takes the entry out of TIME_WAIT. */
export function twoWayReused(perSecond: PerSecond, reuse: number, ends: Ends = {}): Traffic {
  const { perSecond: rate, life } = traffic(6, perSecond, ends, () => ({
    phases: [{ from: 0, state: 'TIME_WAIT', ...established, timeout: 120 }],
    removedAt: reuse,
  }));
  const ports = Math.round(rate(0) * reuse);
  const client = portsInUse++;
  let connections = 0;
  return { perSecond: rate, life: (random) => ({ ...life(random), ...portOf(client, connections++ % ports) }) };
}

let portsInUse = 0;

/** A client has 64,000 ports. */
function portOf(client: number, number: number): Pick<Life, 'source' | 'sourcePort'> {
  return { source: client * 1000 + Math.floor(number / 64_000), sourcePort: 1024 + (number % 64_000) };
}

/** Connections that are answered, and taken out of the table after so long by a RST of their client, or by hand. */
export function deleted(perSecond: PerSecond, seconds: number, ends: Ends = {}): Traffic {
  return traffic(6, perSecond, ends, () => ({ phases: [synSent], removedAt: seconds }));
}

/** Connections that stay open for good. */
export function leaked(perSecond: PerSecond, ends: Ends = {}): Traffic {
  return traffic(6, perSecond, ends, () => ({
    phases: [{ from: 0, state: 'ESTABLISHED', ...established, timeout: 432_000 }],
  }));
}

/** Connections that were open before the table was watched: silent for as long as their timer of five days has gone. */
export function silentSince(perSecond: PerSecond, secondsLeft: number, ends: Ends = {}): Traffic {
  return traffic(6, perSecond, ends, (random) => ({
    phases: [{ from: 0, state: 'ESTABLISHED', ...established, timeout: secondsLeft * (1 - random() / 3) }],
  }));
}

/** Connections in use under a timeout policy of their own, which is far below the kernel's setting. */
export function underPolicy(perSecond: PerSecond, timeout: number, ends: Ends = {}): Traffic {
  return traffic(6, perSecond, ends, (random) => ({
    phases: [
      { from: 0, state: 'ESTABLISHED', ...established, timeout, every: 1 + random() * 1000, lastPacket: 100_000 },
    ],
  }));
}

/** One source opens a connection to one destination after the other; nothing answers. */
export function scanning(perSecond: PerSecond, source: number, ends: Ends = {}): Traffic {
  const { perSecond: rate, life } = opened(perSecond, ends);
  return {
    perSecond: rate,
    life: (random) => ({ ...life(random), source, destination: 0xc6336400 + Math.floor(random() * 2 ** 20) }),
  };
}

/** The same, to a destination whose address is translated. */
export function translated({ perSecond, life }: Traffic, to: number): Traffic {
  return { perSecond, life: (random) => ({ ...life(random), translatedTo: to }) };
}

/** A flood that the server answers: the client never confirms. */
export function unconfirmed(perSecond: PerSecond, ends: Ends = {}): Traffic {
  return traffic(6, perSecond, ends, () => ({
    phases: [{ from: 0, state: 'SYN_RECV', replied: true, assured: false, timeout: 60 }],
  }));
}

/** One datagram, not answered here. */
export function asked(perSecond: PerSecond, ends: Ends = {}): Traffic {
  return traffic(17, perSecond, { port: 53, ...ends }, () => ({
    phases: [{ from: 0, state: '', ...unreplied, timeout: 30 }],
  }));
}

/** One datagram and its answer. */
export function answeredOnce(
  perSecond: PerSecond,
  { timeout = 30, ...ends }: Ends & { timeout?: number } = {},
): Traffic {
  return traffic(17, perSecond, { port: 53, ...ends }, () => ({
    phases: [{ from: 0, state: '', replied: true, assured: false, timeout }],
  }));
}

/** Connections that are answered and then silent, in a state whose timer is so long. */
export function silent(perSecond: PerSecond, state: string, timeout: number, ends: Ends = {}): Traffic {
  return traffic(6, perSecond, ends, () => ({ phases: [{ from: 0, state, ...established, timeout }] }));
}

/** Datagrams one way, one every so many seconds, for so long. */
export function streamed(perSecond: PerSecond, every: number, seconds: number, ends: Ends = {}): Traffic {
  return traffic(17, perSecond, { port: 443, ...ends }, (random) => ({
    // Not in step with each other.
    phases: [
      { from: 0, state: '', ...unreplied, timeout: 30, every: every * (0.9 + random() / 5), lastPacket: seconds },
    ],
  }));
}

/** Flows of datagrams that are used again and again: VPN, SIP, STUN, QUIC. One way without an answer. */
export function keptAlive(
  perSecond: PerSecond,
  every: number,
  seconds: number,
  { timeout = 120, protocol = 17, answered = true, ...ends }: Ends & KeptAlive = {},
): Traffic {
  return traffic(protocol, perSecond, { port: 4500, ...ends }, () => ({
    phases: [{ from: 0, state: '', replied: answered, assured: answered, timeout, every, lastPacket: seconds }],
  }));
}

interface KeptAlive {
  readonly protocol?: number;
  readonly timeout?: number;
  readonly answered?: boolean;
}
