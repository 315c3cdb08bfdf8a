import { readCommandLine, refuseArguments } from '../options/command-line.ts';
import { type MachineConfig, machineConfig } from '../options/machine-config.ts';
import { UsageError } from '../options/option.ts';
import { topOptions } from './options.ts';
import type { RemoteExporter } from './remote-exporter.ts';

export interface TopConfig extends MachineConfig {
  readonly command: 'top';
  readonly intervalSeconds: number;
  /** An exporter to show instead of the machine. */
  readonly remote: RemoteExporter | undefined;
  /** A recording to show instead of the machine. */
  readonly replay: string | undefined;
  readonly replaySpeed: number;
}

/** What the command line of `top` asks for. Throws UsageError. */
export function readTopConfig(
  argv: readonly string[],
): TopConfig | { readonly command: 'help'; readonly about: 'top' } | { readonly command: 'version' } {
  const { values, positionals } = readCommandLine(topOptions, argv);
  if (values.help) return { command: 'help', about: 'top' };
  if (values.version) return { command: 'version' };
  refuseArguments('top', positionals);
  const { url, replay, interval: intervalSeconds, 'replay.speed': replaySpeed } = values;
  if (url !== undefined && replay !== undefined) throw new UsageError('Use either --url or --replay, not both');
  const remote = url && {
    url,
    username: values['basic-auth.username'],
    passwordFile: values['basic-auth.password-file'],
    caFile: values['tls.ca-file'],
    certFile: values['tls.cert-file'],
    keyFile: values['tls.key-file'],
  };
  return { command: 'top', intervalSeconds, remote, replay, replaySpeed, ...machineConfig(values) };
}
