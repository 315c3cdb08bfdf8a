import type { DumpKind } from '../../host/host.ts';
import { checkLayout } from '../../parsers/keepalived/checkers/check.ts';
import { dataLayout } from '../../parsers/keepalived/data.ts';
import { divideLines } from '../../parsers/keepalived/line-ends.ts';

/** What keepalived itself writes in place of a password from 2.4 on. */
const mask = '********';

/**
 * Removes what a dump must not give away: VRRP passwords, which keepalived before 2.4 writes in clear, and the commands
 * of scripts, whose arguments may hold the password of the service they check. Of the checkers' dump, which is full of
 * commands, URLs and names, only those lines are left that are read. Works on a text that was cut off, too.
 */
export function removeSecrets(kind: DumpKind, text: string): string {
  if (kind === 'json') return text.replace(secretMembers, maskMember);
  if (kind === 'check') return removeUnread(text);
  return kind === 'data' ? text.replace(definitions, '').replace(secretLines, `$1${mask}`) : text;
}

function removeUnread(text: string): string {
  const rest = divideLines(text, checkLayout).replace(checkLayout.unread, '');
  // A line without its end is of a text that is not whole, and must not look like one.
  const hasLostEnd = text !== '' && !text.endsWith('\n') && (rest === '' || rest.endsWith('\n'));
  return hasLostEnd ? `${rest}${mask}` : rest;
}

/** A JSON text, perhaps without its end. */
const string = String.raw`"(?:[^"\\]|\\.)*(?:"|\\?$)`;

const secretMembers = new RegExp(
  [
    String.raw`("(?:auth_data|script|script_\w+|parameters)"\s*:\s*)(${string})`,
    String.raw`("track_script"\s*:\s*)(\[(?:\s|,|${string})*\]?)`,
  ].join('|'),
  'gs',
);

/** An end that is missing stays so: the text must not look whole. */
function maskMember(_match: string, name1?: string, value1 = '', name2?: string, value2 = ''): string {
  if (name1 !== undefined) return `${name1}"${mask}${value1.length > 1 && value1.endsWith('"') ? '"' : ''}`;
  return `${name2}["${mask}"${value2.endsWith(']') ? ']' : ''}`;
}

const titles = [...dataLayout.parts.keys()].join('|');

/**
 * The lines of the global definitions, of which nothing is read: names and mail addresses of administrators, hosts of mail
 * servers, commands.
 */
const definitions = new RegExp(
  String.raw`(?<=^ *------< Global definitions >------\n)(?:(?! *------< | (?:${titles}) = ).*\n)+`,
  'gm',
);

/**
 * `Password = x`, `Command = x`, `Generic state transition script = x`, `Parameters = x`. The names that are looked for
 * stand before the first ` = `, so a secret that holds one does not hide another. What keepalived writes on the same line
 * because it forgot a line end stays.
 */
const secretLines = new RegExp(
  String.raw`((?:^ *| {3})(?:Password|Command|Parameters|[^=\n]*\bscript) = ).*?(?=$| *------< | (?:${titles}) = )`,
  'gm',
);
