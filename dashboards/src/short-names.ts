import type { Transformation } from './grafana.ts';
import type { Query } from './query.ts';

/** The cluster of a machine in a legend. */
export const clusterName = '({{cluster}})';
/** The job of a machine in a legend, if another job has the machine too. */
export const jobName = '{{$apart}}';
/** A machine in a legend. Two clusters may have machines of one name. */
export const machineName = `{{instance}} ${jobName} ${clusterName}`;

/** Longer than a legend with its values, or the axis of a timeline, has room for in half of a window of 1,280 pixels beside Grafana's menu. */
const tooLong = '^(?=.{24})';

/** Where a machine has no cluster. */
const noCluster = String.raw`/ \(\)/`;
/** The label of what a series does not have leaves two. */
const spaces = '/ {2,}/g';
const spaceBeforeComma = '/ ,/g';
/** A name of a machine with a domain of 10 letters or more, and its port. An address is none: it has no letter before a dot. */
const domain = String.raw`/([\w-]*[A-Za-z][\w-]*)\.[\w.-]{10,}(:\d+)?/`;
/** Addresses of one network differ at their end. */
const ipv6 = '/([0-9a-f]+):(?:[0-9a-f]*:){2,}([0-9a-f]*:[0-9a-f]+)/g';
/** A word of 28 letters or more, such as a network namespace: VRRP instances with shorter names differ in their middle. */
const word = String.raw`/(\S{8})\S{12,}(\S{8})/g`;
/** The port of an exporter, which all have, where there is no room for it. An address of IPv6 without brackets has none. */
const port = String.raw`/${tooLong}((?:.* )?(?:[^ :]+|\[[^ ]*\])):\d{2,5}(?= |$)/`;
const small = `/${tooLong}(.*) (?:on|of) (.*)$/`;
/** Of all protocols: nearly every service has it. */
const tcp = String.raw`/${tooLong}(.*?)\btcp (.*)$/`;
/** The start of an address. */
const network = String.raw`/${tooLong}(.*?)(?:\b\d+\.\d+\.(?=\d+\.\d+\b)|[0-9a-f]+:…:[0-9a-f]*(?=:[0-9a-f]))(.*)$/`;
/** That of a real server, which direct server return leaves as it is. */
const samePort = String.raw`/${tooLong}(.*?)( \d+)( .*)\2\b/`;
/** The end of a word of 6 letters or more, of the last one: it is the machine, whose number stays. Not of that before a comma, or of the cluster. */
const ending = `/${tooLong}([^,]*, |)((?:[^(]*[^(A-Za-z])?[A-Za-z]{4})[a-z]{2,}(.*)$/`;
/** Of most machines, the name alone distinguishes them. */
const cluster = String.raw`/${tooLong}(.*) \([^()]*\)/`;
/** What remains too long: its middle. */
const middle = '/^ *(.{16}).{2,}(.{6})$/';

/** Whether there are as many series as machines, services or states. */
export function isOpen(queries: readonly Query[]): boolean {
  return queries.some(({ legendFormat }) => /\{\{(?!netns\}\})/.test(legendFormat ?? ''));
}

/** Names without what distinguishes them least, until they leave room for values. Tables have them whole. */
export function shortNames(queries: readonly Query[]): readonly Transformation[] {
  const hasNamespaces = queries.some(({ legendFormat = '' }) => legendFormat.includes('{{netns}}'));
  const patterns = isOpen(queries) ? ofMany : hasNamespaces ? ofNamespaces : [];
  return patterns.map(rename);
}

function rename([regex, renamePattern]: Pattern): Transformation {
  return { id: 'renameByRegex', options: { regex, renamePattern } };
}

type Pattern = readonly [regex: string, renamePattern: string];

/** What `clusterName` leaves of a machine without one. */
export const withoutEmptyCluster = rename([noCluster, '']);

/** What lines of one machine have in their names beside words, which have colours. */
const ofNamespaces: readonly Pattern[] = [[word, '$1…$2']];

const ofMany: readonly Pattern[] = [
  [noCluster, ''],
  [spaces, ' '],
  [spaceBeforeComma, ','],
  [domain, '$1'],
  [ipv6, '$1:…:$2'],
  [word, '$1…$2'],
  [port, '$1'],
  [small, '$1 $2'],
  [tcp, '$1$2'],
  [samePort, '$1$3$2'],
  [network, '$1…$2'],
  [network, '$1…$2'],
  [ending, '$1$2$3'],
  [ending, '$1$2$3'],
  [ending, '$1$2$3'],
  [ending, '$1$2$3'],
  [cluster, '$1'],
  [middle, '$1…$2'],
];
