/** What an error of runsc's own is about, by the words in it: for texts that no sentence of grammars/messages.ts fits. */

/** Longest beginning of a part that is looked at. */
const PART_LIMIT = 1024;

/** In the order in which they are tried: the narrow ones first. Ids have their words in src/knowledge/subjects.ts. */
const SUBJECTS: readonly (readonly [id: string, pattern: RegExp])[] = [
  ['json', /invalid character .* (?:looking for|after|in)|unexpected end of JSON|cannot unmarshal|[uU]nmarshal/],
  ['gpu', /nvidia|nvproxy|\bNVML\b|\bCUDA\b|libcuda|\bGPUs?\b/i],
  ['tpu', /\btpu|\/dev\/accel|\bvfio\b/i],
  ['kvm', /\bkvm\b|\bvCPUs?\b/i],
  ['yama', /ptrace_scope|yama/i],
  ['platform', /\bplatform\b|\bsystrap\b|\bptrace|\bPTRACE_|\bstub\b|sysmsg|usertrap|subprocess\b/],
  ['cpu', /CPU (?:features?|set|flags?)|\bcpuid\b|\bxsave|\bFPU\b|vsyscall|\bvdso\b|address space layout/i],
  ['oom-score', /oom[_ ]score|oom[_ ]adj/i],
  ['systemd-cgroup', /systemd|\bdbus\b|D-Bus|slice:prefix/i],
  [
    'cgroup',
    /cgroup|subtree_control|\bcontrollers?\b|cpuset|\bcpu\.(?:max|shares|cfs)|memory\.(?:max|limit|swap|high)|pids\.max|blkio|hugetlb|resource limits?/i,
  ],
  ['seccomp', /seccomp|SCMP_|\bBPF\b|syscall filters?/i],
  ['capabilities', /\bcaps?\b|capabilit|\bCAP_[A-Z_]+|bounding set/i],
  [
    'checkpoint',
    /checkpoint|restor(?:e|ing)|\bpages?(?:_meta)?\.img|\.img\b|statefile|state file|\b(?:de|en)coding\b/i,
  ],
  ['console', /consol|\bpty\b|\btty\b|\bterminal\b|\/dev\/(?:pts|ptmx|tty)|winsize/i],
  ['hook', /\bhooks?\b/i],
  [
    'user-namespace',
    /user ?ns\b|user namespaces?|[ug]id_?map|setgroups|new[ug]idmap|\bsub[ug]id\b|rootless|id mappings?/i,
  ],
  ['packet-socket', /AF_XDP|\bxdp\b|raw sockets?|AF_PACKET|packet socket|\bGSO\b|\bGRO\b|\bqdisc\b|checksum offload/i],
  [
    'network',
    /network stack|netstack|\bNICs?\b|interfaces?\b|\bveth|\beth\d|\broutes?\b|\bMAC\b|netlink|neighbou?rs?\b|\bARP\b|gateway|link-local|loopback|\bIPv[46]\b|network mode|network type|iptables|nftables/i,
  ],
  ['namespace', /\bnamespaces?\b|\bsetns\b|\bnetns\b|\bunshare\b/i],
  ['resolver', /resolv\.conf|\/etc\/hosts\b|hostname/],
  ['filestore', /filestore/i],
  ['pid-file', /\bpid ?file\b/i],
  ['control-socket', /control (?:socket|server)|\burpc\b|sun_path|(?:listen|dial) unix|unix socket/i],
  [
    'state',
    /metadata file|\block(?:ing)?\b.{0,200}file|lock file|\.state\b|container root director|ambiguous|state director/i,
  ],
  ['descriptors', /file descriptors?|\b[fF][dD]s?\b|stdios?\b|\bdup[23]?\b|donat/],
  ['memory', /memory file|memfd|\bmmap|\bmremap|hugepage|huge page|max_map_count|out of memory|allocate memory/i],
  ['start-process', /fork\/exec|\bclone\(|thread creation|newosproc|executable path|\/proc\/self\/exe/],
  ['gofer', /gofer|lisafs|\b9[pP]\b|attach point|directfs/],
  ['rlimit', /rlimit/i],
  ['sysctl', /sysctl|\/proc\/sys\//],
  ['profile', /profil(?:e|ing)|pprof|\bmetrics?\b|prometheus|seccheck|trace session|\bsinks?\b/i],
  ['strace', /unknown syscall|strace/i],
  [
    'spec',
    /\bspec\b|config\.json|annotations?|\bOCI\b|must be (?:set|defined|given|provided|absolute|non-empty)|invalid version/,
  ],
  [
    'mount',
    /\bmount|\bbind\b|overlay|tmpfs|\bvolumes?\b|propagation|rootfs|root file ?system|pivot_root|chroot|erofs|submount|\bfuse\b/i,
  ],
  ['device', /\/dev\/|\bdevices?\b|mknod|ioctl/i],
  ['user', /\busers?\b|\buid\b|\bgid\b|\bpasswd\b|\bgroups?\b/i],
  ['program', /\bELF\b|interpreter|executable|\bloading\b|\bload\b|argv|entrypoint|working directory|chdir/i],
  ['flags', /\bflags?\b|(?<![a-z-])--?[a-z][a-z-]{1,40}=|\boptions?\b|is not a valid/i],
  ['log', /\blog(?:ging|s|file| file)?\b/i],
];

/**
 * What an error is about, by the part that lies innermost and tells: the last part of a chain is mostly the host's answer, the one
 * before it what was wanted. Undefined where no part has words that are known.
 */
export function subjectOf(parts: readonly string[]): string | undefined {
  for (const part of parts.toReversed()) {
    const found = SUBJECTS.find(([, pattern]) => pattern.test(part.slice(0, PART_LIMIT)));
    if (found !== undefined) return found[0];
  }
  return undefined;
}

/** Every id, for whoever has words for each. */
export const SUBJECT_IDS: readonly string[] = SUBJECTS.map(([id]) => id);
