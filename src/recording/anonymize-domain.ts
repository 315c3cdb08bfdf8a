import { createLibvirtDomainParser, type LibvirtDomain } from '../parsers/openstack/libvirt-domain.ts';
import { ParseError } from '../parsers/parse-error.ts';

/**
 * Keeps of a file of libvirt what is read of it, and nothing else: it also has passwords of consoles and names of users.
 * Nothing is kept of one that cannot be parsed.
 */
export function anonymizeDomain(text: string): string {
  let kept = '';
  try {
    const parser = createLibvirtDomainParser((domain) => {
      kept = formatDomain(domain);
    });
    parser.add(text);
    parser.end();
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
  }
  return kept;
}

function formatDomain({ name, uuid, instanceName, project, projectId, interfaces, ports }: LibvirtDomain): string {
  return `<domain>
<name>${escapeXml(name)}</name>
<uuid>${escapeXml(uuid)}</uuid>
<metadata>
<nova:instance xmlns:nova="http://openstack.org/xmlns/libvirt/nova/1.1">
<nova:name>${escapeXml(instanceName)}</nova:name>
<nova:owner><nova:project uuid="${escapeXml(projectId)}">${escapeXml(project)}</nova:project></nova:owner>
<nova:ports>
${ports.map(({ id, addresses }) => `<nova:port uuid="${escapeXml(id)}">${each(addresses, (one) => `<nova:ip address="${one}"/>`)}</nova:port>\n`).join('')}</nova:ports>
</nova:instance>
</metadata>
<devices>
${interfaces.map(formatInterface).join('')}</devices>
</domain>
`;
}

function formatInterface({ device, mac, portId, addresses }: LibvirtDomain['interfaces'][number]): string {
  return `<interface>
<mac address="${escapeXml(mac)}"/>
<target dev="${escapeXml(device)}"/>
<virtualport><parameters interfaceid="${escapeXml(portId)}"/></virtualport>
<filterref>${each(addresses, (one) => `<parameter name="IP" value="${one}"/>`)}</filterref>
</interface>
`;
}

function each(texts: readonly string[], format: (escaped: string) => string): string {
  return texts.map((text) => format(escapeXml(text))).join('');
}

function escapeXml(text: string): string {
  return text.replaceAll(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
