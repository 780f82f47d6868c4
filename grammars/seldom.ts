/**
 * Sentences of runsc that are seldom seen and leave one cause, in families: one id a family, `error` holds the words themselves.
 * They are tried before the others of grammars/messages.ts, which turns each row into a sentence of the place `error`.
 */

export type SeldomSentence = {
  readonly id: string;
  /** The pattern in the writing of `sentence()`: `<q:name>` for a quoted string, `<error:os>` for the answer of the host. */
  readonly text: string;
  readonly since?: string;
  readonly weak?: true;
  /** Words that no other program uses: they count wherever they stand. */
  readonly own?: true;
  /** Captures that the text itself does not hold. */
  readonly about?: Readonly<Record<string, string>>;
};

const NETWORK: readonly SeldomSentence[] = [
  {
    id: 'network-interface-gone',
    text: '(?:getting (?:loopback )?link for (?:interface|iface) <q:device>|getting interface by name <q:device2>): (?<error>(?:.*: )?(?:Link not found|no such network interface|no such device).*)$',
  },
  {
    id: 'network-netlink-refused',
    text: '(?:querying interfaces(?: in ns)?|fetching (?:interface addresses|ARP table) for <q:device>|getting routes (?:for interface|from) <q:device2>|checking if address \\S+ is on interface <q:device3>): <error:os>$',
  },
  { id: 'network-bind-refused', text: '(?:unable|failed) to bind to (?:interface )?<q:device>: <error:os>$' },
  {
    id: 'network-offload-refused',
    text: '(?<error>unable to enable the PACKET_VNET_HDR option: .*|getting GSO for interface .*|inconsistent gsoMaxSize .*)$',
  },
  {
    id: 'network-channels-refused',
    text: '(?<error>failed to enable PACKET_(?:FANOUT|RX_RING) option: .*|failed to enable PACKET_RX_RING: .*|newPacketMMapDispatcher\\(.*|newRecvMMsgDispatcher\\(.*)$',
  },
  { id: 'network-routes-unusable', text: '(?<error>unexpected address size for gateway: .*)$' },
  { id: 'network-routes-unusable', text: '(?<error>invalid interface name <q:device> for default route)$' },
  { id: 'network-setting-unreadable', text: 'failed to access (?<path>/proc/sys/net/core/rmem_default): <error:os>$' },
  {
    id: 'network-stack-refused',
    text: '(?<error>(?:CreateNICWithOptions|AddProtocolAddress|SetNetworkProtocolOption|SetTransportProtocolOption)\\(.*\\)(?: failed)?: (?<reason>[^:]+))$',
  },
  {
    id: 'firewall-copy-failed',
    since: '20230300.0',
    text: '(?<error>failed to (?:SetEntries|read iptables blob|write (?:NAT|iptables) blob|open socket for iptables|call IPT_SO_GET_\\w+|create iptables blob pipe|run iptables-nft-save|restore iptables error)\\b.*|failed to save existing rules with error .*|no rules to scrape.*)$',
  },
  {
    id: 'xdp-failed',
    text: '(?<error>failed to create (?:XDP (?:redirect interface|tunnel|socket)|AF_XDP (?:socket|dispatcher))\\b.*|unable to create AF_XDP socket: .*|(?:XDP only supports one link device|unknown XDP mode|received both fdbased and XDP links).*)$',
  },
  { id: 'pcap-unwritable', text: 'failed to create PCAP logger: <error:os>$', about: { path: '' } },
];

const CHECKPOINTS: readonly SeldomSentence[] = [
  {
    id: 'checkpoint-file-unusable',
    text: '(?:opening (?:restore )?(?:file|pages file|pages metadata file) <q:path> failed|creating checkpoint (?:state|pages|pages metadata) file <q:file>): <error:os>$',
  },
  {
    id: 'checkpoint-file-unusable',
    text: 'failed to create auto ?save files: <error:os>$',
    since: '20240500.0',
  },
  { id: 'checkpoint-state-wrong', text: 'cannot restore a started container$', about: { state: 'started' } },
  {
    id: 'checkpoint-restored-already',
    text: '(?<error>restore is already in progress|container <q:container> already restored)$',
  },
  { id: 'checkpoint-root-first', text: '(?<error>sandbox is not being restored, cannot restore subcontainer)$' },
  {
    id: 'checkpoint-image-foreign',
    text: '(?:reading metadata from statefile: )?(?<error>bad magic header|missing metadata|flags set is invalid|metadata length invalid.*|metadata contains invalid compression flag value.*|metadata invalid, .*|invalid container count value.*)$',
  },
  {
    id: 'checkpoint-names-differ',
    text: '(?<error>unable to (?:remap task|find container root process) with CID .*|container CID <q:container> already belongs to container .*)$',
  },
  {
    id: 'checkpoint-cores-differ',
    text: "UseHostCores enabled: can't increase ApplicationCores from (?<saved>\\d+) to (?<current>\\d+) after restore",
  },
  {
    id: 'checkpoint-format-differs',
    text: '(?<error>(?:type name "[^"]*" is not available|type "[^"]*" (?:contains different|has mismatched) fields|unsupported type "[^"]*" during decode|typeDatabase (?:contains conflicting|does not contain)|type ID \\d+ not available|unknown object .* for |unknown header: |mismatching array length|empty struct on wire|(?:un)?signed integer truncated|floating point number truncated|traverse failed for root type|no field in root type|next component in child path|object missing|incomplete graph|header error|mismatched segment: |impossibly huge length|still had \\d+ deferred objects|unused deferred object).*)$',
  },
  {
    id: 'checkpoint-unsavable',
    text: '(?<error>(?:host\\.inode\\.beforeSave: .*|buffering from pipe failed: .*|gofer\\.filesystem with no UniqueID cannot be saved|failed to invalidate unsavable mappings: .*))$',
  },
  {
    id: 'checkpoint-mounts-differ',
    text: '(?<error>no server FD (?:map available|available for filesystem with unique ID .*))$',
  },
  {
    id: 'checkpoint-files-differ',
    text: '(?<error>gofer\\.dentry\\(<q:path>\\)\\.restoreFile: .*)$',
    about: { type: 'gofer' },
  },
  {
    id: 'files-checkpoint-unusable',
    since: '20260300.0',
    text: '(?<error>(?:failed to (?:open|buffer|read|decode proto) (?:the )?(?:manifest|multi-tar|pages metadata|pages|tar archive)\\b|unsupported filesystem checkpoint version|filesystem checkpoint (?:page size|endianness)|empty path in fscheckpoint paths|filesystem restore is not enabled|no filesystems restored for container|MemoryFile .* has pages metadata range|tmpfs .* has tar range|failed to start async page loading).*)$',
  },
  {
    id: 'checkpoint-memory-differs',
    text: '(?<error>saved memory file for <q:name> was not configured on restore)$',
  },
  {
    id: 'flag-value-invalid',
    text: 'invalid checkpoint compression type <q:value>',
    about: { flag: 'compression' },
  },
];

/** What two releases of runsc, one on each side of a control call, cannot say to each other. */
const RELEASES: readonly SeldomSentence[] = [
  {
    id: 'releases-mixed',
    text: '(?<error>(?:invalid GoferMountConf value|invalid gofer mount config|(?:start|restore) arguments (?:\\(len|must)|args\\.FilePayload\\.Files has|at (?:least one file must|most two files may) be passed to Restore|more files passed to Restore|got \\d+ files(?:, wanted| in -fs-restore-fds)|not all gofer (?:Filestore )?FDs were consumed|dev gofer FD was not consumed|rootfs gofer FD not found|gofer mount requires a connection FD|extra goferFD provided|length of payload files does not match|FilePayload\\.Files and DonatedFDs|unsupported rootfs config|using TTY, stdios not expected|unknown bind value).*)$',
  },
  { id: 'release-older', text: '(?:urpc method <q:method> failed: )?unknown method$' },
];

const ANNOTATIONS: readonly SeldomSentence[] = [
  {
    id: 'mount-hint-invalid',
    since: '20190806.1',
    text: '(?:(?:error )?creating pod mount hints: (?<error>.+)|(?<error2>invalid mount annotation: .+|invalid share value .+|unsupported mount type .+ in mount hint|(?:share|type|source) field for .+ has not been set|mounts <q:name> and <q:other> have the same mount source .+))$',
  },
  {
    id: 'rootfs-hint-invalid',
    since: '20231100.0',
    text: '(?:(?:error )?creating rootfs hint: (?<error>.+)|(?<error2>invalid rootfs annotation.*|rootfs annotations missing required field.*|EROFS lower layer is only supported for root mount|nvidia-container-runtime-hook cannot be used together with non-lisafs backed root mount))$',
  },
  { id: 'rootfs-image-unusable', since: '20231100.0', text: 'opening rootfs image <q:path>: <error:os>$' },
  {
    id: 'bundle-invalid',
    since: '20230900.0',
    text: '(?<error>invalid value <q:value> for annotation <q:annotation> \\(must be set to .*|no such bundle: .+|flag --(?<flag>[\\w-]+) is specified by multiple bundles: .+)$',
  },
  {
    id: 'shared-mount-differs',
    text: 'cannot mount (?<option>atime|exec) enabled shared mount because master is (?<master>noatime|noexec)',
  },
  {
    id: 'spec-seccomp-invalid',
    text: '(?:building seccomp program|appending seccomp filters|invalid seccomp rules|secomp default action|compiling seccomp program): (?<error>.+)$',
  },
  { id: 'device-type-invalid', text: 'specified device at <q:path> has invalid type <q:type>' },
  { id: 'sysctl-invalid', text: 'setting (?<name>fs\\.nr_open)=(?<value>[^\\s:]*)(?:: (?<error>.+))?$' },
  {
    id: 'working-directory-relative',
    text: "(?:'(?<path>[^']*)' is not an absolute path|working directory <q:path2> must be absolute)$",
  },
  {
    id: 'passwd-unusable',
    text: "(?<error>(?:error reading exec user|couldn't retrieve UID(?: and |/)GID (?:from|for) user\\b|invalid line found in /etc/passwd|multiple matches for the user|error reading /etc/passwd).*)$",
  },
];

const FLAGS: readonly SeldomSentence[] = [
  { id: 'flag-value-invalid', text: 'invalid host fifo type <q:value>', about: { flag: 'host-fifo' } },
  {
    id: 'flag-value-invalid',
    text: 'expected format is --overlay2=\\{mount\\}:\\{medium\\}(?:\\[,size=\\{size\\}\\])?, got <q:value>',
    about: {
      flag: 'overlay2',
      error: 'it is written MOUNT:MEDIUM, as in root:self, all:memory or root:dir=/absolute/path',
    },
  },
  {
    id: 'flag-value-invalid',
    text: 'overlay host file directory should be an absolute path, got <q:value>',
    about: { flag: 'overlay2', error: 'the directory behind dir= has to be an absolute path' },
  },
  { id: 'flag-value-invalid', text: 'unexpected (?:overlay )?medium: <q:value>', about: { flag: 'overlay2' } },
  { id: 'flag-value-invalid', text: 'invalid qdisc <q:value>', about: { flag: 'qdisc' } },
  { id: 'flag-value-invalid', text: 'invalid --xdp value: <q:value>', about: { flag: 'EXPERIMENTAL-xdp' } },
  {
    id: 'flag-conflict',
    text: '(?<error>(?:profil[a-z-]+ flag requires|disabling <q:flag> requires flag|global -(?:profile|trace)\\S* flags? ha).*)$',
  },
];

const HOST: readonly SeldomSentence[] = [
  {
    id: 'identity-refused',
    text: '(?<error>(?:error setting [ug]id|failed to set [UG]ID|error dropping capabilities|error setting parent death signal): .+)$',
  },
  {
    id: 'proc-not-left',
    since: '20210100.0',
    text: '(?<error>/proc is still accessible|the proc umounter process failed: .+|error (?:u|un)mounting (?:the )?proc\\b.*)$',
  },
  {
    id: 'root-propagation-refused',
    text: '(?<error>error setting MS_UNBINDABLE.*|remounting root as read-only with source: .*)$',
  },
  {
    id: 'namespace-refused',
    text: '(?:error (?:setting|restoring) namespace:? of type (?<kind>\\w+)(?: and path <q:path>)?|re-executing self(?!: fork/exec)): <error:os>$',
  },
  { id: 'rootless-unsupported', text: '(?<error>newgidmap failed.*)$' },
  {
    id: 'proc-not-mounted',
    text: '(?:error opening|failed to (?:open|read)) /proc/self/(?:fd|auxv)\\b[^:\\n]{0,120}: (?:.{0,1024}: )?(?<errno>no such file or directory|permission denied|not a directory)$',
  },
  {
    id: 'host-facts-unreadable',
    text: '(?<error>malformed "/proc/meminfo": .*|malformed "MemTotal": .*|"MemTotal" too large.*|failed to get maximum CPU number: .*|failed to read file /proc/self/auxv: .*)$',
  },
  {
    id: 'cgroup-limits-unreadable',
    text: 'getting (?<limit>cpu count|cpu quota|memory limit) from cgroups: (?<error>.+)$',
  },
  {
    id: 'memory-file-refused',
    text: '(?:error |failed to )?creat(?:e|ing) (?:the )?(?:memfd|memory file(?: from memfd)?): (?:error creating memfd: )?(?<errno>[a-z][a-z ,-]*)$',
  },
  {
    id: 'gofer-channel-refused',
    since: '20190900.0',
    text: '(?<error>(?:failed to (?:mmap packet window|apply memfd seals)|ftruncate failed|packet window size|insufficient FDs provided in Channel response|datagram would exceed maximum size|received packet with invalid datagram length|error (?:reading|writing) connection (?:request|response)|invalid connection (?:request|response) length|unexpected connection state before FUTEX|failed to FUTEX_\\w+ (?:for )?peer)\\b.*)$',
  },
  {
    id: 'memory-pressure-unwatched',
    text: '(?:error creating pgalloc\\.MemoryFile: )?failed to configure memcg pressure level notifications: (?<error>.+)$',
  },
  {
    id: 'gofer-root-refused',
    weak: true,
    text: '(?<error>(?:error (?:mounting (?:tmpfs|proc|/proc/fs\\S*|proc/self/fd)|creating /proc/fs\\S*|converting mounts)|failed to change the root file system|binding prepared rootfs to gofer root): .+)$',
  },
  {
    id: 'stub-not-started',
    text: '(?<error>(?:(?:creating|waiting on) stub process|createStub|createSysmsgThread|failed to install seccomp notify rules|failed getting response from syscall thread|stub syscall \\(.*\\) failed with|wait failed: expected SIGSTOP)\\b.*)$',
  },
  {
    id: 'stub-tasks-too-many',
    since: '20230300.0',
    text: 'subprocess has too many active tasks \\((?<count>\\d+)\\)',
  },
  {
    id: 'stub-memory-corrupted',
    since: '20230300.0',
    text: '(?<error>(?:context queue is full, indicates tampering.*|.*(?:imbalanced use of spinning queue|sysmsg->self did not match|sysmsg->state was invalid|unexpected context ID \\(|possible shared memory corruption|FP state context magic header).*))$',
  },
  {
    id: 'memory-file-refused',
    text: '(?<error>memfd_create\\(2\\) is not implemented.*)$',
    about: { errno: 'function not implemented' },
  },
  { id: 'core-tags-refused', text: '(?<error>Not all child threads were core tagged the same.*)$' },
  {
    id: 'kvm-processor-unset',
    text: '(?<error>(?:error setting (?:signal mask|user registers|CPUID|system registers|tsc(?: offset)?|TSC frequency)|getting (?:supported CPUID(?: \\(2nd attempt\\))?|VCPU mmap size)|error mapping runData): .+)$',
  },
  {
    id: 'gpu-device-missing',
    since: '20230529.0',
    text: '(?:stat\\(2\\) for|failed to open) (?<path>/dev/nvidia\\w*)(?: failed)?: <error:os>$',
  },
  {
    id: 'gpu-devices-invalid',
    since: '20230529.0',
    text: '(?<error>invalid .* in NVIDIA_VISIBLE_DEVICES .*|invalid nvidia device name .*)$',
  },
  {
    id: 'gpu-platform-conflict',
    since: '20230529.0',
    text: '--nvproxy is incompatible with platform (?<platform>[\\w-]+)(?:: (?<error>.*))?$',
  },
  {
    id: 'gpu-driver-unsupported',
    since: '20230529.0',
    text: '(?<error>(?:nvidia-container-cli info failed|failed to parse Nvidia driver version|(?:fallback )?NV_ESC_CHECK_VERSION_STR ioctl error|unknown (?:fallback )?NV_ESC_CHECK_VERSION_STR reply|registering nvproxy driver|reserving device major number for nvidia-uvm|failed to create /proc/driver/nvidia|failed to get nvidia device numbers)\\b.*)$',
  },
  {
    id: 'accelerator-unreadable',
    since: '20230724.0',
    text: '(?:error configuring chroot for TPU devices: )?(?<error>(?:enumerating (?:IOMMU group|PCI device) files|parsing (?:IOMMU group minor|PCI device)|reading PCI device|extracting TPU device minor|unsupported TPU device with ID|registering (?:TPU|vfio) driver)\\b.*)$',
  },
];

const FILES: readonly SeldomSentence[] = [
  {
    id: 'overlay-layer-failed',
    text: "(?<error>failed to (?:create (?:upper layer for overlay|memory file for overlay|whiteout to hide self overlay filestore|private memory file for mount)|copy up overlay file|open (?:lower|upper) layer root for copying|stat lower layer's root|get file type of lower layer's root)\\b.{0,2000}?)(?::? ?(?<errno>[a-z][a-z -]{0,60}))?$",
  },
  { id: 'overlay-root-kind', text: "lower layer's root has unsupported file type (?<kind>\\w+)$" },
  {
    id: 'filestore-not-creatable',
    text: 'failed to (?:create a|unlink) temporary file (?:inside )?<q:path>: <error:os>$',
  },
  { id: 'filestore-directory-missing', text: 'failed to stat overlay filestore directory <q:path>: <error:os>$' },
];

const COMMANDS: readonly SeldomSentence[] = [
  {
    id: 'container-not-started',
    text: '(?:container "?(?<container>[\\w.-]+)"? (?:not started|isn\'t started)|(?<container2>[\\w.-]+) container not running)$',
  },
  {
    id: 'container-not-started',
    text: "container <q:container> (?:hasn't exited yet|doesn't exist, or has not been started)$",
  },
  {
    id: 'container-ended',
    text: '(?:container "?(?<container>[\\w.-]+)"? (?:has stopped|is deleted)|trying to start (?:a )?deleted container <q:container2>|container sandbox is not running|container (?:is )?not running|no process exists in \\S+)$',
  },
  { id: 'process-foreign', text: 'process (?<pid>\\d+) (?:belongs to|is part of) a different container: <q:other>' },
  {
    id: 'process-gone',
    text: '(?:waiting for PID (?<pid>\\d+): no such process|container with PID (?<pid2>\\d+) not found)$',
  },
  {
    id: 'terminal-not-attached',
    text: '(?<error>no TTY attached)$',
  },
  {
    id: 'command-misused',
    text: '(?<error>(?:PID \\(-?\\d+\\) (?:cannot be set when signaling all|must be positive)|it is invalid to specify both --all|only one of -pid and -rootPid|unknown signal |a container-id is required|both a container-id and command are|unknown list format|[uU]nsupported (?:output )?format\\b|invalid port string|couldn\'t parse [UG]ID|parsing GID: |invalid flag (?:guest|host) value|flag (?:guest|host) value must be|flag value must be >=|invalid flag value: |invalid mapping: |error: can\'t specify -list and -get|missing path to configuration file|missing session name|invalid log level |invalid value for log_packets|file "[^"]*" already exists|symbolize can only be used|this build does not support the|metadata key .* not found|guest file descriptors must be|absolute path must be provided for destination|exactly one image file must be|process must either be started from|invalid IP format ).*)$',
  },
  {
    id: 'process-file-unusable',
    text: 'error (?<action>opening|parsing) process file: (?<path>[^,]+), (?<error>.+)$',
  },
  { id: 'descriptor-not-open', text: '[fF]ailed to create file from file descriptor (?<fd>\\d+)' },
  {
    id: 'port-not-reached',
    since: '20230200.0',
    text: 'port forwarding to sandbox: (?<error>.+)$',
  },
  { id: 'port-not-reached', text: 'PortForward: (?<error>.+)$', weak: true },
  {
    id: 'install-failed',
    text: '(?<error>(?:error (?:backing up|creating|reading|writing) config (?:file|directory)|runtime "[^"]*" not found|invalid runtime arguments|Error reading current exectuable)\\b.*)$',
  },
  { id: 'install-failed', text: '(?:Install|Uninstall) failed: (?<error>.+)$', weak: true },
  {
    id: 'container-id-ambiguous',
    text: 'id <q:container> is ambiguous and could refer to multiple containers: (?<error>.+)$',
  },
  {
    id: 'container-not-of-sandbox',
    own: true,
    text: "ID (?:<q:container>|\\{[^}]{0,400}\\}) doesn't belong to a sandbox$",
  },
  {
    id: 'state-file-broken',
    text: 'reading container metadata file <q:path>: (?<error>(?:invalid character|unexpected end of JSON|json: |EOF).*)$',
  },
  { id: 'state-file-broken', text: '(?<error>invalid state file name.*)$', about: { path: '' } },
];

const SHIM: readonly SeldomSentence[] = [
  { id: 'shim-options-unknown', text: 'unsupported option type <q:type>' },
  { id: 'shim-settings-broken', text: 'decode config file <q:path>: (?<error>.+)$' },
  { id: 'shim-log-unwritable', text: 'failed to create log (?:dir|file): <error:os>$' },
  {
    id: 'shim-rootfs-unmounted',
    text: 'failed to mount rootfs component (?<mount>&?\\{.{0,2000}?\\}): (?:.{0,1024}: )?(?<errno>[a-z][a-z /-]{0,60})$',
  },
  {
    id: 'shim-streams-failed',
    text: '(?<error>failed to (?:create OCI runtime (?:console socket|io pipes)|open stdin fifo \\S+|retrieve console master|start (?:console|io pipe) copy): .+|creating new NULL IO: .+)$',
  },
  { id: 'shim-pid-missing', text: 'failed to retrieve OCI runtime container pid: (?<error>.+)$' },
];

const CGROUPS: readonly SeldomSentence[] = [
  {
    id: 'cgroup-systemd-failed',
    text: "(?<error>(?:Unit \\S+ (?:already exists|was already loaded).*|unknown job completion status .*|can't parse version .*|error parsing systemd version.*|dial unix (?:/run/systemd|/var/run/dbus|/run/dbus)\\S*: .*))$",
  },
  {
    id: 'cgroup-value-invalid',
    text: '(?<error>(?:.*: )?(?:cpus|mems)=<q:value> conversion error: .*|invalid cpuset: .*|invalid memory value: .*|invalid cpu\\.max data .*|failed to set device weight .*|line <q:line> is not in key value format)$',
  },
];

const DEVICES: readonly SeldomSentence[] = [
  {
    id: 'rdma-devices-unmoved',
    since: '20260400.0',
    text: '(?<error>(?:LinkSetNsFd <q:device>|apply snapshot <q:device2>|LinkByName <q:device3>|open (?:target|source \\(host\\)) netns.{0,200}|setns (?:target|back to host)): .+|empty target netns path; .*)$',
  },
];

const CONSOLES: readonly SeldomSentence[] = [
  {
    id: 'console-socket-unreachable',
    text: '(?:setting up console with socket <q:path2>: )?(?:dialing socket <q:path>|sending console over unix socket <q:path3>|connection is not a UnixConn|getting file for unix socket [^:]{0,200}): <error:os>$',
  },
  { id: 'console-socket-unreachable', text: 'setting up console with socket <q:path>: (?!opening pty)<error:os>$' },
  { id: 'console-pty-refused', text: '(?:setting up console with socket <q:path>: )?opening pty: <error:os>$' },
];

const FILES_OF_HOST: readonly SeldomSentence[] = [
  {
    id: 'mount-mapped-failed',
    since: '20250600.0',
    text: '(?:mounting &?\\{.*?\\}: )?(?<error>MoveMount\\(\\d+, <q:destination>\\) failed: .+|failed to safely move mount: .+|cannot access mount source <q:path> \\(or id mapped\\) and no mount opener provided)$',
  },
  {
    id: 'metrics-unknown',
    text: '(?<error>a value for --profiling-metrics was not specified.*|given profiling metric name .*|will not profile metric .*|invalid metric name: .*|metric name must start with .*)$',
  },
  { id: 'control-socket-unplaced', text: 'socket name <q:path> is too long, use a shorter name$' },
  { id: 'spec-args-empty', text: 'no filename or command provided$' },
  {
    id: 'gpu-driver-unsupported',
    since: '20230529.0',
    text: '(?<error>invalid format (?:for (?:major|minor|patch) version|of version string) .*)$',
  },
];

export const SELDOM: readonly SeldomSentence[] = [
  ...NETWORK,
  ...CHECKPOINTS,
  ...RELEASES,
  ...ANNOTATIONS,
  ...FLAGS,
  ...HOST,
  ...FILES,
  ...COMMANDS,
  ...CONSOLES,
  ...FILES_OF_HOST,
  ...SHIM,
  ...CGROUPS,
  ...DEVICES,
];
