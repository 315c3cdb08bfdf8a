import { isChainOfIptables } from '../../../identity/firewall-chain.ts';
import { count, percent, several } from '../../../readings/format.ts';
import { mostRefused, type RefusalDetails, type RefusedPath, type RefusedSourceRole } from '../../refusal-facts.ts';
import { formatRise } from '../rates.ts';
import { inNamespaceOf } from '../subject.ts';
import type { Wording } from '../words.ts';
import { ruleOwnerWords } from './rule-owners.ts';

/** What the firewall does not let through. */
export const refusalWording: Wording<'packets-refused' | 'source-refused'> = {
  'source-refused': ({ subject, numbers, details }) => {
    const { chains, tool, position, matches, owner, source, sourceRole } = details;
    const [chain = ''] = chains;
    const { name, changeIn } = ruleOwnerWords[owner];
    return {
      title: `${name}${inNamespaceOf(subject.namespace)} refuses what ${roleWords[sourceRole].name} ${source} sends`,
      notice: roleWords[sourceRole].notice,
      evidence: [
        `Packets refused: ${formatRise(numbers.refusedPackets, numbers.refusedPerSecond)}`,
        `The ${placeOfRule(chain, position)} (${tool}): ${matches}`,
        `${name}: ${changeIn}`,
      ],
      consequence: roleWords[sourceRole].consequence,
    };
  },
  'packets-refused': ({ subject, numbers, details }) => ({
    title: `The firewall${inNamespaceOf(subject.namespace)} refuses ${shareOf(numbers.refusedRatio)} packets ${packetsOf[details.path]}: ${nameRule(details)}${nameOwners(details)}`,
    notice: `${numbers.refusedRatio >= mostRefused ? 'Users' : 'Some users'} ${noticeOf[details.path]}`,
    evidence: [
      `Packets refused: ${formatRise(numbers.refusedPackets, numbers.refusedPerSecond)}`,
      ...(details.isEstimated
        ? ['The rule has no counter: so many packets arrived that the kernel neither delivered nor forwarded']
        : []),
      ...(details.rule === '' ? [] : [`The rule: ${details.rule}`]),
      ...(details.isBridged
        ? [
            'They only cross a bridge of this host: br_netfilter passes them to iptables (net.bridge.bridge-nf-call-iptables)',
          ]
        : []),
      ...describeOwners(details),
      ...details.others.map(
        ({ chain, position, refusedPerSecond }) =>
          `${placeOfRule(chain, position)} refuses ${count(refusedPerSecond)} per second, too`,
      ),
      ...(numbers.otherRules === undefined ? [] : [`${several(numbers.otherRules, 'more rule')} that refuse fewer`]),
    ],
    consequence:
      'If these packets are meant to be refused, do nothing: scanners, and programs that should not reach the network, go on trying. Otherwise connections fail until a rule accepts them.',
  }),
};

const roleWords: Readonly<Record<RefusedSourceRole, Record<'name' | 'notice' | 'consequence', string>>> = {
  'real server': {
    name: 'the real server',
    notice: 'Some users may notice now: what this real server needs of this host fails.',
    consequence: 'A ban is for an address that tries passwords. This one serves a virtual server of this machine.',
  },
  peer: {
    name: 'the VRRP peer',
    notice: 'Some users may notice now: what the other director needs of this host fails.',
    consequence: 'A ban is for an address that tries passwords. This one is the other director.',
  },
  'private address': {
    name: 'the private address',
    notice: 'Users notice only if this is a proxy or a gateway: the connections of all who are behind it do not open.',
    consequence:
      'If this is a proxy or a gateway, it is banned for what one of its clients does, and all of them with it. Otherwise the ban is right: do nothing.',
  },
  'shared network': {
    name: 'the network',
    notice:
      'Some users notice now, if a resolver or a service has an address of this network: replies to this host are lost.',
    consequence:
      'Tailscale takes all of 100.64.0.0/10 for its own. Carriers and clouds have addresses there too (RFC 6598), such as those of resolvers and of the metadata service.',
  },
};

/** From here on, hardly any other packet passed. */
const nearlyAll = 0.99;

function shareOf(ratio: number): string {
  return ratio >= nearlyAll ? 'all' : `${percent(ratio)} of the`;
}

const packetsOf: Readonly<Record<RefusedPath, string>> = {
  received: 'that arrive',
  input: 'that are sent to this host',
  forward: 'that this host should forward',
  output: 'that programs of this host send',
};

/** What follows `Users` or `Some users`. */
const noticeOf: Readonly<Record<RefusedPath, string>> = {
  received: 'notice now, unless they are scanners: their connections do not open.',
  input: 'notice now, unless they are scanners: their connections to this host do not open.',
  forward: 'notice now: connections through this host that no rule accepts do not open.',
  output: 'notice now: connections of programs on this host fail.',
};

function nameRule({ tool, chains, position }: RefusalDetails): string {
  const [chain = ''] = chains;
  return `${placeOfRule(chain, position)} (${tool})`;
}

/** `rule 2 of chain filter FORWARD`, `rule with handle 7 of chain inet ips forward` */
export function placeOfRule(chain: string, position: string): string {
  if (position === 'policy') return `the policy of chain ${chain}`;
  return `rule ${isChainOfIptables(chain) ? position : `with handle ${position}`} of chain ${chain}`;
}

function nameOwners({ owners, position }: RefusalDetails): string {
  const names = owners.map((owner) => ruleOwnerWords[owner].name).join(' or ');
  if (names === '') return '';
  return position === 'policy' ? `, probably set by ${names}` : `, written by ${names}`;
}

function describeOwners({ owners, position }: RefusalDetails): string[] {
  if (owners.length > 0)
    return owners.map((owner) => `${ruleOwnerWords[owner].name}: ${ruleOwnerWords[owner].changeIn}`);
  return [`No program that this version recognizes wrote ${position === 'policy' ? 'this policy' : 'this rule'}`];
}
