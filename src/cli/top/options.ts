import { duration, type Option, option, optionalText, positiveNumber } from '../options/option.ts';
import { commonOptions, cron } from '../options/options.ts';
import { parseExporterUrl } from './remote-exporter.ts';

/** Those of `lvs-exporter top`. */
export const topOptions = {
  interval: duration('Time between two readings.', '2s'),
  url: optionalUrl(
    'Exporter to show instead of this machine, such as https://director1:10044. By default, exporters do not export sources.',
  ),
  'basic-auth.username': optionalText('NAME', 'User name for --url.'),
  'basic-auth.password-file': optionalText('FILE', 'File with the password for --url.'),
  'tls.ca-file': optionalText(
    'FILE',
    'Certificates of the authorities to trust for --url, instead of those of Node.js.',
  ),
  'tls.cert-file': optionalText('FILE', 'Client certificate for --url.'),
  'tls.key-file': optionalText('FILE', 'Key of the client certificate for --url.'),
  replay: optionalText('DIR', 'Recording to show instead of this machine.'),
  'replay.speed': positiveNumber('Speed of the replay, as a multiple of the recorded speed.', '1'),
  ...commonOptions,
  // A scan for each few pictures: the reader waits.
  'collector.conntrack-table.schedule': cron('conntrack-table', '*/5 * * * * *'),
};

/** The address of another exporter. */
function optionalUrl(help: string): Option<URL | undefined> {
  const address = option('URL', help, 'localhost', 'an address such as https://director1:10044', parseExporterUrl);
  return { ...address, fallback: undefined, fallbackText: '' };
}
