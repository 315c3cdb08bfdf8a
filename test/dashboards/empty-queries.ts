/** Queries that give nothing on the recordings that there are, and why they must not. Any other one that does fails the tests. */
export const emptyQueries: readonly { readonly query: RegExp; readonly reason: string }[] = [
  {
    query: /^lvs-keepalived (Refused advertisements A|Announcements per hour [AB])$/,
    reason: 'Nothing was refused or changed while they were recorded.',
  },
  {
    query: /^lvs-keepalived Processes [ABC]$/,
    reason: 'The recordings are older than what is exported of the processes.',
  },
  { query: /^lvs-keepalived Differences of pairs A$/, reason: 'The recorded directors do not differ for long.' },
  { query: /^lvs-keepalived Unicast peers [AB]$/, reason: 'The recorded directors use multicast.' },
  {
    query: /^lvs-ipvs Connections(, of their limit A| and their limit [AB])$/,
    reason: 'They were recorded on Linux 6.1.',
  },
  {
    query: /^lvs-ipvs (Connections that EC2 can still track|Packets beyond an allowance of EC2) A$/,
    reason: 'They were not recorded on EC2.',
  },
  { query: / annotation Ends of alerts$/, reason: 'No alert ends within the two minutes of the recordings.' },
  { query: /^lvs-exporter Collectors that failed A$/, reason: 'No collector failed.' },
  { query: /^lvs-exporter Series left out by collector A$/, reason: 'No collector is at its limit.' },
  {
    query: /^lvs-ipvs (Packets|Bytes) by real server B$/,
    reason: 'Replies of direct server return bypass the director.',
  },
];
