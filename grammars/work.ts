/** What a line that nobody knows was about: who speaks, and what was being done, by words that engines, kubelets and kernels use. */

/** Longest beginning of a line that is looked at. */
const LINE_LIMIT = 4096;

/** Kinds of work, in the order in which they are tried: the narrow ones first. Ids have their words in src/knowledge/work.ts. */
const WORK: readonly (readonly [id: string, pattern: RegExp])[] = [
  ['probe', /\b(?:[Rr]eadiness|[Ll]iveness|[Ss]tartup) probe\b/],
  [
    'pod-network',
    /\bcni\b|network plugin|plugin type=|pod (?:sandbox )?network|network (?:for|of) (?:pod|sandbox)|network sandbox|sandbox network|\b(?:flannel|calico|cilium|weave|kindnet|multus|ipam)\b|no network config found|NetworkPlugin|NetworkNotReady/i,
  ],
  [
    'image',
    /ErrImagePull|ImagePullBackOff|\bpull(?:ing)? (?:and unpack )?(?:the )?image|failed to resolve reference|manifest (?:unknown|for)|no matching manifest|unpack(?:ing)? image|failed to extract layer/i,
  ],
  [
    'ports',
    /driver failed programming external connectivity|failed to bind (?:host )?port|port is already allocated|Bind for \S{1,64} failed|listen tcp\d? \S{1,64}: bind/,
  ],
  ['volume', /MountVolume|FailedMount|FailedAttachVolume|AttachVolume|attach or mount volumes|NodeStage|NodePublish/],
  ['schedule', /FailedScheduling|nodes? (?:are|is) available|didn't match (?:Pod's )?node/i],
  ['pod-cgroup', /\bcgroups?\b|cgroupfs|controller set/i],
  ['gpu', /could not select device driver|nvidia|\bNVML\b|\bCUDA\b|libcuda|\bGPUs?\b/],
  ['checkpoint', /checkpoint|\brestor(?:e|ing)\b/i],
  ['exec', /\bexec failed|ExecSync|executing (?:command|processes)|[Ee]rror running exec|OCI runtime exec/],
  ['streams', /stream copy|closed fifo|\bfifo\b|copy(?:ing)? (?:shim )?log|\bstd(?:in|out|err) pipe/i],
  [
    'stop',
    /KillPodSandbox|StopPodSandbox|KillContainer|StopContainer|[Kk]illing container|[Ss]topping (?:the )?(?:pod )?(?:sandbox|container)/,
  ],
  [
    'cleanup',
    /clean(?:ing)?[ -]?up|failed to delete|(?:delet|remov)ing (?:container|task|sandbox|shim)|RemovePodSandbox|RemoveContainer|unmount/i,
  ],
  ['restart', /Back-off restarting|CrashLoopBackOff|\bBackOff\b/],
  ['shim', /ttrpc|\bshim\b|containerd-shim/i],
  ['pod-create', /CreatePodSandbox|RunPodSandbox|start sandbox|pod sandbox|sandbox container/i],
  [
    'container-start',
    /did not start|StartContainer|CreateContainer|start(?:ing)? (?:the )?container|create (?:the )?container/i,
  ],
  ['gofer', /gofer|\blisafs\b|9P\b|p9\b/],
  ['mount', /\bmount(?:ing|ed)?\b|rootfs|overlay/i],
  ['memory', /out of memory|\boom\b|cannot allocate memory/i],
  ['fault', /segfault|general protection|trap(?:s|ped)?:|invalid opcode|SIGSEGV|SIGBUS|stack trace|goroutine/],
  ['kernel-stall', /blocked for more than|soft lockup|hard LOCKUP|rcu.{0,200}stall|hung_task/],
  ['security', /apparmor=|avc: +denied|selinux|seccomp|\baudit\b/i],
  ['interface', /\binterfaces?\b|\broutes?\b|\bIPv[46] address/],
];

/** What the line is about; undefined where its words do not tell. */
export function workOf(text: string): string | undefined {
  const head = text.slice(0, LINE_LIMIT);
  return WORK.find(([, pattern]) => pattern.test(head))?.[0];
}

const SPEAKERS: readonly (readonly [name: string, pattern: RegExp])[] = [
  [
    'the kubelet',
    /\bkubelet\b|kuberuntime|remote_runtime\.go|pod_workers\.go|\b(?:Failed(?:CreatePodSandBox|KillPod|Mount))\b/,
  ],
  ['the shim', /containerd-shim|\bshim(?:\.log)?\[|^shim:/],
  [
    'containerd',
    /\bcontainerd(?:\[\d+\])?:|RunPodSandbox|level=\w{1,16} msg=.{0,2000}(?:namespace=(?:k8s\.io|moby)|runtime=io\.containerd)|"msg":".{0,2000}PodSandbox/,
  ],
  ['the Docker daemon', /dockerd|Error response from daemon|libcontainerd/],
  ['CRI-O', /\bcri-?o(?:\[\d+\])?\b/i],
  ['Podman', /\b(?:podman|conmon|buildah)\b/],
  ['crictl', /FATA\[\d{4}\]|\bcrictl\b/],
  ['runsc', /\brunsc\b|FATAL ERROR|gVisor|gvisor\.dev/],
];

/** Who speaks, by the words of the line; `kind` is that of the event. */
export function speakerOf(text: string, kind: string): string {
  const head = text.slice(0, LINE_LIMIT);
  const named = SPEAKERS.find(([, pattern]) => pattern.test(head))?.[0];
  if (kind === 'kernel') return "the host's kernel";
  if (kind === 'warning' || kind === 'fault' || kind === 'note') return 'runsc';
  if (named !== undefined) return named;
  return kind === 'kubernetes'
    ? 'the kubelet'
    : kind === 'shim'
      ? 'the shim'
      : kind === 'docker'
        ? 'the engine'
        : 'somebody';
}
