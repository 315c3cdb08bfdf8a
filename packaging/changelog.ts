/** The changelog in Debian's form: one entry, which leads to the one that people read. */
export function debianChangelog(version: string, maintainer: string, date: Date): string {
  return `lvs-exporter (${version}) stable; urgency=medium

  * What changed is in /usr/share/doc/lvs-exporter/CHANGELOG.md.gz.

 -- ${maintainer}  ${mailDate(date)}
`;
}

/** RFC 5322, in UTC. */
function mailDate(date: Date): string {
  return date.toUTCString().replace('GMT', '+0000');
}
