import type { WithName } from '../readings/service-names.ts';
import type { Finding, Subject } from './finding.ts';

/** The same finding with the names of the virtual servers that it is about. */
export function withServiceNames(finding: Finding, withName: WithName): Finding {
  const { subject, group } = finding;
  const rename = (one: Subject) => (one.service ? { ...one, service: withName({ ...one.service }) } : one);
  const named = {
    ...finding,
    subject: rename(subject),
    ...(group && { group: { ...group, worst: group.worst.map(rename) } }),
  };
  if (named.id !== 'ipvs-upstream-conntrack-pressure') return named;
  const services = named.details.services.map((one) => ({ ...one, service: withName({ ...one.service }) }));
  return { ...named, details: { ...named.details, services } };
}
