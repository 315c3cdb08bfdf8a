import { duration, type Option, option, optionalText, positiveNumber } from './option.ts';
import { commonOptions, cron } from './options.ts';
import { parseExporterUrl } from './remote-exporter.ts';

/** Those of `lvs-exporter top`. */
export const topOptions = {
  interval: duration('Time from one reading to the next.', '2s'),
  url: optionalUrl(
    'Show another exporter instead, such as https://director1:10044. Sources are known only on the machine itself.',
  ),
  'basic-auth.username': optionalText('NAME', 'User name for --url.'),
  'basic-auth.password-file': optionalText('FILE', 'File with the password for --url.'),
  'tls.ca-file': optionalText('FILE', 'Certificates of authorities to trust for --url, in place of those of Node.js.'),
  'tls.cert-file': optionalText('FILE', 'Client certificate for --url.'),
  'tls.key-file': optionalText('FILE', 'Key of the client certificate for --url.'),
  replay: optionalText('DIR', 'Show a recording instead.'),
  'replay.speed': positiveNumber('How many times as fast as it was recorded.', '1'),
  ...commonOptions,
  // A scan for each few pictures: the reader waits.
  'collector.conntrack-table.schedule': cron('conntrack-table', '*/5 * * * * *'),
};

/** The address of another exporter. */
function optionalUrl(help: string): Option<URL | undefined> {
  const address = option('URL', help, 'localhost', 'an address such as https://director1:10044', parseExporterUrl);
  return { ...address, fallback: undefined, fallbackText: '' };
}
