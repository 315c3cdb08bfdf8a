import { asWholeNumber, type JsonPlace, member } from '../json-place.ts';
import { asUnsigned, minSigned } from './signed.ts';
import type { Attempt } from './skipped.ts';
import type { VrrpCounters, VrrpErrorKind } from './vrrp/vrrp-instance.ts';

/** Reads what `vrrp_json_stats_dump()` writes; undefined where it wrote nothing. */
export function readJsonCounters(stats: JsonPlace, attempt: Attempt): VrrpCounters | undefined {
  if (stats.value === undefined) return undefined;
  const count = (name: string) => attempt(() => asUnsigned(asWholeNumber(member(stats, name), minSigned)));
  const isCounted = (name: string) => attempt(() => member(stats, name).value) !== undefined;
  return {
    becameMaster: count('become_master'),
    releasedMaster: count('release_master'),
    advertisementsReceived: count('advert_rcvd'),
    advertisementsSent: count('advert_sent'),
    priorityZeroReceived: count('pri_zero_rcvd'),
    priorityZeroSent: count('pri_zero_sent'),
    errors: new Map(
      errorNames.flatMap(([name, kind]) => {
        const errors = isCounted(name) ? count(name) : undefined;
        return errors === undefined ? [] : [[kind, errors]];
      }),
    ),
  };
}

/** Those of authentication are left out by a keepalived that was built without it. */
const errorNames: readonly (readonly [string, VrrpErrorKind])[] = [
  ['packet_len_err', 'packet_length'],
  ['ip_ttl_err', 'ttl'],
  ['invalid_type_rcvd', 'invalid_type'],
  ['advert_interval_err', 'advertisement_interval'],
  ['addr_list_err', 'address_list'],
  ['invalid_authtype', 'invalid_authentication_type'],
  ['authtype_mismatch', 'authentication_type_mismatch'],
  ['auth_failure', 'authentication_failure'],
  ['auth_ext_missing', 'authentication_extension_missing'],
  ['auth_ext_malformed', 'authentication_extension_malformed'],
  ['auth_ext_unknown_key', 'authentication_extension_unknown_key'],
  // Its name in keepalived 2.4.0.
  ['auth_ext_invalid_mac', 'authentication_extension_invalid_hmac'],
  ['auth_ext_invalid_hmac', 'authentication_extension_invalid_hmac'],
  ['auth_ext_stale', 'authentication_extension_stale'],
  ['auth_ext_replay', 'authentication_extension_replay'],
];
