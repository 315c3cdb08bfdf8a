import { expect, it } from 'vitest';
import { plainChain } from '../../src/identity/firewall-chain.ts';

it.each([
  'filter FORWARD',
  'filter DOCKER-USER',
  'filter cali-fw-cali1234',
  'nat KUBE-SVC-NPX46M4PTMTKRN6Y',
  'inet firewalld filter_IN_public_allow',
  'ip6 nat v1.2/x',
])('plainChain() leaves %s as it is', (chain) => expect(plainChain(chain)).toBe(chain));

it.each([
  ['inet track;flush ruleset; x', 'inet track%flush ruleset% x'],
  ['inet $(id) `id`', 'inet %%id% %id%'],
  ['raw a\'b"c', 'raw a%b%c'],
  ['raw a\nb\tc\u001b[2J\u202e', 'raw a%b%c%%2J%'],
  ['raw -F', 'raw %F'],
  ['-t -F', '%t %F'],
  ['raw *?{a,b}~!', 'raw ***a*b***'.replaceAll('*', '%')],
])('plainChain() takes from %j what a command would obey', (chain, plain) => expect(plainChain(chain)).toBe(plain));
