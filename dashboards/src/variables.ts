import type { Variable } from './grafana.ts';
import { datasource } from './query.ts';

/** One more thing to pick by, below the machines. */
export interface ExtraVariable {
  readonly name: string;
  readonly label: string;
  /** PromQL of the Grafana kind: `label_values(metric, label)`, or `query_result(expression)` with a `regex`. */
  readonly query: string;
  /** What of a result is the value: the first group. */
  readonly regex?: string;
  /** Not shown at the top: it follows from the others. */
  readonly hidden?: boolean;
}

/**
 * The label that distinguishes two jobs which have one machine, as where a container on it has an exporter of its own: `job`
 * where there are any, and else one that no series has. Legends and tables of all other fleets do without it.
 */
const apart: Variable = {
  ...pick(
    {
      name: 'apart',
      label: 'Apart',
      query:
        'query_result(label_replace(count(count by (cluster, instance) (count by (job, cluster, instance) ' +
        '(lvs_exporter_build_info{job=~"$job",cluster=~"$cluster"})) > 1), "apart", "job", "", "") ' +
        'or on () label_replace(vector(1), "apart", "none", "", ""))',
      regex: '/apart="([^"]*)"/',
      hidden: true,
    },
    '',
  ),
  multi: false,
  includeAll: false,
  current: { selected: true, text: 'none', value: 'none' },
};

/** What stands for "all" of a label that every series has, and of one that a series may lack. */
const every = '.+';
const everyOrNone = '.*';

export function createVariables(machinesWith: string, extra: readonly ExtraVariable[]): Variable[] {
  return [
    {
      type: 'datasource',
      name: 'datasource',
      label: 'Data source',
      query: 'prometheus',
      regex: '',
      refresh: 1,
      hide: 0,
    },
    pick({ name: 'job', label: 'Job', query: 'label_values(lvs_exporter_build_info, job)' }, every),
    pick(
      { name: 'cluster', label: 'Cluster', query: 'label_values(lvs_exporter_build_info{job=~"$job"}, cluster)' },
      everyOrNone,
    ),
    pick(
      {
        name: 'instance',
        label: 'Instance',
        query: `label_values(${machinesWith}{job=~"$job",cluster=~"$cluster"}, instance)`,
      },
      every,
    ),
    apart,
    ...extra.map((one) => pick(one, everyOrNone)),
  ];
}

/** Set `current`: newer versions of Grafana would otherwise start with the first value and not with all. */
function pick({ name, label, query, regex = '', hidden = false }: ExtraVariable, allValue: string): Variable {
  return {
    type: 'query',
    name,
    label,
    datasource,
    query: { query, refId: name },
    definition: query,
    regex,
    multi: true,
    includeAll: true,
    allValue,
    current: { selected: true, text: ['All'], value: ['$__all'] },
    refresh: 2,
    // A result has its own order.
    sort: regex === '' ? 1 : 0,
    hide: hidden ? 2 : 0,
  };
}
