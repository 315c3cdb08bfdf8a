/** Commands of generic netlink that only ask, by family and number: linux/genetlink.h and linux/ip_vs.h. */
const asking: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  nlctrl: { 3: 'CTRL_CMD_GETFAMILY' },
  IPVS: {
    4: 'IPVS_CMD_GET_SERVICE',
    8: 'IPVS_CMD_GET_DEST',
    11: 'IPVS_CMD_GET_DAEMON',
    13: 'IPVS_CMD_GET_CONFIG',
    15: 'IPVS_CMD_GET_INFO',
  },
};

/** The rest, as strace names them. */
const askingTypes = /^(RTM_GET\w+|NFNL_SUBSYS_CTNETLINK<<8\|IPCTNL_MSG_CT_GET(_STATS(_CPU)?)?)$/;

/** `sendto(20, [{nlmsg_len=20, nlmsg_type=nlctrl, ...}, "\x03\x02\x00\x00..."`: the command is the first byte. */
const sent = /\bsend(?:to|msg)\(.*?\{nlmsg_len=\d+, nlmsg_type=(?<type>[^,]+),.*?\}(?:, "\\x(?<command>[\da-f]{2}))?/;

/** The netlink requests in what `strace -x --trace=%network` wrote, each kind once. */
export function readRequests(trace: string): NetlinkRequests {
  const asks = new Set<string>();
  const others = new Set<string>();
  for (const line of trace.split('\n')) {
    const { type = '', command = '' } = sent.exec(line)?.groups ?? {};
    const name = asking[type]?.[Number.parseInt(command, 16)];
    if (name !== undefined || askingTypes.test(type)) asks.add(name ?? type);
    else if (type !== '') others.add(`${type} ${command}`.trim());
  }
  return { asks: [...asks], others: [...others] };
}

export interface NetlinkRequests {
  /** Those that only ask. */
  readonly asks: readonly string[];
  /** Those that may change something. */
  readonly others: readonly string[];
}
