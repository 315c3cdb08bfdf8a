/** The smallest entries that a dump may have. */
export const virtualServer = ` ------< Virtual server >------
 VS VIP = 10.0.0.100, VPORT = 80
   Address family = inet
   protocol = TCP
   quorum = 1, hysteresis = 0
   VS alive = 1
   quorum_state_up = 1
   reloaded = 0
`;
export const realServer = `   ------< Real server >------
   RIP = 10.0.0.11, RPORT = 80, WEIGHT = 1 EFF WEIGHT = 1
   forwarding method = DR
   Inhibit on failure is OFF
   initial weight = 1
   alive = 1
   num failed checkers = 0
   RS set = 1
   reloaded = 0
`;
export const checker = ` [10.0.0.100]:tcp:80 -> [10.0.0.11]:tcp:80
   Enabled = yes
   Up = yes
   Has run = yes
   Keepalive method = TCP_CHECK
`;

/** A dump with these virtual servers, groups and checkers. */
export function dumpOf(servers: string, groups = '', checkers = ''): string {
  return `------< Global definitions >------\n Router ID = lvs\n------< LVS Topology >------\n${groups}${servers}------< Health checkers >------\n${checkers}`;
}

/** What they are read as. */
export const virtualServerRead = {
  services: [{ protocol: 'tcp', address: '10.0.0.100', port: '80', fwmark: '', family: undefined }],
  added: true,
  quorum: 1,
  hysteresis: 0,
  quorumUp: true,
  sorryServer: undefined,
  realServers: [],
};
export const realServerRead = {
  address: '10.0.0.11',
  port: '80',
  forward: 'direct',
  added: true,
  up: true,
  configuredWeight: 1,
  effectiveWeight: 1,
  checkers: [],
};
