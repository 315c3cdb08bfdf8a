import type { Dashboard, Panel } from './grafana.ts';
import { variable } from './query.ts';

const input = 'DS_PROMETHEUS';

interface Requirement {
  readonly type: 'grafana' | 'datasource' | 'panel';
  readonly id: string;
  readonly name: string;
  readonly version: string;
}

export interface PublishableDashboard extends Dashboard {
  readonly __inputs: readonly Readonly<Record<string, string>>[];
  readonly __requires: readonly Requirement[];
  readonly id: null;
}

/**
 * As grafana.com takes it: the import asks for the data source, which the variable at the top begins
 * with. The picker stays.
 */
export function publishable(dashboard: Dashboard): PublishableDashboard {
  const { templating, panels } = dashboard;
  const list = templating.list.map((one) =>
    one.type === 'datasource'
      ? { ...one, current: { selected: true, text: variable(input), value: variable(input) } }
      : one,
  );
  const types = panels.flatMap((panel) => (panel.type === 'row' ? panel.panels : [panel])).map(({ type }) => type);
  return {
    __inputs: [
      {
        name: input,
        label: 'Prometheus',
        description: 'The Prometheus that scrapes lvs-exporter, or an engine that answers as it does',
        type: 'datasource',
        pluginId: 'prometheus',
        pluginName: 'Prometheus',
      },
    ],
    __requires: [
      { type: 'grafana', id: 'grafana', name: 'Grafana', version: '9.0.0' },
      { type: 'datasource', id: 'prometheus', name: 'Prometheus', version: '1.0.0' },
      ...[...new Set(types)]
        .sort()
        .map((type) => ({ type: 'panel', id: type, name: panelNames[type], version: '' }) as const),
    ],
    ...dashboard,
    id: null,
    templating: { list },
  };
}

const panelNames: Readonly<Record<Panel['type'], string>> = {
  stat: 'Stat',
  'state-timeline': 'State timeline',
  table: 'Table',
  timeseries: 'Time series',
};
