import { translationEntries } from '../../../collectors/conntrack-table/metrics.ts';
import {
  prerequisitesOwnAddressInfo,
  prerequisitesSettingOwnerRunning,
} from '../../../collectors/prerequisites/metrics.ts';
import { listSourceNatRules } from '../../../readings/network/source-nat.ts';
import { hasAddress } from '../../../readings/network/translated-addresses.ts';
import type { Readings } from '../../../readings/readings.ts';
import { listInstances } from '../../../readings/vrrp-instances.ts';
import { collectorSuccess } from '../../../scrape/exporter-metrics.ts';
import type { Found } from '../../finding.ts';
import { namespaceOf } from '../../subjects.ts';

/** Entries that an address must have: of a change some seconds ago, a few are left. */
const minLeft = 5;
/** With a rule, the address may be one that routers send to this host, though no interface has it: then replies come. */
const minRuled = 20;
const unrepliedRatio = 0.9;

/** Translations to an address that this host had. Only known where its rules and addresses were read. */
export function goneAddresses(readings: Readings): Found<'nat-address-gone'>[] {
  const rules = listSourceNatRules(readings);
  if (!areRulesRead(readings) || mayHaveOthersEntries(readings) || rules.some(({ addresses }) => addresses === '?'))
    return [];
  const addresses = new Set(readings.all(translationEntries).map(({ labels }) => labels.address ?? ''));
  return [...addresses]
    .filter((address) => !readings.is(prerequisitesOwnAddressInfo, { address }))
    .flatMap((address): Found<'nat-address-gone'>[] => {
      const entries = (replied: string) => readings.value(translationEntries, { address, replied }) ?? 0;
      const unrepliedEntries = entries('no');
      const presentEntries = entries('yes') + unrepliedEntries;
      const ruled = rules.filter((rule) => hasAddress(rule.addresses, address));
      const isRuled = ruled.length > 0;
      const isUnreplied = unrepliedEntries >= unrepliedRatio * presentEntries;
      if (presentEntries < (isRuled ? minRuled : minLeft) || (isRuled && !isUnreplied)) return [];
      return [
        {
          id: 'nat-address-gone',
          severity: isRuled ? 'critical' : 'warning',
          subject: { ...namespaceOf(readings), address },
          numbers: { presentEntries, unrepliedEntries },
          details: { chains: ruled.map(({ tool, chain }) => (tool === 'nft' ? chain : `nat ${chain}`)) },
        },
      ];
    })
    .sort((one, other) => other.numbers.presentEntries - one.numbers.presentEntries);
}

/** With the addresses of this host. */
export function areRulesRead(readings: Readings): boolean {
  const isRead = readings.value(collectorSuccess, { collector: 'firewall' }) === 1;
  return isRead && readings.all(prerequisitesOwnAddressInfo).length > 0;
}

/** A backup has the entries of the active host from conntrackd, and none of its addresses. */
export function mayHaveOthersEntries(readings: Readings): boolean {
  return (
    readings.is(prerequisitesSettingOwnerRunning, { owner: 'conntrackd' }) ||
    listInstances(readings).some(({ state }) => state === 'backup')
  );
}
