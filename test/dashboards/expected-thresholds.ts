import { groups } from '../../alerts/src/groups.ts';
import { type AlertRule, isAlert } from '../../alerts/src/rule.ts';
import type { Thresholds } from '../../dashboards/src/grafana.ts';
import type { Severity } from '../../src/identity/severity.ts';
import { thresholds } from '../../src/identity/thresholds.ts';

type Steps = Thresholds['steps'];

const alerts = groups.flatMap(({ rules }) => rules.filter(isAlert));
const colours: Readonly<Record<Severity, string>> = { info: 'blue', warning: 'orange', critical: 'red' };

const good = { value: null, color: 'green' };

/** The value. An alert of that severity has to have it in its expression. */
function begins(value: number, alert: string, severity: Severity): number {
  const comparison = new RegExp(`[<>]=? ${String(value).replace('.', '\\.')}\\b`);
  expectAlert(alert, severity, ({ expr }) => comparison.test(expr));
  return value;
}

/** From the value on in the colour of the alert. */
function from(value: number, alert: string, severity: Severity): Steps[number] {
  return { value: begins(value, alert, severity), color: colours[severity] };
}

/** Anything at all, of what an alert goes off for. */
function nonzero(alert: string, severity: Severity): Steps {
  expectAlert(alert, severity, ({ expr }) => /[=>] 0\b/.test(expr));
  return [good, { value: 0.001, color: colours[severity] }];
}

function expectAlert(alert: string, severity: Severity, fits: (rule: AlertRule) => boolean): void {
  const found = alerts.some((rule) => rule.alert === alert && rule.severity === severity && fits(rule));
  if (!found) throw new Error(`Expected a ${severity} alert ${alert} that begins there`);
}

const used = [
  good,
  from(thresholds.conntrackUsed.warning, 'ConntrackTableNearlyFull', 'warning'),
  from(thresholds.conntrackUsed.critical, 'ConntrackTableNearlyFull', 'critical'),
];
const ipvsUsed = [
  good,
  from(thresholds.ipvsConnectionsUsed.warning, 'IpvsConnectionsNearlyFull', 'warning'),
  from(thresholds.ipvsConnectionsUsed.critical, 'IpvsConnectionsNearlyFull', 'critical'),
];
const settles = [
  good,
  from(thresholds.conntrackEquilibrium.warning, 'ConntrackEquilibriumHigh', 'warning'),
  // No alert, and the line above which a table fills: ConntrackTableFullSoon has the time.
  { value: thresholds.conntrackEquilibrium.critical, color: 'red' },
];
const { warning: soon, critical: now } = thresholds.conntrackFullIn;
const fullIn = [
  { value: null, color: 'red' },
  { value: begins(now, 'ConntrackTableFullSoon', 'critical'), color: 'orange' },
  { value: begins(soon, 'ConntrackTableFullSoon', 'warning'), color: 'green' },
];
const dumpAge = [good, from(thresholds.keepalivedDumpAge.warning, 'KeepalivedDumpStale', 'warning')];
const oneOrMore = [
  { value: null, color: 'red' },
  { value: 1, color: 'green' },
];
const { least, most } = thresholds.ipvsUneven;
const uneven = [
  { value: null, color: 'orange' },
  { value: begins(least, 'IpvsUnevenTraffic', 'warning'), color: 'green' },
  from(most, 'IpvsUnevenTraffic', 'warning'),
];
const withoutOneMaster = nonzero('KeepalivedNoMaster', 'critical');
const share = [good, from(thresholds.conntrackDestinationShare.warning, 'ConntrackAsymmetricFlows', 'warning')];
const ofTables = {
  'Connection tracking tables: Used': used,
  'Connection tracking tables: Settles at': settles,
  'Connection tracking tables: Full in': fullIn,
};

/** The steps of every panel, or column of a table, that has any, by dashboard. The first of a tile begins at 0. */
export const expectedThresholds: Readonly<Record<string, Readonly<Record<string, Steps>>>> = {
  'lvs-overview': {
    'Critical alerts': [good, { value: 0.001, color: 'red' }],
    'Fullest table': used,
    'Settles at': settles,
    'First is full in': fullIn,
    'Evicted, dropped': nonzero('ConntrackTableEvicting', 'critical'),
    'No single master': withoutOneMaster,
    'Dead services': nonzero('IpvsServiceWeightZero', 'critical'),
    'Blind spots': nonzero('LvsExporterTargetDown', 'warning'),
    'Used, of the limit': used,
    'Where it settles, of the limit': settles,
    ...ofTables,
    'Destinations that fill tables: Of the limit': share,
  },
  'lvs-conntrack': {
    ...ofTables,
    'Full in': fullIn,
    'Destinations: Of the limit': share,
    'Zones: Of its limit': [good, from(thresholds.conntrackZoneUsed.warning, 'ConntrackZoneNearlyFull', 'warning')],
    'Limit per bucket': [good, from(thresholds.conntrackEntriesPerBucket.warning, 'ConntrackBucketsTooFew', 'warning')],
    'Duration and age of a scan': [good, { value: thresholds.scanAge.warning, color: 'orange' }],
  },
  'lvs-ipvs': {
    'Services: Servers': oneOrMore,
    'Services: Weight': oneOrMore,
    'Real servers: Share': uneven,
    'New connections, of the share by weight': uneven,
    'Connections, of their limit': ipvsUsed,
    'The same, of its limit': [
      good,
      from(thresholds.upstreamConntrack.warning, 'IpvsUpstreamConntrackPressure', 'warning'),
      from(thresholds.upstreamConntrack.critical, 'IpvsUpstreamConntrackPressure', 'critical'),
    ],
  },
  'lvs-keepalived': {
    'keepalived ended': nonzero('KeepalivedDown', 'warning'),
    'No single master': withoutOneMaster,
    'Flaps in 15 min': [good, from(thresholds.keepalivedFlapping.warning, 'KeepalivedFlapping', 'warning')],
    'Oldest dump': dumpAge,
    'Refused advertisements': [
      good,
      from(thresholds.keepalivedRefused.warning, 'KeepalivedAdvertisementsRefused', 'warning'),
    ],
    'Age of the dumps': dumpAge,
  },
  'lvs-exporter': {
    'Exporters down': nonzero('LvsExporterTargetDown', 'warning'),
    'Collector faults': nonzero('LvsExporterCollectorFailing', 'warning'),
    'Series left out': nonzero('LvsExporterSeriesLimited', 'info'),
    'Outside host net': nonzero('LvsExporterNotInHostNamespace', 'warning'),
  },
};
