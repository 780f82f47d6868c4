/**
 * What others tell of a run in a line of their own: engines, kubelet, the kernel, programs in the sandbox, people who post an
 * excerpt. A sign may stand anywhere in a line; what it means to a run is the rules' affair.
 */

import { TROUBLE_SIGNS } from './troubles.js';

export type Sign = {
  readonly id: string;
  /** One of these words stands in the line (letters, digits, `_`), else the pattern is not tried. */
  readonly words: readonly string[];
  readonly pattern: RegExp;
};

/** One sign in a line. */
export type Told = { readonly id: string; readonly captures: Readonly<Record<string, string>> };

/** Calls of the NVIDIA driver. `why` is printed since 2024 (`handler is undefined for control command 0x...`). */
const GPU: readonly Sign[] = [
  {
    id: 'gpu-call',
    words: ['nvproxy'],
    pattern:
      /nvproxy: (?:\[[^\]]{1,80}\] )?(?:unknown|unsupported|undefined|(?<why>[\w' -]{3,80}?) for)(?: handler for)? (?<what>control command|frontend ioctl|uvm ioctl|allocation class|class)\b[: ]{0,2}(?:NV\w+ )?\(?(?<number>0x[0-9a-f]{1,16}|\d{1,10})/i,
  },
];

/** Who knows no runtime of that name. Sources: containerd (pkg/cri), dockershim, moby (daemon/runtime), CRI-O, podman, kubelet. */
const RUNTIMES: readonly Sign[] = [
  {
    id: 'handler-unknown',
    words: ['runtime'],
    pattern: /no runtime for \\?["']?(?<name>[\w./ -]{1,128}?)\\?["']? is configured/,
  },
  {
    id: 'handler-unknown',
    words: ['handler'],
    pattern:
      /(?:failed|unable) to find runtime handler \\?["']?(?<name>[\w.-]{1,128})\\?["']?(?: from runtime list(?<list> .{0,400}))?/,
  },
  {
    id: 'handler-unsupported',
    words: ['RuntimeHandler', 'handler'],
    pattern: /(?:RuntimeHandler|runtime handler) \\?["'](?<name>[\w.-]{1,128})\\?["'] (?:is )?not supported/i,
  },
  {
    id: 'docker-runtime-unknown',
    words: ['runtime', 'Unknown'],
    pattern:
      /(?:unknown or invalid runtime name:|[Uu]nknown runtime specified:?) \\?["']?(?<name>[\w/-](?:[\w./-]{0,126}[\w/-])?)/,
  },
  {
    id: 'runtime-class-missing',
    words: ['RuntimeClass', 'runtimeclass', 'runtimeclasses'],
    pattern: /(?:RuntimeClass|runtimeclass(?:es)?\.node\.k8s\.io) \\?["'](?<name>[\w.-]{1,253})\\?["'] not found/,
  },
  {
    id: 'shim-missing',
    words: ['containerd'],
    pattern:
      /runtime \\?["'](?<name>[\w./-]{1,255})\\?["'] binary not installed \\?["'](?<binary>[\w./-]{1,255})\\?["']/,
  },
  {
    id: 'shim-missing',
    words: ['shim'],
    pattern:
      /exec: \\?["']?(?<binary>[\w./-]{0,255}containerd-shim-[\w.-]{1,64})\\?["']?: (?:executable file not found in \$PATH|(?:stat \S{1,255}: )?no such file or directory)/,
  },
  {
    id: 'usage-of-shim',
    words: ['Usage'],
    pattern: /Usage of (?<binary>\S{0,200}(?:gvisor-containerd-shim|containerd-shim-runsc)\S{0,32}):/,
  },
  {
    id: 'runtime-binary-missing',
    words: ['OCI'],
    pattern:
      /(?:default|requested) OCI runtime \\?["']?(?<name>[\w./-]{1,255}?)\\?["']? (?:not found|is not available)/,
  },
  {
    id: 'runtime-binary-missing',
    words: ['runtime_path'],
    pattern: /invalid runtime_path for runtime ['"](?<name>[\w.-]{1,64})['"]: .{0,8}stat (?<binary>[^\s:"]{1,255}):/,
  },
  {
    id: 'runtime-binary-missing',
    words: ['runsc'],
    pattern:
      /(?:exec:? |fork\/exec )\\?["']?(?<binary>(?:[\w./-]{0,255}\/)?runsc[\w.-]{0,64})\\?["']?: (?:executable file not found in \$PATH|(?:stat \S{1,255}: )?no such file or directory)/,
  },
  {
    id: 'runtime-binary-missing',
    words: ['runsc'],
    pattern: /[Rr]untime.{0,200}stat (?<binary>(?:[\w./-]{0,255}\/)?runsc): no such file or directory/,
  },
  {
    id: 'runtime-binary-unusable',
    words: ['runsc'],
    pattern:
      /(?:exec:? |fork\/exec )\\?["']?(?<binary>(?:[\w./-]{0,255}\/)?(?:runsc|containerd-shim-runsc)[\w.-]{0,64})\\?["']?: (?<errno>permission denied|exec format error|text file busy|input\/output error)/,
  },
];

/** What the host's kernel tells. `Task in` ends in the middle where a post is cut. */
const KERNEL: readonly Sign[] = [
  {
    id: 'oom-kill',
    words: ['process'],
    pattern:
      /(?<what>Memory cgroup out of memory|Out of memory)(?: \([^)]{1,80}\))?: Kill(?:ed)? process (?<pid>\d{1,10}) \((?<comm>[^)]{1,64})\)/,
  },
  {
    id: 'oom-kill',
    words: ['kill'],
    pattern:
      /oom-kill:constraint=(?<constraint>\w{1,40})(?=(?:.{0,2000}?task_memcg=(?<cgroup>[^,\s]{1,400}))?).{0,2000}?task=(?<comm>[^,]{1,64}),pid=(?<pid>\d{1,10})/,
  },
  { id: 'oom-killer', words: ['oom'], pattern: /(?<comm>[\w.:/-]{1,64}) invoked oom-killer/ },
  {
    id: 'oom-cgroup',
    words: ['Task'],
    pattern:
      /(?:^|[\s\]])Task in (?<cgroup>\/(?:kubepods|docker|system\.slice|user\.slice|machine|containers?|[\w.-]{1,64})\/\S{0,400})(?: killed as a result of limit of (?<limit>\S{1,400}))?/,
  },
  {
    id: 'seccomp-kill',
    words: ['syscall'],
    pattern:
      /(?=.{0,800}?\bsig=31 arch=)(?=(?:.{0,600}?\bcomm="(?<comm>[^"]{1,64})")?)(?=(?:.{0,800}?\bexe="(?<exe>[^"]{1,400})")?).{0,800}?\bsig=31 arch=(?<arch>[0-9a-f]{1,8}) syscall=(?<number>\d{1,6})/,
  },
  { id: 'fatal-signal', words: ['fatal'], pattern: /potentially unexpected fatal signal (?<signal>\d{1,2})\b/ },
  {
    id: 'kernel-process',
    words: ['Comm'],
    pattern: /\bPID: (?<pid>\d{1,10}) Comm: (?<comm>\S{1,64}) (?:.{0,60}?(?<release>\d+\.\d+\.\d+\S{0,64}))?/,
  },
  {
    id: 'segfault',
    words: ['segfault'],
    pattern: /(?<comm>[\w.:/-]{1,64})\[(?<pid>\d{1,10})\]: segfault at (?<address>[0-9a-f]{1,16})/,
  },
  {
    id: 'segfault',
    words: ['traps'],
    pattern: /traps: (?<comm>.{1,64}?)\[(?<pid>\d{1,10})\] (?<trap>[\w ]{1,80}?) ip:/,
  },
  {
    id: 'pids-rejected',
    words: ['pids'],
    pattern: /cgroup: fork rejected by pids controller in (?<cgroup>\S{1,400})/,
  },
];

/** KVM gave up running a guest, and prints its registers. What it only refuses to emulate (`unhandled rdmsr`) harms nobody. */
const VIRTUAL: readonly Sign[] = [
  {
    id: 'kvm-guest-failed',
    words: ['Guest', 'KVM', 'kvm', 'vmwrite', 'vmread', 'vmx', 'svm', 'kvm_intel', 'kvm_amd', 'entry'],
    pattern:
      /(?<what>\*\*\* (?:Guest|Host|Control) State \*\*\*|KVM: entry failed, hardware error \S{1,20}|(?:kvm(?:_intel|_amd)?|vmx|svm): .{0,80}?(?:vm(?:write|read|clear|ptrld|launch|resume) (?:error|failed)|unexpected (?:exit|exception|SVM exit)|VM-?entry failed|set kvm_intel\.dump_invalid_vmcs)|KVM internal error\. Suberror: \d{1,4}|kvm.{0,40} disabled by bios)/i,
  },
];

/** A frame of gVisor as a debugger or a core dump prints it. */
const STACKS: readonly Sign[] = [
  {
    id: 'debugger-frame',
    words: ['gvisor'],
    pattern:
      /^\s{0,64}#?\d{1,4} {1,4}(?:0x[0-9a-f]{4,16} (?:in )?)?gvisor\.dev\/gvisor\/(?<package>[\w./-]{1,200})\.[(\w]/,
  },
];

/** How engines say that a container was ended. */
const ENDS: readonly Sign[] = [
  {
    id: 'oom-reason',
    words: ['OOMKilled'],
    pattern: /(?:Reason: {0,40}|reason:? ?=?"?|\b)OOMKilled\b(?!"?[:=] ?false)/,
  },
  {
    id: 'exit-code',
    words: ['Exit', 'exit', 'exited', 'exitCode', 'status'],
    pattern:
      /(?:Exit Code: {1,64}|exitCode:? ?|[Ee]xited with (?:code|status) |[Ee]xit (?:code|status):? )(?<code>128|137|139|159)\b/,
  },
  { id: 'exit-code', words: ['137', '159'], pattern: /^(?<code>137|159)$/ },
  { id: 'sandbox-changed', words: ['sandbox', 'SandboxChanged'], pattern: /Pod sandbox changed, it will be killed/ },
  {
    id: 'stop-timeout',
    words: [
      'stopping',
      'KillPodSandbox',
      'StopPodSandbox',
      'KillPodSandboxError',
      'PodSandbox',
      'KillContainer',
      'StopContainer',
    ],
    pattern:
      /\b(?<what>(?:Kill|Stop)(?:PodSandbox|Container)\w{0,16}\b|stopping the pod sandbox).{0,2000}?(?:DeadlineExceeded|context deadline exceeded|timed out|timeout)/,
  },
  {
    id: 'stop-timeout',
    words: ['stop', 'kill', 'stopping', 'killing', 'killed', 'terminate'],
    pattern:
      /(?<what>(?:[Ff]ailed|unable|[Cc]ould not|cannot|[Ee]rror) (?:to )?(?:(?:stop|kill)(?:ping|ing)?) (?:the )?(?:pod )?(?:sandbox|container|task|shim)|during waiting for (?:container|sandbox) .{0,160} to be killed)\b.{0,1000}?(?:[Dd]eadline ?[Ee]xceeded|timed out|timeout|did not receive an exit event)/,
  },
  {
    id: 'stop-timeout',
    words: ['kill', 'killed', 'zombie'],
    pattern:
      /(?<what>[Cc]ontainer).{0,400}(?:unknown error after kill|is zombie and can ?not be killed|could not be killed)/,
  },
  {
    id: 'stop-timeout',
    words: ['exit', 'exited'],
    pattern:
      /(?<what>[Cc]ontainer) (?:"?\w{1,64}"? )?(?:failed|did not) (?:to )?exit within .{0,40}(?:of signal 9|of kill|after (?:sending )?SIGKILL|using the force)/,
  },
];

/** Any status of failure. */
const FAILED_EXITS: readonly Sign[] = [
  {
    id: 'failed-exit',
    words: ['Exit', 'exit', 'exited', 'exitCode', 'status'],
    pattern: /(?:Exit Code: {1,64}|exitCode"?:? ?|[Ee]xit(?:ed)? (?:with )?(?:code|status):? )(?<code>[1-9]\d{0,2})\b/,
  },
];

/** What is left behind when a container is deleted. */
const LEFT: readonly Sign[] = [
  {
    id: 'cgroup-left',
    words: ['cgroup', 'cgroups', 'unlinkat', 'rmdir', 'remove'],
    pattern:
      /(?:removing cgroup path|remov(?:e|ing) cgroup|unlinkat|rmdir|remove)\s\\?["']?(?<path>\/sys\/fs\/cgroup\/[^\s"':\\]{1,800})\\?["']?: (?:[\w ./-]{1,80}: )?(?<errno>directory not empty|device or resource busy|operation not permitted)/i,
  },
  {
    id: 'mount-left',
    words: ['unmount', 'umount', 'unmounting', 'unlinkat'],
    pattern:
      /(?:unmount(?:ing)?|umount2?|unlinkat)[: (]{1,2}\\?["']?(?<path>\/(?!sys\/fs\/cgroup)[^\s"':\\]{1,800})\\?["']?\)?: .{0,80}?(?<errno>device or resource busy|target is busy)/i,
  },
  { id: 'kernel-without', words: ['not'], pattern: /# CONFIG_CGROUP_(?<controller>[A-Z_]{2,40}) is not set/ },
];

/** Network tools and engines inside a sandbox. */
const NESTED: readonly Sign[] = [
  {
    id: 'nft-unusable',
    words: ['nft', 'nf_tables'],
    pattern:
      /(?:Failed to initialize nft|Could not (?:fetch rule set generation id|process rule|open netlink)|\(nf_tables\): .{0,80}?)[:\s]{0,3}(?<errno>Protocol not supported|Operation not supported|Invalid argument|Permission denied[^"\n]{0,40}|Address family not supported[^"\n]{0,20}|No such file or directory|Function not implemented)/i,
  },
  {
    id: 'iptables-unusable',
    words: ['iptables', 'ip6tables'],
    pattern:
      /can't initialize ip6?tables table [`'"](?<table>\w{1,32})['"]: (?<errno>Table does not exist|Permission denied|Protocol not (?:available|supported)|Operation not permitted|iptables who\?[^"\n]{0,40}|[A-Z][a-z ]{3,60})/,
  },
  {
    id: 'iptables-unusable',
    words: ['iptables', 'ip6tables', 'NAT', 'bridge'],
    pattern:
      /(?:failed to (?:create NAT chain|register "bridge" driver|add jump rules|program (?:FILTER|NAT) chain|detect firewalld)|ip6?tables failed: (?<command>ip6?tables[^:\n]{0,200})):? .{0,600}?(?<errno>[A-Z][a-z]{2,20}(?: [a-z]{2,20}){1,4}|exit status \d+)/,
  },
  {
    id: 'iptables-unusable',
    words: ['iptables', 'ip6tables', 'restore'],
    pattern:
      /ip6?tables(?:-legacy|-nft)?(?:-restore|-save)?(?: v?[\d.]{1,12}(?: \(\w{1,12}\))?)?: (?:unable to initialize table ['"`](?<table>\w{1,32})['"`]|(?:line \d{1,6} failed|(?<errno>Invalid argument|Protocol not available|Operation not supported|Function not implemented|Memory allocation problem|Resource temporarily unavailable)\b))/,
  },
  {
    id: 'iptables-unusable',
    words: ['Extension', 'extension', 'match', 'target'],
    pattern:
      /(?:Extension (?<match>\w{1,32}) revision \d{1,4} not supported, missing kernel module|Couldn't (?:load|find) (?:match|target) [`'"]?(?<match2>\w{1,32}))/i,
  },
  {
    id: 'inner-storage',
    words: ['overlay', 'overlayfs', 'fstype', 'lowerdir'],
    pattern:
      /(?=fstype|mount)(?=.{0,3000}?\boverlay\b)(?=(?:.{0,3500}?\blowerdir=(?<lower>[^/,:"\s][^,:"\s]{0,200}))?)(?:fstype:? ?"?overlay|mount.{0,400}?\boverlay\b.{0,400}?\blowerdir=).{0,3500}?(?:err(?:or)?: |\): |: )(?<errno>[Oo]peration not permitted|[Ii]nvalid argument|[Pp]ermission denied|[Nn]o such (?:device|file or directory)|not supported)/,
  },
  {
    id: 'inner-storage',
    words: ['overlay', 'overlayfs', 'overlay2', 'graphdriver'],
    pattern:
      /(?:error creating overlay mount to \S{1,400}|failed to mount overlay|\[graphdriver\] prior storage driver overlay2|overlayfs.{0,80}snapshotter.{0,80}|'overlay' (?:is )?not (?:found as a )?supported.{0,60})[: ]{1,2}.{0,120}?(?<errno>operation not permitted|invalid argument|permission denied|driver not supported|not supported)/i,
  },
];

/** Runtimes that are none of gVisor's, in their own words: the name stands before the error. */
const OTHERS: readonly Sign[] = [
  {
    id: 'other-runtime',
    words: ['runc', 'youki', 'kata', 'sysbox'],
    pattern:
      /\b(?<runtime>runc|youki|kata-runtime|sysbox-runc) (?<command>create|run|start|exec|restore|checkpoint|delete|init) failed: (?<error>.{3,2000})/,
  },
  {
    id: 'other-runtime',
    words: ['crun', 'youki', 'krun'],
    pattern: /(?:^|["'\s:])(?<runtime>crun|krun|youki): (?<error>(?!unknown)[^"].{3,2000})/,
  },
  {
    id: 'other-runtime',
    words: ['container_linux', 'standard_init_linux', 'process_linux', 'rootfs_linux'],
    pattern: /(?:container_linux|standard_init_linux|process_linux|rootfs_linux)\.go:\d{1,5}: (?<error>.{3,2000})/,
  },
  {
    id: 'other-runtime',
    words: ['container'],
    pattern:
      /(?:OCI runtime (?:create|exec|start|run) failed: (?:exec failed: )?|^)unable to start container process: (?<error>.{3,2000})/,
  },
  {
    id: 'other-runtime',
    words: ['terminate'],
    pattern:
      /(?:^|[\s:"'(])(?:\/\S{0,200}\/)?(?<runtime>runc|runv|runnc|crun|krun|youki|kata-runtime|sysbox-runc)["']? (?<error>did not terminate suc{1,2}es{1,2}fully.{0,2000})/,
  },
  {
    id: 'other-runtime',
    words: ['kata', 'Kata', 'QMP', 'qemu', 'hypervisor'],
    pattern:
      /(?:failed to launch qemu|Failed to check if grpc server is working|kata-agent|failed to connect to kata|vsock.{0,80}kata|QMP command failed|failed to start (?:cloud-hypervisor|firecracker))(?<error>.{0,2000})/,
  },
  {
    id: 'other-runtime',
    words: ['sysbox'],
    pattern: /(?<runtime>sysbox)(?:-fs|-mgr|-runc)?: ?(?<error>.{3,2000})/,
  },
];

/**
 * Is an error none of runsc's, though an engine wraps it in the same words? It is another runtime's, or the engine did not even find
 * the program to start.
 */
export function isOfOthers(text: string): boolean {
  if (!SPEAKER.test(text)) return false;
  const head = text.slice(0, LINE_LIMIT);
  return [...OTHERS, ...MISSING].some(({ pattern }) => pattern.test(head));
}
const SPEAKER =
  /runn?c|runv|crun|youki|krun|kata|sysbox|_linux\.go|unable to start container process|containerd-shim|runsc\S{0,64}: (?:executable|no such|stat|permission|exec format|text file|input)/i;
const MISSING = RUNTIMES.filter(({ id }) => /^(?:shim-missing|runtime-binary-)/.test(id));

/** What programs and tools print about names, memory and files. */
const PROGRAMS: readonly Sign[] = [
  {
    id: 'name-unresolved',
    words: [
      'address',
      'resolve',
      'resolving',
      'resolved',
      'resolution',
      'EAI_AGAIN',
      'ENOTFOUND',
      'lookup',
      'known',
      'NXDOMAIN',
      'servers',
      'UnknownHostException',
      'gaierror',
      'getaddrinfo',
      'DNS',
    ],
    pattern:
      /(?:bad address '(?<host1>[^']{1,253})'|[Cc]ould ?n[o']t resolve (?:host(?:name)?:? ?)?["'`]?(?<host2>[\w.-]{1,253})?|[Cc]an(?:no|')t resolve ["'`]?(?<host3>[\w.-]{1,253})|(?<host4>[\w.-]{1,253})?:? ?[Tt]emporary failure (?:in name resolution|resolving ["'`]?(?<host7>[\w.-]{1,253})?)|[Nn]ame (?:or service not known|does not resolve)|nodename nor servname provided|UnknownHostException: (?<host8>[\w.-]{1,253})|socket\.gaierror|getaddrinfo\w{0,16} (?:failed|EAI_AGAIN|ENOTFOUND) ?(?<host5>[\w.-]{1,253})?|(?:[Hh]ost|[Nn]ame|[Hh]ostname) (?:could not|can ?not|can't) be resolved|DNS\b.{0,60}\b(?:fail(?:s|ed|ing|ure)?|time(?:d|s)? ?out|broken|unreachable|(?:not|n't|never|stop(?:s|ped)?) (?:work\w*|resolv\w*|respond\w*|reach\w*))|lookup (?<host6>[\w.-]{1,253})(?: on \S{1,64})?: (?:no such host|.{0,160}(?:timeout|refused|unreachable|misbehaving))|no servers could be reached)/,
  },
  { id: 'network-none', words: ['network', 'net', 'Network'], pattern: /--net(?:work)?[= ]"?none\b|Network: ?none\b/ },
  { id: 'embedded-resolver', words: ['127'], pattern: /\b127\.0\.0\.11\b/ },
  // the rules with which Docker leads to its resolver
  { id: 'embedded-resolver', words: ['DOCKER_OUTPUT', 'DOCKER_POSTROUTING'], pattern: /DOCKER_(?:OUTPUT|POSTROUTING)/ },
  {
    id: 'user-network',
    words: ['compose'],
    pattern: /docker[- ]compose (?:-{1,2}\S{1,64} (?:[\w./-]{1,128} )?){0,6}(?:up|run|start|exec)\b/,
  },
  {
    id: 'user-network',
    words: ['network', 'net', 'networks'],
    pattern:
      /--net(?:work)?[= ]["']?(?!(?:host|none|bridge|default|sandbox|container:\S*)\b)(?<network>[\w][\w.-]{0,127})/,
  },
  {
    id: 'user-network',
    words: ['Compose', 'compose', 'network', 'networks'],
    pattern: /[Dd]ocker[- ][Cc]ompose\b|(?<network>user-defined)(?: bridge)? networks?/,
  },
  {
    id: 'runsc-command',
    words: ['runsc', 'gvisor', 'gVisor'],
    pattern:
      /(?:--runtime[= ]["']?(?:io\.containerd\.)?runsc|\brunsc (?:--?\S{1,64} ){0,16}(?:run|do|create|start|exec)\b|gvisor)/i,
  },
  {
    // the same image with another runtime, for comparison
    id: 'other-command',
    words: ['docker', 'podman', 'nerdctl', 'runc', 'crun'],
    pattern:
      /(?:^|[\s$#>`])(?:docker|podman|nerdctl) (?:container )?run (?!.*--runtime[= ]["']?(?!(?:runc|crun|kata)\b))|(?:^|[\s$#>`])(?:runc|crun) (?:--?\S{1,64} ){0,16}(?:run|exec|start)\b/,
  },
  {
    id: 'gvisor-module',
    words: ['gvisor'],
    pattern: /gvisor\.dev\/gvisor(?:@| v\d|@go\b)|go (?:get|mod|build|install)\b.{0,120}gvisor/,
  },
  {
    // the release before, or another one, works: somebody tells that it is a regression
    id: 'other-release-works',
    words: [
      'release',
      'rollback',
      'downgrade',
      'downgrading',
      'downgraded',
      'rolling',
      'reverting',
      'older',
      'previous',
      'version',
    ],
    pattern:
      /^(?!.*\b(?:not|never|no longer|nor|neither|hope|would|should|until|fails?|broken|newest|same)\b|.*n't\b).*?(?:\b(?:works|worked|working|recovers?|resolved?|succeeds?)\b[^.;\n]{0,60}(?:release-|release |\b)(?<release>20\d{6}(?:\.\d)?)\b|\b(?:roll(?:ed|ing)? ?back|downgrad(?:e|ed|ing)|revert(?:ed|ing)?|pinn(?:ed|ing))\b[^;\n]{0,120}(?:release-|release |\b)(?<release2>20\d{6}(?:\.\d)?)\b|\b(?:roll(?:ed|ing)? ?back|downgrad(?:e|ed|ing)|(?:older|previous|earlier) (?:release|version|runsc))\b[^.;\n]{0,120}\b(?:works|worked|fixe[sd]|resolve[sd]|recovers?|helps|helped)\b|(?<release3>20\d{6}(?:\.\d)?)\b[^.;\n]{0,40}\b(?:works|worked)\b)/i,
  },
  // the head of a crash by a signal, as Go prints it below the signal's name
  { id: 'crash-registers', words: ['sigcode'], pattern: /^PC=0x[0-9a-f]{4,16} m=\d{1,6} sigcode=-?\d{1,6}/ },
  { id: 'netns-exec', words: ['netns'], pattern: /\bip netns exec (?<namespace>\S{1,64})/ },
  {
    // another runtime is asked for by its name
    id: 'other-asked',
    words: ['runtime', 'runtimeClassName', 'containerd'],
    pattern:
      /--runtime[= ]["']?(?:\/\S{0,200}\/)?(?<runtime>crun|runc|krun|youki|kata[\w-]{0,32}|sysbox-runc)\b|\bio\.containerd\.(?<runtime2>runc|crun|kata)\b|runtimeClassName: ["']?(?<runtime3>crun|kata[\w-]{0,32}|sysbox-runc)\b/,
  },
  { id: 'shm-listed', words: ['shm'], pattern: /(?:ls -\w{0,8}l\w{0,8}|stat) (?:\S{1,64} )?\/dev\/shm\/?\s*$/ },
  {
    id: 'directory-mode',
    words: ['root', 'nobody', '1000'],
    pattern:
      /^d(?<mode>[r-][w-][xsS-][r-][w-][xsS-][r-][w-][xtT-])[.+@]? {1,8}\d{1,6} (?<owner>\S{1,32}) {1,16}\S{1,32} .{0,80} (?<name>\.|\/dev\/shm|shm)\/?$/,
  },
  {
    id: 'shm-denied',
    words: ['shm', 'shm_open', 'SemLock', 'sem_open', 'shared'],
    pattern:
      /(?:(?:\/dev\/shm\S{0,200}|shm_open\S{0,80}|sem_open\S{0,80}|shared memory segment.{0,120}|SemLock.{0,120})["']?\)?:? .{0,40}?(?:Permission denied|EACCES|\[Errno 13\])|(?:Permission denied|EACCES|\[Errno 13\]).{0,80}(?:\/dev\/shm|SemLock|shm_open|sem_open))/i,
  },
  {
    id: 'path-denied',
    words: ['denied'],
    pattern: /(?:^|[\s`"'(])(?<path>\/(?!sys\/|proc\/|dev\/|run\/|var\/run\/)[^\s:`"']{1,400}):? [Pp]ermission denied/,
  },
  {
    id: 'interrupted',
    words: ['interrupted', 'Interrupted', 'EINTR'],
    pattern:
      /(?<what>[\w"'./ ()-]{1,160}): (?:\[Errno 4\] )?(?:[Ii]nterrupted system call|EINTR\b)|InterruptedError: \[Errno 4\] (?<python>.{1,120})|Error: EINTR: interrupted system call, (?<node>\w{1,40})/,
  },
  {
    id: 'unmounted',
    words: ['umount', 'umount2'],
    pattern: /(?:[#$>] ?(?:sudo )?umount (?:-\w{1,8} ){0,4}|\bE umount2?\(0x[0-9a-f]{1,16} )(?<path>\/[^\s,]{1,400})/,
  },
  {
    id: 'ends-unexpectedly',
    words: [
      'quit',
      'quits',
      'exit',
      'exits',
      'exited',
      'dies',
      'died',
      'killed',
      'disconnected',
      'unexpectedly',
      'stops',
      'crashes',
    ],
    pattern:
      /(?:runsc|container|sandbox|pod)\b.{0,60}(?:quits?|exits?|exited|dies|died|killed|stops|crash(?:es|ed)?|disconnected)\b(?!.{0,10}(?:code|status) 0)|Gofer socket disconnected/i,
  },
  {
    id: 'unsupported-notice',
    words: ['Unsupported', 'unsupported'],
    pattern:
      /[Uu]nsupported syscall:? (?:UNKNOWN\[(?<number>\d{1,6})(?:\/0x[0-9a-f]{1,8})?\]|sys_(?<number2>\d{1,6})|(?<name>[a-z_]\w{1,40}))(?:\((?<args>[^)]{0,400})\))?/,
  },
  {
    id: 'thread-states',
    words: ['tracing'],
    pattern: /^\s{0,16}(?<count>\d{1,8}) State:\s{1,8}t \(tracing stop\)/,
  },
  {
    id: 'tasks-listed',
    words: ['tasks', 'pids'],
    pattern: /cat \S{0,200}\/(?:tasks|cgroup\.procs|cgroup\.threads|pids\.current)\b/,
  },
  {
    id: 'unsavable',
    words: ['SaverLoader'],
    pattern: /(?:struct|type) (?<object>[\w.*/[\]{}]{1,200}) does not implement SaverLoader/,
  },
  {
    id: 'unsavable',
    words: ['saved', 'save', 'Save', 'checkpointed', 'checkpoint'],
    pattern:
      /(?<object>[\w.*/ -]{0,120}?)\b(?:cannot be saved in (?<state>\w{1,40}) state|(?:cannot|can't) (?:be )?(?:saved?|checkpoint(?:ed)?) (?:with|while|because) (?<reason>.{3,160}))/,
  },
  {
    // what the encoder of checkpoints says when the code of an object gives up
    id: 'state-error',
    words: ['encoding', 'decoding'],
    pattern:
      /(?<![\w-])(?<words>(?<direction>encoding|decoding) error: (?!.{0,40}(?:character|UTF|utf|codec|json|JSON|base64|string)).{3,600})/,
  },
  {
    id: 'fault-told',
    words: ['Unhandled'],
    pattern:
      /Unhandled user fault: addr=(?:0x)?(?<address>[0-9a-f]{1,16}) ip=(?:0x)?(?<ip>[0-9a-f]{1,16})(?:.{0,80}?err=(?<error>[a-z ]{3,40}))?/,
  },
  {
    id: 'program-died',
    words: ['Aborted', 'SIGABRT', 'Segmentation', 'SIGSEGV', 'SEGV', 'Bus', 'SIGBUS', 'Illegal', 'SIGILL', 'segfault'],
    pattern:
      /(?:^|[\s:(])(?<signal>Segmentation fault|Bus error|Illegal instruction)(?: \(core dumped\))?\.?\s*$|(?:[Ss]ignal|[Rr]eceived|[Tt]erminated (?:by|with)|killed by|[Cc]aught) .{0,24}\b(?<signal2>SIGSEGV|SEGV|SIGBUS|SIGILL|SIGABRT)\b|\bline \d{1,6}: {1,8}\d{1,8} (?<signal3>Aborted|Segmentation fault|Bus error|Illegal instruction)\b/,
  },
  { id: 'seccomp-failed', words: ['seccomp'], pattern: /panic: seccomp failed: (?<errno>[a-z][a-z ]{2,60})/ },
];

/** Facts of the host and of runsc. */
const FACTS: readonly Sign[] = [
  {
    id: 'host-kernel',
    words: ['Linux', 'Kernel', 'kernelVersion', 'SMP'],
    pattern:
      /(?:\bLinux \S{1,255} (?<release1>\d{1,2}\.\d{1,3}\.\d{1,4}\S{0,64}) #|\bLinux version (?<release2>\d{1,2}\.\d{1,3}\.\d{1,4}\S{0,64})|[Kk]ernel ?[Vv]ersion:? {1,64}(?:Linux )?(?<release3>\d{1,2}\.\d{1,3}\.\d{1,4}\S{0,64}))/,
  },
  {
    id: 'host-kernel',
    words: ['kernel', 'Kernel'],
    pattern:
      /(?:^|(?<!guest|container|sandbox|inner)[\s(,*])[Kk]ernel(?: version| release)?(?: is|:|=)? {0,8}(?:Linux )?v?(?<release>\d{1,2}\.\d{1,3}(?:\.\d{1,4})?(?:[-.+][\w.+~-]{1,64})?)(?![\w.]*\/)/,
  },
  {
    id: 'host-kernel',
    words: ['x86_64', 'aarch64', 'generic', 'amd64', 'arm64', 'gcp', 'aws', 'azure', 'lts', 'containerd', 'cos'],
    pattern:
      /^(?!.*\b(?:spec|docker|containerd|runc|crun|podman|kubelet|kubeadm|glibc|gcc|go)(?: version)?:? v?\d)(?:.{0,200} )?(?<release>\d{1,2}\.\d{1,3}\.\d{1,4}[-.+][\w.+~-]{1,64})(?:\s{1,16}(?:containerd|docker|cri-o):\/\/\S{1,40})?\s*$/,
  },
  { id: 'runsc-release', words: ['version', 'runsc'], pattern: /runsc version (?:release-)?(?<release>\d{8}\.\d+)/ },
  { id: 'arm64-registers', words: ['Pstate'], pattern: /(?:^|\] )Pstate += [0-9a-f]{8,16}$/ },
];

/** Words of programs that enter namespaces, without the errno text of the call. */
const ENTERED =
  /(?<errno>(?:cannot|can't|could not|failed to|unable to|error) (?:set|join|create|creat|clone|enter|unshare|re-?exec\w{0,8})(?:ing)?(?: \w{1,16}){0,4} (?:user|mount|network|net|pid|uts|ipc)[ -]?(?:ns|namespaces?)\b)/i;

/** Words with which a program says that the system refused it; which call is meant the rules look up. */
const COMPLAINTS: readonly Sign[] = [
  { id: 'complaint', words: ['namespace', 'namespaces', 'userns', 'netns'], pattern: ENTERED },
  {
    id: 'complaint',
    words: [
      'implemented',
      'supported',
      'argument',
      'Inappropriate',
      'inappropriate',
      'locked',
      'ENOSYS',
      'EOPNOTSUPP',
      'EINVAL',
      'ENOTTY',
      'disk',
      'permitted',
      'unsupported',
      'device',
      'ENODEV',
      'ENOPROTOOPT',
      'EAFNOSUPPORT',
      'EPROTONOSUPPORT',
      'available',
      'blocked',
      'NVML',
      'CUDA',
    ],
    pattern:
      /(?<errno>GPU access blocked by the operating system|No CUDA GPUs are available|no CUDA-capable device is detected|CUDA_ERROR_\w{3,40}|[Pp]rotocol not available|ENOPROTOOPT|EAFNOSUPPORT|EPROTONOSUPPORT|ENODEV|(?:fuse )?device not found|[Ff]unction not implemented|ENOSYS|[Oo]peration not supported|EOPNOTSUPP|[Ii]nvalid argument|EINVAL|[Ii]nappropriate ioctl for device|ENOTTY|[Pp]rotocol not supported|[Aa]ddress family not supported|disk I\/O error|database is locked|[Nn]o such device|[Oo]peration not permitted|not (?:supported|implemented) (?:by|on|in) (?:this|the) (?:kernel|system|platform))/,
  },
  {
    id: 'complaint',
    words: ['proc', 'sys', 'sysctl', 'kernel', 'Kernel'],
    pattern:
      /(?:\/(?:proc|sys)\/[^\s:"']{1,200}["']?:? .{0,80}?(?<errno1>[Nn]o such file or directory|[Rr]ead-only file system)|(?<errno2>kernel (?:is )?too old)|(?<errno3>requires? (?:a )?(?:Linux )?kernel (?:version )?(?:>=? ?)?\d+\.\d+))/i,
  },
];

const ALARMING =
  'error Error ERROR errors failed Failed FAILED failure Failure fail fails fatal Fatal FATAL FATA ' +
  'panic cannot Cannot unable Unable denied Denied refused Refused timeout timed Timeout ' +
  'DeadlineExceeded exceeded BackOff off segfault fault lockup blocked crashed aborted DENIED ' +
  'unauthorized Unauthorized disconnected unreachable skipping Unhealthy Evicted NotReady hung ' +
  'stuck not No Could could Couldn couldn panicked Traceback Exception exception Assertion assertion Aborted already';
/** What a text tells of the machine, the engine and the build around runsc. */
const SURROUNDINGS: readonly Sign[] = [
  {
    id: 'engine-old',
    words: ['Version', 'Docker', 'version', 'docker'],
    pattern:
      /(?:^\s{0,4}(?:Server )?Version: {1,16}|\b[Dd]ocker(?:-ce|-engine)?(?: version)? v?)(?<engine>1\.\d{1,2}\.\d{1,2}|17\.0[0-8]\.\d{1,2})(?:-\w{1,8})?(?:,|\s|$)/,
  },
  {
    id: 'built-as-pie',
    words: ['buildmode', 'PIE', 'pie'],
    pattern: /-buildmode[= ]pie\b|\brunsc\b.{0,80}\bELF .{0,60}\bpie executable\b/,
  },
  {
    id: 'seccomp-around',
    words: ['seccomp', 'seccompProfile', 'Seccomp', 'RuntimeDefault'],
    pattern:
      /seccompProfile.{0,40}(?:RuntimeDefault|Localhost)|RuntimeDefault.{0,60}(?:profile|seccomp)|(?:default|pod's|container's|docker's) seccomp profile.{0,120}(?:den|block|forbid|not allow)|seccomp.{0,80}(?:den(?:y|ies|ied)|block|forbid).{0,48}(?:pivot_root|unshare|mount|clone|setns)/i,
  },
  {
    id: 'platform-kvm',
    words: ['platform', 'kvm', 'KVM'],
    pattern: /platform[=: "]{1,4}kvm\b|\b(?:kvm|KVM) platform\b|\brunsc-kvm\b/,
  },
  {
    id: 'kvm-device-missing',
    words: ['kvm'],
    pattern:
      /\/dev\/kvm['"]?:? (?:[Nn]o such file|[Pp]ermission denied)|(?:open|access|opening) ['"]?\/dev\/kvm['"]?: (?:[Nn]o such|[Pp]ermission)/,
  },
  {
    id: 'in-virtual-machine',
    words: ['VM', 'virtual', 'nested', 'guest', 'VirtualBox', 'VMware', 'QEMU', 'qemu', 'EC2', 'KVM', 'Hyper'],
    pattern:
      /\bnested (?:virtuali[sz]ation|KVM|kvm|VM)\b|\b(?:in|inside|within|on|from)(?: of)? (?:an? |the |my )?(?:\w+ )?(?:VM|virtual machine|guest)\b|\bguest kernel\b|\bHypervisor vendor:|\b(?:VirtualBox|VMware|Hyper-V|QEMU) (?:VM|guest|virtual)/i,
  },
  {
    id: 'flag-helps',
    words: ['works', 'work', 'starts', 'start', 'fine', 'runs', 'helps', 'fixes', 'disabling', 'disabled', 'resolves'],
    pattern:
      /(?:[Ww]ith|[Uu]sing|[Ww]hen|[Ii]f|[Aa]dding|[Ss]etting|[Dd]isabling|[Ss]witching|[Pp]assing) .{0,80}?[`"']?-{1,2}(?<flag>[a-zA-Z][\w-]{2,40}(?:=[\w.,:/-]{1,64})?)[`"']?(?=[\s`"',.)])(?:(?!\b(?:not|never|cannot|longer|fails?|failed|still|stuck|hangs?|error|crash\w*|until)\b|n't).){0,100}?\b(?:works?|starts?|runs?|fine|helps?|fixe[sd]|resolve[sd]|succeeds?)\b(?! not|n't)|[`"']?-{1,2}(?<flag2>[a-zA-Z][\w-]{2,40}(?:=[\w.,:/-]{1,64})?)[`"']? (?:it )?(?:works|starts|helps|fixes|solves|resolves)\b/,
  },
  {
    id: 'mandatory-access-control',
    words: ['Enforcing', 'enforcing', 'SELinux', 'setenforce', 'AppArmor', 'apparmor'],
    pattern:
      /^\s{0,4}Enforcing\s*$|SELinux.{0,40}[Ee]nforcing|setenforce 0|apparmor_restrict_unprivileged_userns ?= ?1|AppArmor profile.{0,60}(?:den|block)/,
  },
  {
    id: 'ended-well',
    words: ['exited', 'exit', 'terminated', 'stopped', 'exits'],
    pattern:
      /(?<who>[Ss]andbox|[Cc]ontainer|[Pp]rocess|runsc|[Ww]orker|[Aa]ctor)\b[^.,;]{0,60}?\b(?:exit(?:ed|s)|terminated|stopped|ended)\b.{0,24}?(?:code|status)[ =:]{1,2}0\b/,
  },
  {
    id: 'checkpoint-asked',
    words: ['checkpoint'],
    pattern: /\s--?checkpoint(?:[= ]\S{1,255})?(?:\s|$)|\brunsc (?:--?\S{1,64} ){0,16}checkpoint\b/,
  },
];

/** Words of failure, whatever failed. A weak sign: any program's line may hold them. */
const ALARMS: readonly Sign[] = [
  {
    id: 'alarm',
    words: ALARMING.split(' '),
    pattern:
      /(?<![\w-])(?:errors?|ERRO?R?|failed|FAILED|fail(?:s|ure)|fatal(?: error)?|FATAL?|panic|cannot|could(?: not|n't)|unable to|(?:permission |access |avc: {1,4})?denied|DENIED|refused|time(?:d )?out|DeadlineExceeded|deadline exceeded|CrashLoopBackOff|BackOff|Back-off|segfault|general protection fault|soft lockup|blocked for more than|crashed|aborted|panicked|Traceback|\w*Exception|assertion failed|already in use|unauthorized|disconnected|unreachable|Unhealthy|Evicted|NotReady|hung|stuck|did not (?:start|exit|respond|terminate)|not (?:found|supported|permitted|implemented|available)|No (?:\w+ ){0,2}address(?:es)? found)(?![\w-])/i,
  },
];

/** People tell of a run that does not go as it should. */
const TELLERS: readonly Sign[] = [
  {
    id: 'goes-wrong',
    words: (
      'long slow slowly hangs hang hanging stalls stalled freezes frozen crashes crashed crash fails failing ' +
      'timeouts timeout unresponsive broken wait waits waiting never working work'
    ).split(' '),
    pattern:
      /\b(?:(?:took|takes|taking|wait(?:s|ed|ing)?).{0,40}(?:long|forever|minutes|timeout)|slow(?:ly|er)?|hang(?:s|ing)?|stalls?|stalled|freezes|frozen|crash(?:es|ed)?|fails|failing|timeouts?|unresponsive|broken|never (?:returns?|finish\w*|complet\w*|starts?|responds?)|(?:does|do|did|is)(?: not|n't) work\w*)\b/i,
  },
];

export const SIGNS: readonly Sign[] = [
  ...GPU,
  ...RUNTIMES,
  ...KERNEL,
  ...VIRTUAL,
  ...STACKS,
  ...ENDS,
  ...FAILED_EXITS,
  ...LEFT,
  ...NESTED,
  ...OTHERS,
  ...PROGRAMS,
  ...TROUBLE_SIGNS,
  ...FACTS,
  ...SURROUNDINGS,
  ...COMPLAINTS,
  ...ALARMS,
  ...TELLERS,
];

const BY_WORD = new Map<string, Sign[]>();
for (const sign of SIGNS) {
  for (const word of sign.words) BY_WORD.set(word, [...(BY_WORD.get(word) ?? []), sign]);
}

/** Longest beginning of a line that is looked at. */
const LINE_LIMIT = 4096;
const WORD = /[A-Za-z0-9_]{2,40}/g;

/** Signs that only name a fact, or that any program's line may hold. */
const WEAK = new Set([
  ...FACTS.map(({ id }) => id),
  ...SURROUNDINGS.map(({ id }) => id),
  'embedded-resolver',
  'user-network',
  'runsc-command',
  'other-command',
  'other-asked',
  'netns-exec',
  'gvisor-module',
  'other-release-works',
  'network-none',
  'failed-exit',
  'goes-wrong',
  'trouble-sysctl-written',
  'trouble-socket-mounted',
  'trouble-rootless',
  'trouble-slow',
  'trouble-hang',
  'ends-unexpectedly',
  'alarm',
]);

/** Is gVisor named in a text that speaks of a failure somewhere else? */
export function isAlarm(text: string): boolean {
  return (
    /\brunsc\b|\bgvisor\b/i.test(text) &&
    text.split('\n', 400).some((line) => readSigns(line).some(({ id }) => OF_FAILURE.has(id)))
  );
}

const OF_FAILURE = new Set(['alarm', 'program-died', 'ended-well', 'name-unresolved']);

/** Does a line that stands in no record tell something of a run? */
export function isTelling(line: string): boolean {
  return readSigns(line).some(({ id }) => !WEAK.has(id) || (id === 'alarm' && ENGINE.test(line.slice(0, LINE_LIMIT))));
}

/** Engines, kubelets, shims and runsc as speakers of an error: their lines are told by their form or their name. */
const ENGINE =
  /\blevel=(?:error|fatal|warning|panic)\b|"level": ?"(?:error|fatal|warning|panic)"|^\s*Warning {1,8}\w+ {1,16}|\b(?:FATA|ERRO)\[\d{1,8}\]|\bkubelet(?:\[\d+\])?[:, ]|(?:containerd|dockerd|crio|podman|conmon)(?:\[\d+\])?: |\brunsc\b|containerd-shim|OCI runtime|rpc error: code =|gvisor\.dev\//;

/**
 * All signs in a line, one of each id. A line without any of their words costs one look into a map for each of its own words.
 *
 *     Failed create pod sandbox: rpc error: code = Unknown desc = failed to get sandbox runtime: no runtime for "runsc" is configured
 */
export function readSigns(line: string): readonly Told[] {
  const text = line.length > LINE_LIMIT ? line.slice(0, LINE_LIMIT) : line;
  let found: Map<string, Told> | undefined;
  let tried: Set<Sign> | undefined;
  WORD.lastIndex = 0;
  for (let word = WORD.exec(text); word !== null; word = WORD.exec(text)) {
    const signs = BY_WORD.get(word[0]);
    if (signs === undefined) continue;
    for (const sign of signs) {
      tried ??= new Set();
      if (tried.has(sign)) continue;
      tried.add(sign);
      if (found?.has(sign.id) === true) continue;
      const match = sign.pattern.exec(text);
      if (match === null) continue;
      found ??= new Map();
      found.set(sign.id, { id: sign.id, captures: capturesOf(match) });
    }
  }
  return found === undefined ? [] : [...found.values()];
}

/** Groups of one meaning in several wordings are numbered: `host1`, `host2` are `host`. */
function capturesOf(match: RegExpExecArray): Readonly<Record<string, string>> {
  const captures: Record<string, string> = {};
  for (const [name, value] of Object.entries(match.groups ?? {})) {
    if (value !== undefined) captures[name.replace(/\d$/, '')] = value;
  }
  return captures;
}
