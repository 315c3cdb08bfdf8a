// The dashboards and rules for jsonnet: import 'lvs-exporter/mixin.libsonnet'
local groups = (import 'alerts/lvs-exporter.rules.json').groups;
local named(suffix) = { groups+: std.filter(function(group) std.endsWith(group.name, suffix), groups) };
{
  grafanaDashboards+:: {
    'lvs-overview.json': import 'dashboards/lvs-overview.json',
    'lvs-conntrack.json': import 'dashboards/lvs-conntrack.json',
    'lvs-ipvs.json': import 'dashboards/lvs-ipvs.json',
    'lvs-keepalived.json': import 'dashboards/lvs-keepalived.json',
    'lvs-exporter.json': import 'dashboards/lvs-exporter.json',
  },
  prometheusRules+:: named('.rules'),
  prometheusAlerts+:: named('.alerts'),
}
