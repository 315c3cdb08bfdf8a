import type { IptablesTool } from './rule.ts';

/** A table of `iptables-save -c`: what its base chains do at their end, and its rules. */
export interface IptablesTable {
  readonly tool: IptablesTool;
  readonly name: string;
  readonly chains: readonly string[];
  readonly policies: readonly ChainPolicy[];
  readonly rules: readonly IptablesRule[];
}

interface ChainPolicy {
  readonly chain: string;
  readonly policy: string;
  readonly packets: number;
}

export interface IptablesRule {
  readonly chain: string;
  /** In its chain, from 1. */
  readonly position: number;
  /** As iptables takes it after the chain. */
  readonly text: string;
  /** What the rule compares, without a comment: `-p tcp -m tcp --dport 22`. */
  readonly matches: string;
  /** Empty for a rule that only counts. */
  readonly target: string;
  /** What follows the target: `--to-source 192.0.2.1`. */
  readonly options: string;
  /** That met it; undefined where the text has no counters. */
  readonly packets: number | undefined;
}

/** @param text what `iptables-save -c` prints, or that of the tool */
export function readIptablesTables(text: string, tool: IptablesTool): IptablesTable[] {
  const tables = [...text.matchAll(/^\*(\w+)\n(.*?)^COMMIT$/gms)];
  return tables.map(
    ([, name = '', lines = '']): IptablesTable => ({
      tool,
      name,
      chains: [...lines.matchAll(/^:(\S+) /gm)].map(([, chain = '']) => chain),
      policies: readPolicies(lines),
      rules: readRules(lines),
    }),
  );
}

function readPolicies(lines: string): ChainPolicy[] {
  return [...lines.matchAll(/^:(\S+) (ACCEPT|DROP) \[(\d+):\d+\]$/gm)].map(
    ([, chain = '', policy = '', packets]): ChainPolicy => ({ chain, policy, packets: Number(packets) }),
  );
}

function readRules(lines: string): IptablesRule[] {
  const positions = new Map<string, number>();
  return [...lines.matchAll(/^(?:\[(\d+):\d+\] )?-A (\S+)(?: (.*))?$/gm)].map(
    ([, packets, chain = '', text = '']): IptablesRule => {
      const position = (positions.get(chain) ?? 0) + 1;
      positions.set(chain, position);
      const known = packets === undefined ? undefined : Number(packets);
      return { chain, position, text, ...splitRule(text), packets: known };
    },
  );
}

const comments = / ?-m comment --comment (?:"(?:[^"\\]|\\.)*"|\S+)/g;

function splitRule(text: string): Pick<IptablesRule, 'matches' | 'target' | 'options'> {
  const rule = text.replaceAll(comments, '').trim();
  const read = /^(?:(.*?) )?-[jg] (\S+)(?: (.*))?$/.exec(rule);
  if (read === null) return { matches: rule, target: '', options: '' };
  const [, matches = '', target = '', options = ''] = read;
  return { matches, target, options };
}

/** Targets that refuse a packet. */
export const refusingTargets: ReadonlySet<string> = new Set(['DROP', 'REJECT']);

/** Targets that a packet passes on its way (XT_CONTINUE): iptables-extensions(8). */
export const passingTargets: ReadonlySet<string> = new Set(
  (
    'AUDIT CHECKSUM CLASSIFY CONNMARK CONNSECMARK CT DSCP ECN HL HMARK IDLETIMER LED LOG MARK NFLOG NOTRACK RATEEST ' +
    'SECMARK SET TCPMSS TCPOPTSTRIP TEE TOS TRACE TTL ULOG'
  ).split(' '),
);
