import { gauge } from '../../scrape/metric.ts';

export const targetAddressUnreplied = gauge(
  'conntrack_target_address_unreplied_entries',
  'Unreplied tracked flows to the address with the most, where they go to many of its ports. `diagnose` alone has it.',
  ['address', 'zone'],
);
