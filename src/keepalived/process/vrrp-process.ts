import { type Process, readAgeSeconds } from './process.ts';
import { usr1, usr2 } from './signals.ts';

interface Child {
  readonly process: Process;
  readonly handled: ReadonlySet<number>;
}

/** The processes of a keepalived that write a dump. */
interface Writers {
  readonly vrrp: Process | undefined;
  readonly others: readonly Process[];
}

/** Within this time, any child may still have the signal handlers of its parent, from which it was forked. */
const forkedSeconds = 2;

/**
 * Recognizes the VRRP process by its signals: the names and the order of the children differ. Of those that were just forked
 * it is the one that the pid file of VRRP names, which each writes before it sets its own handlers.
 */
export async function distinguishVrrp(
  procfs: string,
  children: readonly Child[],
  readPid: () => Promise<number | undefined>,
): Promise<Writers> {
  const withSignal = children.filter(({ handled }) => handled.has(usr1) || handled.has(usr2));
  const ages = await Promise.all(withSignal.map(({ process }) => readAgeSeconds(procfs, process)));
  const isYoung = (child: Child) => isRecent(ages[withSignal.indexOf(child)] ?? 0);
  const candidates = withSignal.filter(({ handled }) => handled.has(usr2));
  const pid = candidates.length > 1 || withSignal.some(isYoung) ? await readPid() : undefined;
  const vrrp = candidates.find(({ process }) => process.pid === pid) ?? candidates.find((one) => !isYoung(one));
  const others = withSignal.filter(({ process, handled }) => !handled.has(usr2) && process.pid !== pid);
  return { vrrp: vrrp?.process, others: others.map(({ process }) => process) };
}

/** Negative where the age is that of another clock. */
function isRecent(seconds: number): boolean {
  return seconds >= 0 && seconds < forkedSeconds;
}
