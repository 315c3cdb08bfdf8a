/**
 * Checks the estimates of src/flows against a real kernel, in network namespaces of its own. Needs root, iproute2 and
 * nft.
 *
 *     npx tsx bench/flows/flows.ts arrivals     estimated arrivals beside those sent, every 5 s, for 3 minutes
 *     npx tsx bench/flows/flows.ts forecast     forecast beside real time until the table holds so many entries, 4 minutes
 *     npx tsx bench/flows/flows.ts plan         the plan beside what the kernel counts, 7 minutes
 *     npx tsx bench/flows/flows.ts remedies     the table before and after each remedy, 5 minutes
 *     npx tsx bench/flows/flows.ts census       the cost of counting flows, 30 seconds
 *
 * The forecast takes a limit of its own: nf_conntrack_max is one number for the whole machine, and stays as it is.
 */
import process from 'node:process';
import { compareArrivals } from './arrivals.ts';
import { timeCensus } from './census.ts';
import { compareForecasts } from './forecast.ts';
import { comparePlans } from './plan.ts';
import { compareRemedies } from './remedies.ts';

const parts = {
  arrivals: compareArrivals,
  forecast: compareForecasts,
  plan: comparePlans,
  remedies: compareRemedies,
  census: timeCensus,
};

const print = (line: string) => process.stdout.write(`${line}\n`);
const asked = process.argv.slice(2);
for (const [name, part] of Object.entries(parts)) if (asked.length === 0 || asked.includes(name)) await part(print);
