import type { Keepalived } from '../../host/host.ts';
import { parseFrom } from '../../host/read.ts';
import type { KeepalivedCheck } from '../../parsers/keepalived/checkers/check.ts';
import { parseOnce } from '../../parsers/keepalived/parse-once.ts';

/** What the checkers of a keepalived wrote. */
export interface Check extends KeepalivedCheck {
  readonly daemon: string;
  readonly modifiedSeconds: number;
}

/** Of those that run and have virtual servers. */
export function readChecks(keepaliveds: readonly Keepalived[]): Check[] {
  return keepaliveds.flatMap(({ daemon, running, dumps }) => {
    if (!running || !dumps.check) return [];
    const { modifiedSeconds } = dumps.check;
    const check = parseFrom('keepalived_check.data', dumps.check, parseOnce.check);
    const isEmpty = check.virtualServers.length === 0 && check.skipped.lines === 0;
    return isEmpty ? [] : [{ daemon, modifiedSeconds, ...check }];
  });
}
