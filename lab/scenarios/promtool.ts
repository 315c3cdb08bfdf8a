import { type Lab, observed } from '../lab.ts';
import type { Scenario } from '../scenario.ts';

export const promtool: Scenario = {
  name: 'promtool',
  shows: 'promtool accepts what a scrape returns',
  run: async (lab) => {
    for (const name of observed) await seeNoRemark(lab, name);
  },
};

async function seeNoRemark({ node, exporter, see }: Lab, name: string): Promise<void> {
  await see(
    `promtool check metrics is silent about ${name}`,
    async () =>
      splitLines(await node('monitor').run('bash', ['-c', 'promtool check metrics 2>&1'], await exporter(name).text())),
    (remarks) => remarks.length === 0,
  );
}

function splitLines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}
