/** Names of socket levels and options by number, as far as programs ask for them. Source: Linux asm-generic/socket.h, tcp.h, in.h, in6.h */

const LEVELS: Readonly<Record<number, string>> = {
  0: 'IPPROTO_IP',
  1: 'SOL_SOCKET',
  6: 'IPPROTO_TCP',
  17: 'IPPROTO_UDP',
  41: 'IPPROTO_IPV6',
  255: 'SOL_RAW',
  263: 'SOL_PACKET',
  270: 'SOL_NETLINK',
};

/** Names in the order of their numbers, from 1 on. */
const OPTIONS: Readonly<Record<number, string>> = {
  0: 'IP_TOS IP_TTL IP_HDRINCL IP_OPTIONS IP_ROUTER_ALERT IP_RECVOPTS IP_RETOPTS IP_PKTINFO IP_PKTOPTIONS IP_MTU_DISCOVER IP_RECVERR IP_RECVTTL IP_RECVTOS IP_MTU IP_FREEBIND',
  1: 'SO_DEBUG SO_REUSEADDR SO_TYPE SO_ERROR SO_DONTROUTE SO_BROADCAST SO_SNDBUF SO_RCVBUF SO_KEEPALIVE SO_OOBINLINE SO_NO_CHECK SO_PRIORITY SO_LINGER SO_BSDCOMPAT SO_REUSEPORT SO_PASSCRED SO_PEERCRED SO_RCVLOWAT SO_SNDLOWAT SO_RCVTIMEO SO_SNDTIMEO SO_SECURITY_AUTHENTICATION SO_SECURITY_ENCRYPTION_TRANSPORT SO_SECURITY_ENCRYPTION_NETWORK SO_BINDTODEVICE SO_ATTACH_FILTER SO_DETACH_FILTER SO_PEERNAME SO_TIMESTAMP SO_ACCEPTCONN SO_PEERSEC SO_SNDBUFFORCE SO_RCVBUFFORCE SO_PASSSEC SO_TIMESTAMPNS SO_MARK SO_TIMESTAMPING SO_PROTOCOL SO_DOMAIN SO_RXQ_OVFL SO_WIFI_STATUS SO_PEEK_OFF SO_NOFCS SO_LOCK_FILTER SO_SELECT_ERR_QUEUE SO_BUSY_POLL SO_MAX_PACING_RATE SO_BPF_EXTENSIONS SO_INCOMING_CPU SO_ATTACH_BPF SO_ATTACH_REUSEPORT_CBPF SO_ATTACH_REUSEPORT_EBPF SO_CNX_ADVICE SO_TIMESTAMPING_OPT_STATS SO_MEMINFO SO_INCOMING_NAPI_ID SO_COOKIE SO_TIMESTAMPING_PKTINFO SO_PEERGROUPS SO_ZEROCOPY',
  6: 'TCP_NODELAY TCP_MAXSEG TCP_CORK TCP_KEEPIDLE TCP_KEEPINTVL TCP_KEEPCNT TCP_SYNCNT TCP_LINGER2 TCP_DEFER_ACCEPT TCP_WINDOW_CLAMP TCP_INFO TCP_QUICKACK TCP_CONGESTION TCP_MD5SIG TCP_COOKIE_TRANSACTIONS TCP_THIN_LINEAR_TIMEOUTS TCP_THIN_DUPACK TCP_USER_TIMEOUT TCP_REPAIR TCP_REPAIR_QUEUE TCP_QUEUE_SEQ TCP_REPAIR_OPTIONS TCP_FASTOPEN TCP_TIMESTAMP TCP_NOTSENT_LOWAT TCP_CC_INFO TCP_SAVE_SYN TCP_SAVED_SYN TCP_REPAIR_WINDOW TCP_FASTOPEN_CONNECT TCP_ULP',
};

/** Numbers of levels, by each name that they have. Source: Linux linux/socket.h, linux/in.h */
export const SOCKET_LEVELS: Readonly<Record<string, number>> = {
  SOL_IP: 0,
  SOL_TCP: 6,
  SOL_UDP: 17,
  SOL_IPV6: 41,
  SOL_ICMPV6: 58,
  ...Object.fromEntries(Object.entries(LEVELS).map(([number, name]) => [name, Number(number)])),
};

/** The name of an option; undefined where it is not known. */
export function socketOptionName(level: number, option: number): string | undefined {
  return OPTIONS[level]?.split(' ')[option - 1] || LATER[level]?.[option];
}

/** Options whose numbers do not follow those above. */
const LATER: Readonly<Record<number, Readonly<Record<number, string>>>> = {
  0: {
    19: 'IP_TRANSPARENT',
    20: 'IP_RECVORIGDSTADDR',
    21: 'IP_MINTTL',
    22: 'IP_NODEFRAG',
    23: 'IP_CHECKSUM',
    24: 'IP_BIND_ADDRESS_NO_PORT',
    32: 'IP_MULTICAST_IF',
    33: 'IP_MULTICAST_TTL',
    34: 'IP_MULTICAST_LOOP',
    35: 'IP_ADD_MEMBERSHIP',
    36: 'IP_DROP_MEMBERSHIP',
    49: 'IP_MULTICAST_ALL',
    50: 'IP_UNICAST_IF',
    80: 'SO_ORIGINAL_DST',
  },
  1: {
    61: 'SO_TXTIME',
    62: 'SO_BINDTOIFINDEX',
    69: 'SO_PREFER_BUSY_POLL',
    71: 'SO_NETNS_COOKIE',
    75: 'SO_RCVMARK',
    76: 'SO_PASSPIDFD',
    77: 'SO_PEERPIDFD',
  },
  6: {
    32: 'TCP_MD5SIG_EXT',
    33: 'TCP_FASTOPEN_KEY',
    34: 'TCP_FASTOPEN_NO_COOKIE',
    35: 'TCP_ZEROCOPY_RECEIVE',
    36: 'TCP_INQ',
    37: 'TCP_TX_DELAY',
  },
  17: {
    1: 'UDP_CORK',
    100: 'UDP_ENCAP',
    101: 'UDP_NO_CHECK6_TX',
    102: 'UDP_NO_CHECK6_RX',
    103: 'UDP_SEGMENT',
    104: 'UDP_GRO',
  },
  41: {
    1: 'IPV6_ADDRFORM',
    7: 'IPV6_CHECKSUM',
    16: 'IPV6_UNICAST_HOPS',
    17: 'IPV6_MULTICAST_IF',
    18: 'IPV6_MULTICAST_HOPS',
    19: 'IPV6_MULTICAST_LOOP',
    20: 'IPV6_JOIN_GROUP',
    21: 'IPV6_LEAVE_GROUP',
    23: 'IPV6_MTU_DISCOVER',
    24: 'IPV6_MTU',
    25: 'IPV6_RECVERR',
    26: 'IPV6_V6ONLY',
    49: 'IPV6_RECVPKTINFO',
    51: 'IPV6_RECVHOPLIMIT',
    62: 'IPV6_DONTFRAG',
    66: 'IPV6_RECVTCLASS',
    67: 'IPV6_TCLASS',
    70: 'IPV6_AUTOFLOWLABEL',
    72: 'IPV6_ADDR_PREFERENCES',
    74: 'IPV6_RECVORIGDSTADDR',
    75: 'IPV6_TRANSPARENT',
    76: 'IPV6_UNICAST_IF',
    78: 'IPV6_FREEBIND',
  },
};

export function socketOption(level: number, option: number): string {
  const name = socketOptionName(level, option);
  const known = LEVELS[level] ?? `level ${level}`;
  return name === undefined ? `option ${option} of ${known}` : `${name} (${known}, option ${option})`;
}

/** Levels as tracers name them. */
const LEVEL_NUMBERS: Readonly<Record<string, number>> = {
  SOL_IP: 0,
  IPPROTO_IP: 0,
  SOL_SOCKET: 1,
  SOL_TCP: 6,
  IPPROTO_TCP: 6,
  SOL_UDP: 17,
  IPPROTO_UDP: 17,
  SOL_IPV6: 41,
  IPPROTO_IPV6: 41,
  SOL_RAW: 255,
  SOL_PACKET: 263,
  SOL_NETLINK: 270,
};

/** `SO_ZEROCOPY` of level and option as tracers print them, by name or number; an option that has no name here stays a number. */
export function optionName(level: string, option: string): string {
  if (!/^\d/.test(option)) return option;
  const number = LEVEL_NUMBERS[level] ?? Number(level);
  const place = Number(option);
  return OPTIONS[number]?.split(' ')[place - 1] ?? `option ${place} of ${LEVELS[number] ?? `level ${level}`}`;
}
