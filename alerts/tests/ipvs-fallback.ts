import { alertTests, of } from './alert-test.ts';
import { missingOne, served, service } from './ipvs.ts';

/** Weights of the real servers of a service, by address, with another method of forwarding after a slash. */
function weighs(instance: string, weights: Readonly<Record<string, string>>): Record<string, string> {
  const series = Object.entries(weights).map(([key, weight]) => {
    const [real_address = '', forward = 'direct'] = key.split('/');
    return of({ instance, ...service, real_address, real_port: '443', forward }, { ipvs_real_server_weight: weight });
  });
  return Object.assign({}, ...series);
}

const managedBy = (instance: string, manager: string) =>
  of({ instance }, { [`lvs_platform_info{kube_proxy="",service_manager="${manager}"}`]: '1 for 3h' });

const missing = ['d1', 'd2'].map((instance) => ({
  severity: 'warning' as const,
  labels: { ...missingOne.labels, instance },
  description: missingOne.description.replace('d1', instance),
}));

function onlyFallback(instance: string) {
  const labels = { job: 'lvs-exporter', instance, ...service };
  const description = `Every real server of tcp 192.0.2.10:443 on ${instance} is removed or has weight 0: all clients get the fallback server.`;
  return { severity: 'critical' as const, labels, description };
}

/** What ldirectord does if real servers fail their checks. */
export const ipvsFallbackTests = [
  ...alertTests('IpvsServiceWeightZero', {
    when: 'a director is the fallback server of its service',
    series: {
      ...served('d1', '2 for 10m, 3 for 1h', '2 for 10m, 1 for 1h'),
      ...weighs('d1', {
        '10.0.0.1': '1 for 10m, 0 for 1h',
        '10.0.0.2': '1 for 10m, 0 for 1h',
        '127.0.0.1': 'nothing for 10m, 1 for 1h',
      }),
      ...served('others-too', '2 for 1h', '2 for 1h'),
      ...weighs('others-too', { '10.0.0.1': '1 for 1h', '127.0.0.1': '1 for 1h' }),
      ...served('alone', '1 for 1h', '1 for 1h'),
      ...weighs('alone', { '127.0.0.1': '1 for 1h' }),
      ...served('serves-itself', '2 for 1h', '1 for 1h'),
      ...weighs('serves-itself', { '10.0.0.1': '0 for 1h', '127.0.0.1': '1 for 1h' }),
      ...served('drained', '3 for 1h', '1 for 1h'),
      ...weighs('drained', { '10.0.0.1': '1 for 1h', '10.0.0.2': '0 for 1h', '127.0.0.1': '0 for 1h' }),
      ...served('checked', '3 for 1h', '1 for 1h'),
      ...weighs('checked', { '10.0.0.1': '0 for 1h', '10.0.0.2': '0 for 1h', '127.0.0.1': '1 for 1h' }),
      ...of(
        { instance: 'checked', ...service, real_address: '10.0.0.1', real_port: '443' },
        { keepalived_real_server_up: '0 for 1h' },
      ),
    },
    expected: { '10m45s': [], '11m': [onlyFallback('d1')] },
  }),
  ...alertTests('IpvsServiceWeightZero', {
    when: 'ldirectord removes real servers that fail, and the fallback server is left',
    series: {
      ...served('d1', '2 for 10m, 1 for 2h', '2 for 10m, 1 for 2h'),
      ...weighs('d1', {
        '10.0.0.1': '1 for 10m, gone for 2h',
        '10.0.0.2': '1 for 10m, gone for 2h',
        '127.0.0.1': 'nothing for 10m, 1 for 2h',
      }),
      // Two directors that are the real servers, of which the other one is removed, after its forwarding method changed.
      ...served('serves-itself', '2 for 10m, 1 for 2h', '2 for 10m, 1 for 2h'),
      ...weighs('serves-itself', {
        '10.0.0.1': '1 for 5m, gone for 2h',
        '10.0.0.1/tunnel': 'nothing for 5m, 1 for 5m, gone for 2h',
        '127.0.0.1': '1 for 3h',
      }),
    },
    expected: { '10m45s': [], '11m': [onlyFallback('d1')], '1h9m': [onlyFallback('d1')], '1h13m': [] },
  }),
  ...alertTests('IpvsRealServersMissing', {
    when: 'all real servers fail for a while, and the fallback server comes and goes',
    series: {
      ...served('quiesced', '2 for 10m, 3 for 5m, 2 for 1h', '2 for 10m, 1 for 5m, 2 for 1h'),
      ...weighs('quiesced', {
        '10.0.0.1': '1 for 10m, 0 for 5m, 1 for 1h',
        '10.0.0.2': '1 for 10m, 0 for 5m, 1 for 1h',
        '127.0.0.1': 'nothing for 10m, 1 for 5m, gone for 1h',
      }),
      // Without quiescence, and one real server stays away.
      ...served('d1', '2 for 10m, 1 for 65m', '2 for 10m, 1 for 65m'),
      ...weighs('d1', {
        '10.0.0.1': '1 for 10m, gone for 65m',
        '10.0.0.2': '1 for 10m, gone for 5m, 1 for 1h',
        '127.0.0.1': 'nothing for 10m, 1 for 5m, gone for 1h',
      }),
      // Real servers of this one are added up.
      ...served('d2', '2 for 10m, 1 for 65m', '2 for 10m, 1 for 65m'),
      ...weighs('d2', { all: '2 for 10m, 1 for 65m' }),
    },
    expected: { '14m45s': [], '16m': missing, '30m': missing, '1h': missing },
  }),
  ...alertTests('IpvsRealServersMissing', {
    when: 'ldirectord gives weight 0 to a real server',
    scrapeSeconds: 60,
    evaluationSeconds: 60,
    series: {
      ...managedBy('d1', 'ldirectord'),
      ...served('d1', '2 for 3h', '2 for 90m, 1 for 90m'),
      ...weighs('d1', { '10.0.0.1': '1 for 90m, 0 for 90m', '10.0.0.2': '1 for 3h' }),
      ...managedBy('by-hand', ''),
      ...served('by-hand', '2 for 3h', '2 for 90m, 1 for 90m'),
      ...weighs('by-hand', { '10.0.0.1': '1 for 90m, 0 for 90m' }),
      ...managedBy('nobody', 'gorb'),
      ...served('nobody', '1 for 3h', '1 for 90m, 0 for 90m'),
      ...weighs('nobody', { '10.0.0.1': '1 for 90m, 0 for 90m' }),
      ...managedBy('always', 'ldirectord'),
      ...served('always', '2 for 3h', '1 for 3h'),
      ...weighs('always', { '10.0.0.1': '0 for 3h', '10.0.0.2': '1 for 3h' }),
    },
    expected: {
      '94m': [],
      '95m': [missingOne],
      '149m': [missingOne],
      '155m': [],
    },
  }),
];
