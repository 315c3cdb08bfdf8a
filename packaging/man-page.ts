import { type Command, commands, ownOptions } from '../src/cli/options/commands.ts';
import type { AnyOption } from '../src/cli/options/option.ts';

/** lvs-exporter(1), in the man macros of roff. */
export function manPage(version: string, date: string): string {
  return `.TH LVS\\-EXPORTER 1 "${date}" "lvs\\-exporter ${version}" "User Commands"
.SH NAME
lvs\\-exporter \\- Prometheus exporter for IPVS, connection tracking and keepalived
.SH SYNOPSIS
${commands.map(synopsis).join('\n.br\n')}
.SH DESCRIPTION
${commands.map(description).join('\n')}
.PP
Every command but
.B check\\-web\\-config
also takes the options of
.B lvs\\-exporter
on collectors, paths and logs.
.SH OPTIONS
${commands.map(optionSection).join('\n')}
.SH EXIT STATUS
.B lvs\\-exporter diagnose
ends like a check plugin: 0 with nothing to act on, 1 with a warning, 2 when something is critical, 3 when it could not
look. Otherwise it is 0, 1 after a failure or if a web configuration file would be refused, and 2 for a command line that is not understood.
.SH FILES
.TP
.I /etc/default/lvs\\-exporter
Options of the service.
.TP
.I /usr/share/lvs\\-exporter
Alert rules, dashboards, additions to the unit, and the documentation.
.SH SEE ALSO
.BR ipvsadm (8),
.BR conntrack (8),
.BR keepalived (8),
.BR systemd.exec (5)
`;
}

function synopsis({ name, operand }: Command): string {
  const typed = ['lvs-exporter', name].filter(Boolean).join(' ');
  return `.B ${escapeRoff(typed)}\n${operand === undefined ? '' : `.I ${operand}\n`}.RI [ OPTION ]...`;
}

function description({ name, purpose }: Command): string {
  return name === '' ? escapeRoff(purpose) : `.TP\n.B ${name}\n${escapeRoff(purpose)}`;
}

function optionSection(command: Command): string {
  const options = Object.entries(ownOptions(command)).map(([name, option]) => optionEntry(name, option));
  return [...(command.name === '' ? [] : [`.SS ${command.name}`]), ...options].join('\n');
}

function optionEntry(name: string, option: AnyOption): string {
  return `.TP\n${optionUse(name, option)}\n${escapeRoff(option.help)}${defaultOf(option)}`;
}

function optionUse(name: string, { placeholder, fallback }: AnyOption): string {
  if (placeholder !== '') return `\\fB${escapeRoff(`--${name}`)}\\fR=\\fI${escapeRoff(placeholder)}\\fR`;
  return fallback === true
    ? `\\fB\\-\\-\\fR[\\fBno\\-\\fR]\\fB${escapeRoff(name)}\\fR`
    : `\\fB${escapeRoff(`--${name}`)}\\fR`;
}

function defaultOf({ placeholder, fallback, fallbackText }: AnyOption): string {
  if (placeholder === '') return fallback === true ? ' On by default.' : '';
  return fallbackText === '' ? '' : ` Default: \\fI${escapeRoff(fallbackText)}\\fR.`;
}

/** Escapes text for roff: a hyphen stays one that can be typed, and no line becomes a request. */
function escapeRoff(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^(?=[.'])/gm, '\\&');
}
