import { readIncidents } from '../test/incidents/corpus.ts';
import { diagnoseIncident, judge } from '../test/incidents/judge.ts';

/** Prints what diagnose makes of each incident: `npm run incidents [NAME...]`. */
const wanted = process.argv.slice(2);
const rows = [];
for (const incident of readIncidents()) {
  if (wanted.length > 0 && !wanted.includes(incident.name)) continue;
  const report = await diagnoseIncident(incident);
  const [first] = report.findings;
  const judgement = judge(incident, report);
  rows.push({
    incident: incident.name,
    judgement,
    expected: incident.expected?.finding ?? 'silence',
    found: report.findings.map(({ id, severity }) => `${id} ${severity}`).join(', ') || 'nothing',
    remedy: first?.remedies[0]?.id ?? '',
  });
}
for (const { incident, judgement, expected, found, remedy } of rows) {
  process.stdout.write(`${judgement.padEnd(12)}${incident.padEnd(34)}${expected}: ${found}; ${remedy}\n`);
}
