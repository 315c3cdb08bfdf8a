import type { Dashboard, Panel, Target } from '../../dashboards/src/grafana.ts';
import { dashboards } from '../../dashboards/src/index.ts';

/** One expression of a dashboard, and where it stands. */
export interface Expression {
  readonly where: string;
  readonly expr: string;
}

/** All panels, also those in closed rows. */
export function panelsOf({ panels }: Dashboard): Panel[] {
  return panels.flatMap((panel) => (panel.type === 'row' ? panel.panels : [panel]));
}

export function targetsOf(dashboard: Dashboard): (Expression & { readonly panel: Panel; readonly target: Target })[] {
  return panelsOf(dashboard).flatMap((panel) =>
    panel.targets.map((target) => ({ where: `${panel.title} ${target.refId}`, expr: target.expr, panel, target })),
  );
}

/** Of annotations that Prometheus is asked for. */
export function annotationsOf({ annotations }: Dashboard): Expression[] {
  return annotations.list.flatMap(({ name, expr }) =>
    expr === undefined ? [] : [{ where: `annotation ${name}`, expr }],
  );
}

/** The label that the values of a variable are taken from, and its series. */
export interface LabelValues extends Expression {
  readonly label: string;
  /** Whether an expression is evaluated, and not a selector looked up. */
  readonly isResult: boolean;
}

/** Of variables that ask Prometheus. What does not ask for the values of a label has none. */
export function variablesOf({ templating }: Dashboard): LabelValues[] {
  return templating.list
    .filter(({ type }) => type === 'query')
    .map(({ name, query, regex }) => {
      const text = typeof query === 'string' ? query : query.query;
      const [, expr = '', label = ''] =
        /^label_values\((.+), (\w+)\)$/.exec(text) ?? readResult(text, regex ?? '') ?? [];
      return { where: `variable ${name}`, expr, label, isResult: text.startsWith('query_result(') };
    });
}

function readResult(query: string, regex: string): readonly (string | undefined)[] | null {
  const [, expr] = /^query_result\((.+)\)$/.exec(query) ?? [];
  const [, label] = /^\/(\w+)="/.exec(regex) ?? [];
  return expr === undefined ? null : [query, expr, label];
}

/** Of panels and annotations. */
export function queriesOf(dashboard: Dashboard): Expression[] {
  return [...targetsOf(dashboard), ...annotationsOf(dashboard)];
}

export function expressionsOf(dashboard: Dashboard): Expression[] {
  return [...queriesOf(dashboard), ...variablesOf(dashboard)];
}

/** What a query asks for: `expressionOf('lvs-overview', 'Fullest table A')`. */
export function expressionOf(uid: string, where: string): string {
  const ofDashboard = dashboards.filter((one) => one.uid === uid).flatMap(targetsOf);
  const found = ofDashboard.find((one) => one.where === where);
  if (!found) throw new Error(`Expected ${where} on ${uid}`);
  return found.expr;
}
