import { expect, it } from 'vitest';
import { breakable } from '../../../src/page/markup/breakable.ts';

it.each([
  ['tcp 10.0.0.1:80', 'tcp 10.0.0.1:80'],
  ['All together', 'All together'],
  ['tcp [2001:db8::1]:80', 'tcp [2001:<wbr>db8:<wbr>:<wbr>1]:<wbr>80'],
  ['<b>::', '&lt;b&gt;:<wbr>:'],
])('breakable() makes of %j %j', (name, markup) => {
  expect(breakable(name).markup).toBe(markup);
});
