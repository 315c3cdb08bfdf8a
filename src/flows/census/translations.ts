import { type Flow, formatAddress } from '../../identity/flow.ts';

/** Flows whose source NAT changed to one address. */
export interface TranslationTally {
  readonly address: string;
  /** Without those that end by themselves within minutes. */
  counted: number;
  unreplied: number;
}

export interface TranslationTaker {
  add(flow: Flow): void;
  list(): readonly TranslationTally[];
}

/** Outgoing addresses of a gateway: more are a table of translations by design. */
const maxAddresses = 1024;

/** States of a connection that is over. */
const endingStates: ReadonlySet<string> = new Set(['TIME_WAIT', 'CLOSE', 'LAST_ACK', 'FIN_WAIT', 'CLOSE_WAIT']);

/** Counts flows of zone 0 by the address that NAT gives to their source. */
export function createTranslations(): TranslationTaker {
  const tallies = new Map<string, TranslationTally>();
  return {
    add(flow) {
      if (!isForThisHost(flow) || !hasOtherSource(flow) || endingStates.has(flow.state)) return;
      const address = formatAddress(flow.family, flow.replyDestination.address);
      const tally = tallies.get(address) ?? { address, counted: 0, unreplied: 0 };
      tally.counted++;
      if (!flow.replied) tally.unreplied++;
      if (tallies.size < maxAddresses) tallies.set(address, tally);
    },
    list: () => [...tallies.values()],
  };
}

/** In zones of their own, Open vSwitch translates to addresses that no interface has. */
function isForThisHost({ originalZone, replyZone }: Flow): boolean {
  return originalZone === 0 && replyZone === 0;
}

function hasOtherSource({ family, source, replyDestination }: Flow): boolean {
  const [one, other] = [source.address, replyDestination.address];
  const differs = (offset: number) => one.getInt32(offset) !== other.getInt32(offset);
  return differs(0) || (family === 6 && (differs(4) || differs(8) || differs(12)));
}
