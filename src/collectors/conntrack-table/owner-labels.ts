import type { FlowOwner } from '../../openstack/owner.ts';

export function labelsOfOwner({ port: { id, device, vmId, domain } }: FlowOwner) {
  return {
    port_id: id,
    device,
    domain: domain?.name ?? '',
    vm: domain?.instanceName ?? '',
    vm_id: vmId,
    project: domain?.project ?? '',
    project_id: domain?.projectId ?? '',
  };
}
