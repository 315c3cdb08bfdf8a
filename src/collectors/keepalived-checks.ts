import type { Keepalived } from '../host.ts';
import { type KeepalivedCheck, parseKeepalivedCheck } from '../parsers/keepalived-check.ts';
import { ParseError } from '../parsers/parse-error.ts';

/** What the checkers of a keepalived wrote. */
export interface Check extends KeepalivedCheck {
  readonly daemon: string;
  readonly modifiedSeconds: number;
}

/** Of those that run and have virtual servers. */
export function readChecks(keepaliveds: readonly Keepalived[]): Check[] {
  return keepaliveds.flatMap(({ daemon, running, dumps }) => {
    if (!running || !dumps.check) return [];
    const { text, modifiedSeconds } = dumps.check;
    const check = parse(text);
    return check.virtualServers.length === 0 ? [] : [{ daemon, modifiedSeconds, ...check }];
  });
}

/** A parse error is told with the name of the dump. */
function parse(text: string): KeepalivedCheck {
  try {
    return parseKeepalivedCheck(text);
  } catch (error) {
    if (error instanceof ParseError) throw new Error(`keepalived_check.data: ${error.message}`, { cause: error });
    throw error;
  }
}
