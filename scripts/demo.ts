import { fileURLToPath } from 'node:url';
import { describeOptions, readCommandLine } from '../src/cli/options/command-line.ts';
import { flag, option, UsageError, wholeNumber } from '../src/cli/options/option.ts';
import { hasCode } from '../src/host/errors.ts';
import { formatListenAddress, type ListenAddress, parseListenAddress } from '../src/http/listen.ts';
import { type DemoExporter, everySeconds, serveRecordings } from './demo-exporters.ts';
import { startDemoPrometheus } from './demo-prometheus.ts';
import { type Prometheus, requirePrometheus } from './prometheus.ts';

const options = {
  'web.listen-address': option(
    'ADDRESS',
    'Address of the first of three exporters. The others listen on the next two ports; with port 0 on any. Without this option they listen on any ports if those are in use.',
    '127.0.0.1:10044',
    'an address such as :10044 or [::1]:10044',
    parseListenAddress,
  ),
  'with-prometheus': flag('Also start Prometheus, with the rules in alerts/. Prometheus must be installed.', false),
  'prometheus-port': wholeNumber('Port of Prometheus.', 9090),
  help: flag('Show this help and exit.', false),
};

const help = `Usage: npm run demo -- [OPTION]...

Serves recordings of a compute node and of the two directors behind it. In two and a half minutes, a director moves
into a virtual machine, the connection tracking table of the compute node fills, the remedy empties it, and the
other director takes over.

Options:
${describeOptions(options)}
`;

const rules = fileURLToPath(new URL('../alerts/*.rules.yml', import.meta.url));

try {
  const { values, positionals } = readCommandLine(options, process.argv.slice(2));
  if (positionals.length > 0) throw new UsageError(`Expected options alone, got "${positionals[0]}"`);
  if (values.help) process.stdout.write(help);
  else await run(values);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  if (error instanceof UsageError) process.stderr.write('Try "npm run demo -- --help".\n');
  process.exit(1);
}

interface Values {
  readonly 'web.listen-address': ListenAddress;
  readonly 'with-prometheus': boolean;
  readonly 'prometheus-port': number;
}

async function run({
  'web.listen-address': first,
  'with-prometheus': withPrometheus,
  'prometheus-port': prometheusPort,
}: Values) {
  if (withPrometheus) requirePrometheus();
  process.stdout.write('A compute node and the directors behind it, as they were recorded:\n\n');
  const exporters = await serveNodes(first);
  const targets: Record<string, string> = {};
  for (const { node, addresses } of exporters) {
    const [address = ''] = addresses.map(formatListenAddress);
    targets[node] = address;
    process.stdout.write(`  ${node.padEnd(10)} http://${address}/  and http://${address}/metrics\n`);
  }
  const prometheus = withPrometheus ? await showPrometheus(prometheusPort, targets) : undefined;
  stopOnSignal(exporters, prometheus);
  process.stdout.write(`
  0:00  quiet: a tenant's web server alone
  0:20  the move: a director becomes a virtual machine on compute, whose table begins to fill
  0:45  the page: ConntrackTableFullSoon
  1:40  the remedy: compute does not track the virtual server any more, and the table empties
  2:10  the failover: director2 becomes master

It takes two and a half minutes and begins again. Ctrl-C stops.
`);
}

/** On ports in a row; where those of the default are in use, on any. */
async function serveNodes(first: ListenAddress): Promise<DemoExporter[]> {
  try {
    return await serveRecordings(first);
  } catch (error) {
    // The fallback itself: an address that was given is another object.
    const isDefault = first === options['web.listen-address'].fallback;
    if (!isDefault || !(error instanceof Error) || !hasCode(error.cause, 'EADDRINUSE')) throw error;
    return await serveRecordings({ ...first, port: 0 });
  }
}

async function showPrometheus(port: number, targets: Readonly<Record<string, string>>): Promise<Prometheus> {
  const prometheus = await startDemoPrometheus({ port, targets, everySeconds, rules });
  process.stdout.write(`
  Prometheus ${prometheus.url}/alerts
  the table  ${graphUrl(prometheus.url, 'conntrack_entries', 'conntrack_equilibrium_entries', 'conntrack_entries_limit')}
  who        ${graphUrl(prometheus.url, 'conntrack_destination_unreplied_entries > 10')}
`);
  return prometheus;
}

/** The page of Prometheus that draws each expression over the last minutes. */
function graphUrl(url: string, ...expressions: readonly string[]): string {
  const panels = expressions.map((expression, index) =>
    new URLSearchParams({
      [`g${index}.expr`]: expression,
      [`g${index}.tab`]: '0',
      [`g${index}.range_input`]: '5m',
    }).toString(),
  );
  return `${url}/graph?${panels.join('&')}`;
}

/** A signal may come twice: from the terminal, and from npm, which passes it on. */
function stopOnSignal(exporters: readonly DemoExporter[], prometheus: Prometheus | undefined): void {
  let isStopping = false;
  const stop = async () => {
    if (isStopping) return;
    isStopping = true;
    await prometheus?.stop();
    await Promise.all(exporters.map((exporter) => exporter.stop()));
    process.exit();
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  prometheus?.ended.then(() => {
    if (!isStopping) process.stderr.write('Prometheus has ended\n');
  });
}
