import { readFileSync } from 'node:fs';
import { evaluate, readRules } from '../bench/race-promtool.ts';
const rules = await readRules(['alerts/lvs-exporter.rules.yml']);
const { sim, run } = JSON.parse(readFileSync(process.argv[2]!, 'utf8'));
const step = run.scrapeSeconds ?? 60;
const f = await evaluate(rules, { series: sim.series, scrapeSeconds: step, evaluationSeconds: step, evaluations: Math.floor(run.seconds / step) });
console.log('full', sim.fullAt / 86400, sim.mostUsed);
for (const x of f) { const b = x.at.filter((t, i) => i === 0 || t - x.at[i - 1]! > 1.5 * step); console.log(x.alert, x.severity, b.length, b.map((t) => (t / 86400).toFixed(2)).join(' ').slice(0, 300)); }
