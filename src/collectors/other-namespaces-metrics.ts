import { gauge } from '../scrape/metric.ts';

export const otherNamespacesEntries = gauge(
  'other_namespaces_entries',
  'Connection tracking entries of a network namespace whose table is not read.',
  ['namespace'],
);
export const otherNamespacesRefusedInfo = gauge(
  'other_namespaces_refused_info',
  'Network namespaces that the exporter may not enter.',
  ['namespace'],
);
