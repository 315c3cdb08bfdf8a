import { expect, it } from 'vitest';
import { createGroupNames } from '../../../src/collectors/keepalived-checkers/group-names.ts';
import { parseKeepalivedCheck } from '../../../src/parsers/keepalived/checkers/check.ts';
import { checkRecordings, readCheckFixture } from '../../keepalived/check-fixtures.ts';

const service = (address: string, port = '80') => ({ protocol: 'tcp', address, port, fwmark: '' });
const mark = (fwmark: string, family?: string) => {
  return { protocol: '', address: '', port: '', fwmark, ...(family !== undefined && { family }) };
};

it.each(checkRecordings)('a virtual server is called as its group, as keepalived %s writes it', (version) => {
  const { find, note } = createGroupNames();
  const check = parseKeepalivedCheck(readCheckFixture(version, 'keepalived_check.data'));
  expect(find(service('10.9.0.103'))).toBeUndefined();
  note([check]);
  expect(['10.9.0.100', '10.9.0.103'].map((address) => find(service(address)))).toEqual(['web', 'web']);
  expect(find(mark('101', 'ipv4'))).toBe('marks');
  expect(find(service('10.9.0.110'))).toBeUndefined();
  note([{ ...check, ownNamespace: false }]);
  expect(find(service('10.9.0.103'))).toBeUndefined();
});
