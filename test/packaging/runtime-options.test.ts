import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { runtimeEnvironment, runtimeOptions } from '../../packaging/runtime-options.ts';

it('the wrapper of the packages starts the program with the options and variables of the other forms', () => {
  const wrapper = readFileSync('packaging/lvs-exporter.wrapper', 'utf8');
  const [, options = ''] = /^exec \S+\/node --disable-sigusr1 (.+) \S+\/main\.js "\$@"$/m.exec(wrapper) ?? [];
  expect(options.split(' ')).toEqual(runtimeOptions);
  const variables = [...wrapper.matchAll(/^export (\w+)="\$\{\1:-(\w+)\}"$/gm)].map(([, name, value]) => [name, value]);
  expect(Object.fromEntries(variables)).toEqual(runtimeEnvironment);
});
