/** Known sentences of runsc: id → pattern → captures. What they mean to a run is knowledge's and the rules' affair. */
import { joinChain, readErrorChain } from './errors.js';
import { SELDOM } from './seldom.js';
import { readMount } from './structs.js';
import { isOfOthers } from './told.js';

/** The names that a pattern captures, and what was read of them. */
type Groups = Readonly<Record<string, string>>;

/**
 * `error`: a part of an error chain and all that follows it (fatal errors, log.json, copies on stderr, messages of callers).
 * `line`: the beginning of any other record. `crash`: what the Go runtime prints before it dies.
 */
type Place = 'error' | 'line' | 'crash';

export type Sentence = {
  readonly id: string;
  readonly place: Place;
  readonly pattern: RegExp;
  /** First words of the record (`line` only): sentences are looked up by them, so that a line costs one look into a map. */
  readonly words?: readonly string[];
  /** First and last release whose source holds the text; undefined: always, to this day. */
  readonly since?: string;
  readonly until?: string;
  /** Tried only where no other sentence of the chain is known: it says where, not why. */
  readonly weak?: true;
  readonly refine?: (groups: Groups) => Groups;
};

const QUOTED = '(?:[^"\\\\\\n]|\\\\.)*';
const ERRNO = "[a-zA-Z][a-zA-Z ,()'/-]{0,200}";

/** Writes a pattern with `<q:name>` for a quoted string's inside and `<error:os>` for the last part of an os error. */
function sentence(source: string): RegExp {
  const full = source
    .replace(/<q:(\w+)>/g, `"(?<$1>${QUOTED})"`)
    .replace(/<error:os>/g, `(?:[^\\n]{0,4096}: )?(?<errno>${ERRNO})`);
  return new RegExp(`^(?:${full})`);
}

/** Adds what a dumped mount holds. */
function withMount(groups: Groups): Groups {
  const mount = readMount(groups.mount ?? '');
  if (mount === undefined) return groups;
  return {
    ...groups,
    destination: mount.destination,
    type: mount.type,
    source: mount.source,
    options: mount.options.join(','),
  };
}

/** `/proc/fs/root/etc` is `/etc` of the container: the gofer prepares the root there. */
function withoutGoferRoot(groups: Groups): Groups {
  const mounted = withMount(groups);
  return mounted.path === undefined
    ? mounted
    : { ...mounted, path: mounted.path.replace(/^\/proc\/(?:fs\/)?root(?=\/)/, '') };
}

/** The controller of a cgroup v1 path, or the file of a v2 one. */
function withController(groups: Groups): Groups {
  const segments = (groups.path ?? '').split('/');
  const first = segments[4] ?? '';
  const v1 =
    /^(?:blkio|cpu|cpuacct|cpu,cpuacct|cpuset|devices|freezer|hugetlb|memory|net_cls|net_prio|net_cls,net_prio|perf_event|pids|rdma|misc|job|systemd)$/;
  return {
    ...groups,
    controller: v1.test(first) ? first : (segments[segments.length - 1] ?? ''),
    cgroup: v1.test(first) ? 'v1' : 'v2',
  };
}

/** 2018 names the arguments in the wrapper and not the file in the error. */
function withProgram(groups: Groups): Groups {
  if (groups.path !== undefined) return groups;
  const argv = (groups.argv ?? groups.command ?? '').replace(/^\[/, '').replace(/\]$/, '');
  const path = argv.split(' ')[0] ?? '';
  return path === '' ? groups : { ...groups, path };
}

/** `Root.Path` is `root.path` in config.json. */
function withJsonField(groups: Groups): Groups {
  return {
    ...groups,
    field: (groups.field ?? '').replace(/(^|\.)([A-Z])/g, (_, dot: string, first: string) => dot + first.toLowerCase()),
  };
}

/** What a hook printed stands in the lines behind the error: `stdout: ...`, `stderr: ...`. */
function withOutput(groups: Groups): Groups {
  const output = (groups.detail ?? '')
    .replace(/^(?:stdout|stderr): ?/gm, '')
    .trim()
    .replace(/\s*\n\s*/g, ' / ');
  return output === '' ? groups : { ...groups, output: output.slice(0, 400) };
}

/** Adds constants: which flag a message is about. */
const about =
  (more: Groups) =>
  (groups: Groups): Groups => ({ ...groups, ...more });

/** Alternatives of one pattern name the same thing `path`, `path2`, `path3`: whichever fits. */
function withAlternatives(groups: Groups): Groups {
  const merged: Record<string, string> = {};
  for (const [name, value] of Object.entries(groups)) merged[name.replace(/(?<=[a-z])\d$/, '')] ??= value;
  return merged;
}

const RARE: readonly (Sentence & { readonly own?: true })[] = SELDOM.map(({ text, about: more = {}, ...row }) => ({
  ...row,
  place: 'error',
  pattern: sentence(text),
  refine: (groups) => ({ ...more, ...withAlternatives(groups) }),
}));

const SPEC: readonly Sentence[] = [
  {
    id: 'spec-mount-relative',
    place: 'error',
    since: '2018-10',
    refine: withMount,
    pattern: sentence(
      '(?:Spec\\.Mounts\\[\\d+\\] )?Mount\\.Destination must be an absolute path: (?<mount>&?\\{.*?\\]\\}|.+)',
    ),
  },
  {
    id: 'spec-args-empty',
    place: 'error',
    since: '2018-07',
    pattern: sentence('Spec\\.Process\\.Arg must be defined'),
  },
  {
    id: 'spec-field-missing',
    place: 'error',
    refine: withJsonField,
    pattern: sentence('Spec\\.(?<field>[A-Za-z.]+) must be defined'),
  },
  {
    id: 'spec-field-missing',
    place: 'error',
    since: '20230529.0',
    refine: about({ field: 'root' }),
    pattern: sentence('spec missing root filesystem'),
  },
  {
    id: 'spec-section-unsupported',
    place: 'error',
    pattern: sentence('(?:Spec\\.)?(?<section>Solaris|Windows|SELinux) is not supported(?:: (?<value>.*))?'),
  },
  {
    id: 'spec-unreadable',
    place: 'error',
    pattern: sentence('error (?:opening|reading) spec (?:from )?file <q:path>: <error:os>$'),
  },
  {
    id: 'spec-unreadable',
    place: 'error',
    since: '20220606.0',
    pattern: sentence('cannot open spec file in bundle dir (?<path>[^:]+): <error:os>$'),
  },
  {
    id: 'spec-malformed',
    place: 'error',
    pattern: sentence('error unmarshaling spec from file <q:path>: (?<error>[^\\n]+)'),
  },
  {
    id: 'spec-malformed',
    place: 'error',
    weak: true,
    pattern: sentence('(?<error>(?:invalid character .* (?:looking for|after|in)|json: cannot unmarshal) .*)'),
  },
  {
    id: 'rlimit-unknown',
    place: 'error',
    pattern: sentence('(?:unknown resource|invalid rlimit type:?|unknown rlimit) "?(?<name>[^"\\s]+)"?'),
  },
  {
    id: 'capability-unknown',
    place: 'error',
    pattern: sentence('(?:unknown|invalid) capability:? "?(?<name>[^"\\s]+)"?'),
  },
  {
    id: 'environment-invalid',
    place: 'error',
    since: '20210112.0',
    pattern: sentence('invalid (?:environment )?variable:? "?(?<name>[^"]*)"?$'),
  },
  {
    id: 'propagation-unsupported',
    place: 'error',
    pattern: sentence('root mount propagation option must specify private or slave: \\\\?"?(?<value>[^"\\\\]*)"?'),
  },
  {
    id: 'propagation-unsupported',
    place: 'error',
    pattern: sentence('mount propagation options are mutually exclusive: "?(?<value>[^"]*)"?'),
  },
  { id: 'mount-option-unsupported', place: 'error', pattern: sentence('mount option <q:option> is not supported') },
  {
    id: 'userns-mapping-invalid',
    place: 'error',
    since: '20230306.0',
    pattern: sentence('(?<error>spec defines UID/GID mappings without defining userns)'),
  },
  {
    id: 'hook-failed',
    place: 'error',
    refine: withOutput,
    pattern: sentence('failure executing hook <q:path>, err: (?<error>[^\\n]+)'),
  },
  {
    id: 'hook-failed',
    place: 'error',
    refine: about({ error: 'it took longer than its timeout' }),
    pattern: sentence('timeout executing hook <q:path>'),
  },
  { id: 'hook-invalid', place: 'error', pattern: sentence('path for hook is not absolute: <q:path>') },
  { id: 'hook-invalid', place: 'error', refine: about({ path: '' }), pattern: sentence('empty path for hook') },
  {
    id: 'container-type-invalid',
    place: 'error',
    pattern: sentence('(?<error>unknown container-type.*|spec has container-type of container, but no sandbox ID set)'),
  },
  {
    id: 'user-unknown',
    place: 'error',
    pattern: sentence("(?:couldn't find|unable to find) (?:user |group )?(?<name>\\S+)(?: in (?!controller set).*)?$"),
  },
];

const FLAGS: readonly Sentence[] = [
  {
    id: 'flag-override-denied',
    place: 'error',
    since: '20200907.0',
    pattern: sentence('error setting flag (?<flag>[\\w-]+)=<q:value>: flag override disabled'),
  },
  {
    id: 'flag-override-denied',
    place: 'error',
    since: '20200907.0',
    weak: true,
    pattern: sentence('flag override disabled'),
  },
  {
    id: 'flag-annotation-unknown',
    place: 'error',
    since: '20200907.0',
    pattern: sentence('(?:error setting flag \\S+: )?flag <q:flag> not found\\. Cannot set it to <q:value>'),
  },
  {
    id: 'flag-value-invalid',
    place: 'error',
    since: '20200907.0',
    pattern: sentence('error setting flag (?<flag>[\\w-]+)=<q:value>: (?<error>.+)'),
  },
  {
    id: 'flag-unknown',
    place: 'error',
    pattern: sentence(
      '(?:failed to parse flags for "(?<subcommand>[^"]*)": )?flag provided but not defined: -+(?<flag>[\\w-]+)',
    ),
  },
  {
    id: 'flag-value-invalid',
    place: 'error',
    pattern: sentence('invalid (?:boolean )?value <q:value> for (?:flag )?-(?<flag>[\\w-]+)(?:: (?<error>.+))?'),
  },
  {
    id: 'flag-value-invalid',
    place: 'error',
    refine: about({ value: '' }),
    pattern: sentence('flag needs an argument: -(?<flag>[\\w-]+)'),
  },
  {
    id: 'flag-value-invalid',
    place: 'error',
    since: '20190722.1',
    refine: about({ flag: 'platform' }),
    pattern: sentence('(?:unknown|invalid) platform:? (?:unknown platform: )?"?(?<value>[^"\\s]+)"?'),
  },
  {
    id: 'flag-value-invalid',
    place: 'error',
    refine: about({ flag: 'network' }),
    pattern: sentence('invalid network type "?(?<value>[^"]*)"?'),
  },
  {
    id: 'flag-value-invalid',
    place: 'error',
    refine: about({ flag: 'file-access' }),
    pattern: sentence('invalid file access type "?(?<value>[^"]*)"?'),
  },
  {
    id: 'flag-value-invalid',
    place: 'error',
    refine: about({ flag: 'ref-leak-mode' }),
    pattern: sentence('invalid ref leak mode "?(?<value>[^"]*)"?'),
  },
  {
    id: 'flag-value-invalid',
    place: 'error',
    refine: about({ flag: 'watchdog-action' }),
    pattern: sentence('invalid watchdog action "?(?<value>[^"]*)"?'),
  },
  {
    id: 'flag-value-invalid',
    place: 'error',
    refine: about({ flag: 'host-uds' }),
    pattern: sentence('invalid host UDS "?(?<value>[^"]*)"?'),
  },
  {
    id: 'flag-value-invalid',
    place: 'error',
    refine: about({ flag: 'log-format or --debug-log-format' }),
    pattern: sentence('invalid log format "?(?<value>[^",]*)"?'),
  },
  {
    id: 'flag-value-invalid',
    place: 'error',
    refine: about({ flag: 'overlay2' }),
    pattern: sentence('unexpected (?:mount|medium) specifier for --overlay2: "?(?<value>[^"]*)"?'),
  },
  {
    id: 'flag-value-invalid',
    place: 'error',
    refine: about({ flag: 'num-network-channels' }),
    pattern: sentence('num_network_channels must be > 0, got: (?<value>-?\\d+)'),
  },
  {
    id: 'flag-conflict',
    place: 'error',
    pattern: sentence(
      '(?<error>(?:overlay flag (?:has been replaced|is incompatible)|fsgofer-host-uds has been replaced|flag requires enabling profiling|qdisc=tbf requires|flags --debug-log-fd and).*)',
    ),
  },
  {
    id: 'log-unwritable',
    place: 'error',
    since: '2018-10',
    refine: about({ flag: 'debug-log' }),
    pattern: sentence('error opening debug log file in <q:path>: <error:os>$'),
  },
  {
    id: 'log-unwritable',
    place: 'error',
    refine: about({ flag: 'log' }),
    pattern: sentence('error opening log file <q:path>: <error:os>$'),
  },
  {
    id: 'log-unwritable',
    place: 'error',
    weak: true,
    refine: about({ flag: 'debug-log' }),
    pattern: sentence('error creating dir <q:path>: <error:os>$'),
  },
];

const CONTAINERS: readonly Sentence[] = [
  { id: 'container-id-invalid', place: 'error', pattern: sentence('invalid container id: (?<container>.*)') },
  { id: 'container-id-exists', place: 'error', pattern: sentence('container with id <q:container> already exists') },
  {
    id: 'container-id-exists',
    place: 'error',
    pattern: sentence('(?:cannot lock container metadata file: )?container already exists'),
  },
  {
    id: 'state-lock-failed',
    place: 'error',
    weak: true,
    since: '20220606.0',
    pattern: sentence('cannot lock container metadata file: (?<error>.+)'),
  },
  {
    id: 'control-socket-missing',
    place: 'error',
    since: '20240820.0',
    pattern: sentence('no control socket found for sandbox <q:container>'),
  },
  {
    id: 'control-socket-unplaced',
    place: 'error',
    since: '20230130.0',
    pattern: sentence('unable to find location to write socket file'),
  },
  {
    id: 'process-gone',
    place: 'error',
    since: '20190304.1',
    pattern: sentence('no such process with PID (?<pid>\\d+)'),
  },
  {
    id: 'host-settings-unsuitable',
    place: 'error',
    since: '20241021.0',
    pattern: sentence('host settings: (?<error>.+?)(?: \\(use --host-settings=ignore to bypass\\))?$'),
  },
  {
    id: 'container-id-exists',
    place: 'error',
    since: '2018-12',
    pattern: sentence('container <q:container> already exists'),
  },
  {
    id: 'control-socket-in-use',
    place: 'error',
    pattern: sentence('creating control server socket for sandbox <q:container>: <error:os>$'),
  },
  {
    id: 'container-running',
    place: 'error',
    since: '2018-10',
    pattern: sentence('cannot delete container that is not stopped without --force flag'),
  },
  {
    id: 'container-state-wrong',
    place: 'error',
    since: '2018-10',
    pattern: sentence('cannot (?<action>\\w+) (?:a )?container(?: <q:container>)? in state[ =](?<state>\\w+)'),
  },
  {
    id: 'pod-sandbox-missing',
    place: 'error',
    pattern: sentence(
      'cannot load sandbox: open (?<path>/.*?)(?:/(?<sandbox>[^/_]+)_sandbox:[^/:]*\\.state): <error:os>$',
    ),
  },
  {
    id: 'pod-sandbox-missing',
    place: 'error',
    pattern: sentence('cannot load sandbox: (?:[^\\n]*: )?(?<errno>no such file or directory|file does not exist)$'),
  },
  {
    id: 'pod-sandbox-missing',
    place: 'error',
    since: '20220606.0',
    pattern: sentence('no sandbox ID found when creating container'),
  },
  {
    id: 'shim-socket-refused',
    place: 'error',
    pattern: sentence(
      '(?:failed to .{1,80}: )?dial unix (?<path>/run/containerd/s/\\S+?): connect: (?<errno>connection refused)',
    ),
  },
  {
    id: 'pod-sandbox-ended',
    place: 'error',
    pattern: sentence(
      '(?:loading sandbox container(?: <q:sandbox>)?: )?sandbox container(?: <q:sandbox2>)? is not running',
    ),
  },
  {
    id: 'container-unknown',
    place: 'error',
    weak: true,
    pattern: sentence('(?:loading (?:container|sandbox)(?: failed)?: )?file does not exist$'),
  },
  {
    id: 'container-unknown',
    place: 'error',
    since: '20190806.1',
    pattern: sentence('container <q:container> not (?:found|started)'),
  },
  {
    id: 'console-missing',
    place: 'error',
    pattern: sentence('terminal enabled but no TTY provided'),
  },
  {
    id: 'state-directory-unwritable',
    place: 'error',
    pattern: sentence('creating container root directory <q:path>: <error:os>$'),
  },
  { id: 'pid-file-unwritable', place: 'error', pattern: sentence('error writing PID file: <error:os>$') },
  {
    id: 'checkpoint-path-missing',
    place: 'error',
    since: '2018-07',
    pattern: sentence('image-path flag must be provided'),
  },
  {
    id: 'checkpoint-file-unusable',
    place: 'error',
    pattern: sentence(
      '(?:opening (?:state|restore image|checkpoint image) file <q:path> failed|os\\.OpenFile\\(<q:file>\\) failed): <error:os>$',
    ),
  },
  {
    id: 'checkpoint-file-unusable',
    place: 'error',
    pattern: sentence('open (?<path>/[^:]*/(?:checkpoint|pages|pages_meta)\\.img): <error:os>$'),
  },
  {
    id: 'checkpoint-file-unusable',
    place: 'error',
    pattern: sentence('(?:error )?making directories at path provided: mkdir (?<path>[^:]*): <error:os>$'),
  },
  {
    id: 'checkpoint-empty',
    place: 'error',
    since: '20240415.0',
    pattern: sentence('statefile cannot be empty'),
  },
  {
    id: 'checkpoint-release-differs',
    place: 'error',
    since: '20241104.0',
    pattern: sentence(
      'runsc version does not match across checkpoint restore, checkpoint: (?<saved>\\S+) current: (?<current>\\S+)',
    ),
  },
  {
    id: 'checkpoint-spec-differs',
    place: 'error',
    since: '20241104.0',
    pattern: sentence(
      '(?:failed to validate restore spec: )?(?<field>.*?) ?does not match across checkpoint restore for container:? "?(?<container>[^",]*)"?(?:, checkpoint (?<saved>.*) restore (?<current>.*))?',
    ),
  },
  {
    id: 'checkpoint-processor-differs',
    place: 'error',
    since: '20220117.0',
    pattern: sentence('incompatible FeatureSet: (?<error>.+)'),
  },
  {
    id: 'checkpoint-containers-differ',
    place: 'error',
    since: '20240501.0',
    pattern: sentence('invalid container count: (?<error>.+)'),
  },
  {
    id: 'checkpoint-network-unsupported',
    place: 'error',
    since: '20210705.0',
    pattern: sentence('checkpoint not supported when using (?<network>\\w+)(?: networking)?'),
  },
  {
    id: 'checkpoint-network-differs',
    place: 'error',
    since: '20260721.0',
    pattern: sentence(
      'checkpoint created with (?<saved>\\w+) networking cannot be restored with (?<current>\\w+) networking',
    ),
  },
  {
    id: 'checkpoint-state-wrong',
    place: 'error',
    since: '20250414.0',
    pattern: sentence('cannot restore a container in state=(?<state>\\w+)'),
  },
  {
    id: 'checkpoint-descriptor-missing',
    place: 'error',
    pattern: sentence('no host FD available for (?<name>[^,\\s]+)(?:, map: (?<map>.*))?'),
  },
  {
    id: 'checkpoint-memory-differs',
    place: 'error',
    pattern: sentence('inconsistent private memory files on restore(?:: ?\\s*(?<error>.+))?'),
  },
  {
    id: 'checkpoint-deleted-unsavable',
    place: 'error',
    pattern: sentence('(?:[\\w.]*dentry\\(<q:path>\\)\\.prepareSaveDead|prepareSaveDead[^:]*): (?<error>.+)'),
  },
  {
    id: 'checkpoint-deleted-unrestorable',
    place: 'error',
    pattern: sentence('failed to re-?create deleted (?:file|director\\w+) <q:path>: <error:os>$'),
  },
  {
    id: 'checkpoint-files-differ',
    place: 'error',
    pattern: sentence('failed to (?:complete|prepare) restore for filesystem type <q:type>: (?<error>.+)'),
  },
  {
    id: 'checkpoint-failed',
    place: 'error',
    weak: true,
    pattern: sentence('failed to (?:load|save) kernel: (?<error>.+)'),
  },
  {
    id: 'checkpoint-failed',
    place: 'error',
    since: '2018-07',
    weak: true,
    pattern: sentence(
      '(?:checkpoint failed|checkpoint not supported|Save failed|image-path flag must be provided|statefile cannot be empty|opening state file|runsc version does not match across checkpoint|failed to validate restore spec|incompatible FeatureSet|invalid container count|checkpoint created with|cannot restore a container)(?<error>.*)',
    ),
  },
];

const MOUNTS: readonly Sentence[] = [
  {
    id: 'mount-stat-failed',
    place: 'error',
    since: '20231023.0',
    pattern: sentence('failed to stat mount <q:path> to see if it were a directory: <error:os>$'),
  },
  {
    id: 'rootfs-mount-failed',
    place: 'error',
    pattern: sentence('mounting root on root \\(<q:path>\\) err: <error:os>$'),
  },
  {
    id: 'rootfs-mount-failed',
    place: 'error',
    pattern: sentence('mounting root \\(<q:path>\\) with flags: (?<flags>[^,]*), err: <error:os>$'),
  },
  {
    id: 'rootfs-mount-failed',
    place: 'error',
    since: '2018-09',
    pattern: sentence('failed to chroot to <q:path>: <error:os>$'),
  },
  {
    id: 'mount-source-missing',
    place: 'error',
    refine: withMount,
    pattern: sentence(
      '(?:failed to mount|mounting) (?<mount>&?\\{.*\\}): [Ss]tat\\(<q:path>\\) failed: (?:.*: )?(?<errno>no such file or directory)$',
    ),
  },
  {
    id: 'mount-source-missing',
    place: 'error',
    pattern: sentence('[Ss]tat\\(<q:path>\\) failed: (?:.*: )?(?<errno>no such file or directory)$'),
  },
  {
    id: 'mount-through-file',
    place: 'error',
    refine: withMount,
    pattern: sentence(
      '(?:(?:failed to mount|mounting) (?<mount>&?\\{.*\\}): )?resolving symlinks to <q:path>: .*not a directory$',
    ),
  },
  {
    id: 'mount-kind-mismatch',
    place: 'error',
    refine: withoutGoferRoot,
    pattern: sentence(
      '(?:failed to mount|mounting) (?<mount>&?\\{.*\\}): (?:\\w+\\(<q:path>.*?\\) failed: )?.*?(?<errno>is a directory|not a directory)$',
    ),
  },
  {
    id: 'mount-kind-mismatch',
    place: 'error',
    pattern: sentence("(?:.*?<q:path>.{0,40} )?isn't a directory, got mode (?<errno>.*)$"),
  },
  {
    id: 'mount-symlink',
    place: 'error',
    refine: withMount,
    pattern: sentence(
      '(?:(?:failed to mount|mounting) (?<mount>&?\\{.*\\}): )?(?<error>resolving symlinks to <q:path>: .*|too many symlinks to follow, path: .*|failed to safely mount: .*)',
    ),
  },
  {
    id: 'rootfs-bind-refused',
    place: 'error',
    pattern: sentence('self-bind-mounting rootfs <q:path>: <error:os>$'),
  },
  {
    id: 'mount-failed',
    place: 'error',
    refine: withMount,
    pattern: sentence('(?:failed to mount|mounting) (?<mount>&?\\{.*\\}): (?<error>.+)'),
  },
  {
    id: 'mount-options-invalid',
    place: 'error',
    pattern: sentence('failed to mount <q:path> \\(type: (?<type>[^)]*)\\): (?<errno>[^,]+), opts: (?<options>.*)'),
  },
  {
    // 2020 to 2022; the hint about a bug of the kernel was added in 2020-09
    id: 'mount-source-unreadable',
    place: 'error',
    until: '2022-12',
    refine: about({ type: 'bind' }),
    pattern: sentence(
      'creating mount with source <q:path>: (?<errno>input/output error)(?:: you may be encountering .*)?',
    ),
  },
  {
    id: 'mount-point-missing',
    place: 'error',
    since: '20200921.0',
    pattern: sentence('creating mount point <q:path>: <error:os>$'),
  },
  {
    id: 'filestore-directory-missing',
    place: 'error',
    pattern: sentence('failed to stat filestore directory <q:path>: <error:os>$'),
  },
  {
    id: 'filestore-directory-missing',
    place: 'error',
    pattern: sentence('overlay2 flag should specify an existing directory(?<path>)'),
  },
  {
    id: 'filestore-not-creatable',
    place: 'error',
    since: '20230214.0',
    pattern: sentence('failed to create (?:a )?filestore file inside <q:path>: <error:os>$'),
  },
  {
    id: 'filestore-stale',
    place: 'error',
    since: '20231023.0',
    pattern: sentence('(?:<q:source> )?mount source already has a filestore file at <q:path>'),
  },
  {
    id: 'working-directory-unusable',
    place: 'error',
    pattern: sentence(
      '(?:creating working directory|failed to create working directory|resolving working directory|failed to find initial working directory) <q:path>: <error:os>$',
    ),
  },
  {
    id: 'shared-mount-conflict',
    place: 'error',
    since: '20220103.0',
    pattern: sentence('cannot mount read-write shared mount because master is read-only'),
  },
  {
    id: 'pivot-root-failed',
    place: 'error',
    pattern: sentence('pivot_root failed, make sure that the root mount has a parent: <error:os>$'),
  },
  {
    id: 'chroot-failed',
    place: 'error',
    weak: true,
    pattern: sentence(
      'error (?:setting up chroot|remounting chroot in read-only|creating /proc in chroot): (?<error>.+)$',
    ),
  },
  {
    id: 'descriptors-leaked',
    place: 'error',
    pattern: sentence('(?<error>unable to remap stdios, FD (?<fd>\\d+) is already in use.*)'),
  },
  {
    id: 'descriptor-is-directory',
    place: 'error',
    since: '20190722.1',
    pattern: sentence('(?:FD (?<fd>\\d+) )?is a directory for (?<path>.+)'),
  },
  { id: 'descriptors-too-many', place: 'error', pattern: sentence('(?:urpc method "[^"]*" failed: )?too many files$') },
  {
    id: 'gofer-descriptors-wrong',
    place: 'error',
    pattern: sentence(
      '(?<error>no FD found for mount\\. Did you forget --io-fd\\?.*|too many FDs passed for mounts\\..*|stdioFDs should contain exactly 3 FDs.*)',
    ),
  },
];

const PROGRAMS: readonly Sentence[] = [
  {
    id: 'program-name-carriage-return',
    place: 'error',
    pattern: sentence(
      '(?:creating (?:init )?process: )?[Ff]ailed to load (?<path>[^\\r\\n]+?)(?:\\r|\\\\r)"?: (?<errno>[a-zA-Z][a-zA-Z -]*)$',
    ),
  },
  {
    id: 'program-name-carriage-return',
    place: 'error',
    pattern: sentence(
      '(?:error finding executable|searching for executable) "(?<path>[^"\\n]{1,255}?)\\\\r"[^\\n]*: <error:os>$',
    ),
  },
  {
    id: 'program-not-loaded',
    place: 'error',
    pattern: sentence(
      // A program is named by a path, or by one word; several words are a thing of runsc's own.
      '(?:creating (?:init )?process: )?[Ff]ailed to load (?!kernel: )(?<path>\\.{0,2}/.+|\\S+): (?<errno>[a-zA-Z][a-zA-Z /-]*)$',
    ),
  },
  {
    id: 'program-not-loaded',
    place: 'error',
    until: '20190304.1',
    refine: withProgram,
    pattern: sentence(
      '(?:failed to create init process|creating (?:init )?process): (?<errno>no such file or directory|permission denied|exec format error|not a directory|is a directory)$',
    ),
  },
  {
    id: 'program-not-in-path',
    place: 'error',
    since: '20200200.0',
    pattern: sentence('error finding executable <q:name> in PATH \\[(?<directories>[^\\]]*)\\]: <error:os>$'),
  },
  {
    id: 'program-not-in-path',
    place: 'error',
    until: '20200127.0',
    pattern: sentence('searching for executable <q:name>, cwd: <q:cwd>, \\$PATH=<q:directories>: <error:os>$'),
  },
];

const NETWORK: readonly Sentence[] = [
  {
    id: 'network-namespace-root',
    place: 'error',
    since: '20190304.1',
    pattern: sentence('cannot run with network enabled in root network namespace'),
  },
  {
    id: 'namespace-missing',
    place: 'error',
    pattern: sentence('error opening <q:path>: open [^\\n]*: (?<errno>no such file or directory)$'),
  },
  {
    id: 'namespace-missing',
    place: 'error',
    pattern: sentence(
      'joining (?:net |network )?namespace <q:path>: (?:[^\\n]*: )?(?<errno>no such file or directory|not a directory)$',
    ),
  },
  {
    id: 'namespace-refused',
    place: 'error',
    pattern: sentence('joining (?:net |network )?namespace <q:path>: <error:os>$'),
  },
  {
    id: 'network-route-missing',
    place: 'error',
    pattern: sentence('malformed "ip route list default" output: ""'),
  },
  {
    id: 'network-routes-unusable',
    place: 'error',
    pattern: sentence(
      '(?<error>more than one default route found.*|default route with no gateway.*|malformed "ip route list default" output.*)',
    ),
  },
  {
    id: 'network-raw-socket',
    place: 'error',
    pattern: sentence(
      '(?<error>unable to create raw socket: .*|configuring network=host with raw sockets requires CAP_NET_RAW.*)',
    ),
  },
  {
    id: 'network-command-failed',
    place: 'error',
    since: '20190529.1',
    pattern: sentence('failed to run "?(?<command>[^":]*)"?: (?<error>.*)'),
  },
  {
    id: 'network-family-unsupported',
    place: 'error',
    pattern: sentence(
      '(?:running sandbox: |configuring host network: )?(?<errno>address family not supported by protocol)$',
    ),
  },
  {
    id: 'network-address-kept',
    place: 'error',
    pattern: sentence('removing address (?<address>\\S+) from device <q:device>: <error:os>$'),
  },
  {
    id: 'xdp-unusable',
    place: 'error',
    since: '20240807.0',
    pattern: sentence('failed to access /proc/sys/net/core/dev_weight: (?<error>.+)'),
  },
  {
    id: 'network-setup-failed',
    place: 'error',
    weak: true,
    pattern: sentence(
      '(?:error |Error )?(?:setting up network|creating interfaces from net namespace "[^"]*"): (?<error>(?:.*: )?(?<errno>broken pipe|connection reset by peer|connection refused|EOF|unexpected EOF|operation not permitted|permission denied|too many open files|cannot allocate memory)$|.*)',
    ),
  },
];

const HOST: readonly Sentence[] = [
  {
    id: 'cgroup-delegation-refused',
    place: 'error',
    pattern: sentence('(?:open|write) (?<path>/sys/fs/cgroup(?:/[^:]*)?/cgroup\\.subtree_control): <error:os>$'),
  },
  {
    id: 'cgroup-process-refused',
    place: 'error',
    pattern: sentence(
      '(?:open|write) (?<path>/sys/fs/cgroup(?:/[^:]*)?/(?:cgroup\\.procs|cgroup\\.threads|tasks)): (?!no such file)<error:os>$',
    ),
  },
  {
    id: 'cgroup-lookup-failed',
    place: 'error',
    since: '20211129.0',
    pattern: sentence("(?:finding current cgroups: )?(?<error>Rel: can't make \\S+ relative to \\S+)"),
  },
  {
    id: 'cgroup-path-missing',
    place: 'error',
    refine: withController,
    pattern: sentence('(?:open|stat|mkdir|write|read) (?<path>/sys/fs/cgroup/[^:]*): <error:os>$'),
  },
  {
    id: 'cgroup-controller-missing',
    place: 'error',
    since: '20211129.0',
    pattern: sentence('mandatory cgroup controller <q:controller> is missing for <q:path>'),
  },
  {
    id: 'cgroup-controller-missing',
    place: 'error',
    since: '20210510.0',
    pattern: sentence('(?<limit>[A-Z]\\w+(?:\\.\\w+)?) set but (?<controller>\\w+) cgroup controller not found'),
  },
  {
    id: 'cgroup-limits-contradict',
    place: 'error',
    pattern: sentence(
      '(?:cgroup: )?(?<error>Memory\\.Swap is set without Memory\\.Limit|[Mm]emory ?\\+ ?[Ss]wap .*(?:memory limit|limit).*|[Mm]emory\\.Swap .*(?:smaller|less|lower) than .*)',
    ),
  },
  {
    id: 'cgroup-hierarchy-missing',
    place: 'error',
    pattern: sentence('(?:loading cgroup for (?<process>\\d+): )?unable to find <q:controller> in controller set'),
  },
  {
    id: 'cgroup-driver-mismatch',
    place: 'error',
    since: '20220321.0',
    pattern: sentence(
      'expected cgroupsPath to be of format "slice:prefix:name" for systemd cgroups, got <q:path> instead',
    ),
  },
  { id: 'cgroup-driver-mismatch', place: 'error', pattern: sentence('(?<error>received systemd slice as parent.*)') },
  { id: 'cgroup-driver-mismatch', place: 'error', pattern: sentence('invalid systemd path: <q:path>') },
  {
    id: 'cgroup-driver-mismatch',
    place: 'error',
    pattern: sentence('mkdir (?<path>/sys/fs/cgroup/[^:]*/[^:/]+\\.slice:[^:]*:[^:]*): <error:os>$'),
  },
  {
    id: 'cgroup-version-unsupported',
    place: 'error',
    until: '20211129.0',
    pattern: sentence('(?<error>cgroups? V2 is not (?:yet )?supported.*)'),
  },
  {
    id: 'cgroup-systemd-unsupported',
    place: 'error',
    until: '20220321.0',
    pattern: sentence('(?<error>systemd cgroup flag passed, but systemd cgroups not supported.*)'),
  },
  {
    id: 'cgroup-systemd-denied',
    place: 'error',
    since: '20220321.0',
    pattern: sentence(
      '(?:systemd error: )?(?<error>(?:[^:]*: )?(?:Interactive authentication required|Access denied|Permission denied as requested).*)',
    ),
  },
  {
    id: 'cgroup-systemd-failed',
    place: 'error',
    since: '20220321.0',
    pattern: sentence('systemd error: (?<error>.+)'),
  },
  {
    id: 'cgroup-systemd-failed',
    place: 'error',
    since: '20220321.0',
    pattern: sentence(
      '(?<error>systemd not running on host|systemd version \\d+ not supported.*|error creating systemd unit .*)',
    ),
  },
  {
    id: 'cgroup-remove-failed',
    place: 'error',
    since: '2018-12',
    pattern: sentence('removing cgroup path <q:path>: (?<error>.+)'),
  },
  {
    id: 'cgroup-setup-failed',
    place: 'error',
    weak: true,
    pattern: sentence(
      '(?:configuring cgroup|cannot set up cgroup for root|finding current cgroups|setting oom_score_adj[^:]*): (?<error>.*)',
    ),
  },
  {
    id: 'process-not-created',
    place: 'error',
    pattern: sentence(
      '(?:fork/exec|error executing) (?<path>/proc/self/exe|[^:\\s]*runsc[^:/\\s]*): (?<errno>[a-zA-Z][a-zA-Z -]*)',
    ),
  },
  {
    id: 'helper-not-started',
    place: 'error',
    pattern: sentence('(?:fork/)?exec:? (?!failed: )"?(?<path>[^:\\s"]+)"?: (?<errno>[a-zA-Z$][a-zA-Z $-]*)'),
  },
  {
    id: 'oom-score-failed',
    place: 'error',
    since: '20200323.0',
    pattern: sentence('setting (?<process>\\w+ )?oom_score_adj (?:to [^:]{1,16}|for container [^:]*): <error:os>$'),
  },
  {
    id: 'rootless-unsupported',
    place: 'error',
    pattern: sentence(
      "(?<error>Rootless mode not supported with .*|sandbox network isn't supported with --rootless.*|unable to run a rootless container without userns.*|newuidmap failed.*)",
    ),
  },
  {
    id: 'privileges-missing',
    place: 'error',
    pattern: sentence(
      "(?<error>can't run sandbox process (?:as user nobody|in minimal chroot) since we don't have .*)",
    ),
  },
  {
    id: 'platform-device-unusable',
    place: 'error',
    refine: ({ device, ...groups }) => (device === undefined ? groups : { ...groups, path: device }),
    pattern: sentence(
      '(?:error opening (?:KVM device file \\((?<device>[^)]*)\\)|(?<path>/dev/kvm))|opening device file for platform "?(?<platform>[^":]*)"?): <error:os>$',
    ),
  },
  {
    id: 'platform-device-unusable',
    place: 'error',
    refine: about({ path: '/dev/kvm' }),
    pattern: sentence('creating VM: <error:os>$'),
  },
  {
    id: 'core-tags-refused',
    place: 'error',
    since: '20220228.0',
    pattern: sentence('Failed to core tag sentry: (?<error>.+)'),
  },
  {
    id: 'stub-died',
    place: 'error',
    since: '20250611.0',
    pattern: sentence('systrap unexpected death'),
  },
  {
    id: 'stub-memory-corrupted',
    place: 'error',
    since: '20240212.0',
    pattern: sentence('systrap corrupted memory(?:: (?<error>.+))?'),
  },
  {
    id: 'namespaces-limited',
    place: 'error',
    since: '20230227.0',
    until: '20240729.0',
    // a hint behind any answer of the host: what stands before it decides
    weak: true,
    pattern: sentence('check whether /proc/sys/user/max_user_namespaces is set too low'),
  },
  {
    id: 'accelerator-missing',
    place: 'error',
    since: '20240916.0',
    pattern: sentence('could not find any TPU devices on the host'),
  },
  {
    id: 'accelerator-unreadable',
    place: 'error',
    since: '20230724.0',
    pattern: sentence('enumerating TPU device files: (?<error>.+)'),
  },
  {
    id: 'metrics-unwritable',
    place: 'error',
    since: '20241028.0',
    pattern: sentence('unable to export final metrics: (?<error>.+)'),
  },
  {
    id: 'metrics-unknown',
    place: 'error',
    since: '20230904.0',
    pattern: sentence('unable to start profiling metrics: (?<error>.+)'),
  },
  {
    id: 'trace-session-refused',
    place: 'error',
    since: '20220516.0',
    pattern: sentence('creating trace session: (?<error>.+)'),
  },
  {
    id: 'pod-init-unusable',
    place: 'error',
    since: '20220606.0',
    pattern: sentence('cannot init config: (?<error>.+)'),
  },
  {
    id: 'shim-address-missing',
    place: 'error',
    pattern: sentence(
      '(?:io\\.containerd\\.\\S+: )?(?:failed to (?:connect|dial)[^:]*: )?(?<error>dial unix: missing address|invalid shim address.*|empty shim address.*)',
    ),
  },
  {
    id: 'shim-late',
    place: 'error',
    since: '20260525.0',
    pattern: sentence('shim did not start in time'),
  },
  { id: 'shim-not-started', place: 'error', weak: true, pattern: sentence('failed to start shim: (?<error>.+)') },
  {
    id: 'shim-error-unreadable',
    place: 'error',
    since: '20200804.0',
    pattern: sentence(
      // What runsc itself said stands behind its exit status, and a runsc without words is an echo of its own.
      'unable to retrieve OCI runtime error \\((?<error>.*?)\\)(?:: (?!\\S*(?: \\S+)? did not terminate)(?<runtime>.*))?$',
    ),
  },
  {
    id: 'ptrace-denied',
    place: 'error',
    pattern: sentence('(?:unable to initialize (?:ptrace|systrap) (?:master|source): )?unable to attach: <error:os>$'),
  },
  {
    id: 'seccomp-unusable',
    place: 'error',
    since: '20190304.1',
    pattern: sentence('installing seccomp filters: <error:os>$'),
  },
  {
    id: 'page-size-wrong',
    place: 'error',
    since: '20260330.0',
    pattern: sentence('host page size \\((?<host>\\d+)\\) does not match compiled page size \\((?<built>\\d+)\\)'),
  },
  {
    id: 'strace-name-unknown',
    place: 'error',
    since: '20190304.1',
    pattern: sentence(
      '(?:enabling strace: )?(?:syscall|unknown syscall) (?!table )"?(?<name>[\\w-]+)"? (?:not found|does not exist).*',
    ),
  },
  {
    id: 'gpu-driver-unsupported',
    place: 'error',
    since: '20230529.0',
    pattern: sentence(
      '(?<error>unsupported Nvidia driver version: .*|failed to get Nvidia driver version: .*|nvidia-container-cli configure failed.*|failed to locate nvidia-container-cli in PATH.*)',
    ),
  },
  {
    id: 'pcap-unwritable',
    place: 'error',
    since: '20220913.0',
    pattern: sentence('failed to open PCAP file (?<path>[^:]+): <error:os>$'),
  },
];

/** What only says that another process died or closed its end. */
const ECHOES: readonly Sentence[] = [
  {
    id: 'runtime-without-words',
    place: 'error',
    pattern: sentence('(?:\\S+ )?did not terminate suc+essfully(?:: exit status (?<status>\\d+))?$'),
  },
  {
    id: 'sandbox-start-eof',
    place: 'error',
    // a page may have broken the line within it
    pattern: sentence(
      '(?:cannot read client sync file: )?(?:(?:waiting for sandbox to start: )?EOF|waiting for sandbox(?: to)?)$',
    ),
  },
  {
    id: 'sandbox-start-eof',
    place: 'error',
    pattern: sentence('(?:cannot read client sync file: )?waiting for sandbox to start: (?<error>.*)'),
  },
  {
    id: 'sandbox-gone-at-start',
    place: 'error',
    until: '20190304.1',
    pattern: sentence(
      'unexpected error waiting for sandbox <q:container>, err: process \\((?<pid>\\d+)\\) is not running(?:, err: .*)?',
    ),
  },
  {
    id: 'mounts-pipe-closed',
    place: 'error',
    since: '20190529.1',
    pattern: sentence('(?:Error reading mounts file: )?(?:error unmarshaling mounts: )unexpected end of JSON input'),
  },
  {
    id: 'root-mount-point-pipe',
    place: 'error',
    until: '20190304.1',
    pattern: sentence('(?:[^:]*: )?failed to generate root mount point: broken pipe'),
  },
  {
    id: 'urpc-closed',
    place: 'error',
    pattern: sentence('urpc method <q:method> failed: (?<errno>EOF|.*connection reset by peer|.*broken pipe)$'),
  },
  {
    id: 'control-refused',
    place: 'error',
    pattern: sentence('(?:error )?connecting to control server at PID (?<pid>\\d+): (?<errno>.*)$'),
  },
  {
    id: 'sync-descriptor-closed',
    place: 'error',
    since: '20221122.0',
    pattern: sentence('unable to read from the sync descriptor: \\d+, error .*'),
  },
  {
    id: 'gofer-connection-closed',
    place: 'error',
    until: '20190806.1',
    pattern: sentence('P9 server returned error\\. Gofer is shutting down\\. FD: \\d+, err: (?<errno>EOF)'),
  },
  {
    id: 'exit-status-unavailable',
    place: 'error',
    pattern: sentence('(?:error )?waiting on container <q:container>: sandbox no longer running(?:,| and) .*'),
  },
  {
    id: 'exit-status-unavailable',
    place: 'error',
    pattern: sentence('sandbox no longer running and its exit status is unavailable'),
  },
  { id: 'sandbox-not-running', place: 'error', pattern: sentence('(?:.*: )?sandbox is not running$') },
  {
    id: 'context-canceled',
    place: 'error',
    pattern: sentence('(?:error waiting for container: )?context cancell?ed$'),
  },
];

const LINES: readonly Sentence[] = [
  // normal in healthy runs
  {
    id: 'no-new-privileges-ignored',
    place: 'line',
    words: ['noNewPrivileges'],
    since: '20200413.0',
    until: '20250811.0',
    pattern: /^noNewPrivileges ignored\. PR_SET_NO_NEW_PRIVS/,
  },
  {
    id: 'apparmor-ignored',
    place: 'line',
    words: ['AppArmor'],
    pattern: /^AppArmor profile "(?<profile>[^"]*)" is being ignored/,
  },
  { id: 'seccomp-spec-ignored', place: 'line', words: ['Seccomp'], pattern: /^Seccomp spec is being ignored/ },
  {
    id: 'stdio-owner-unchanged',
    place: 'line',
    words: ["can't", "Can't"],
    pattern: /^[cC]an't change an? owner of \/dev\/std/,
  },
  {
    id: 'cgroup-skipped',
    place: 'line',
    words: ['Skipping'],
    pattern: /^Skipping cgroup (?:"[^"]*"|configuration in rootless mode)/,
  },
  {
    id: 'path-entry-skipped',
    place: 'line',
    words: ['Skipping'],
    pattern: /^Skipping relative path "[^"]*" in \$PATH/,
  },
  { id: 'interface-skipped', place: 'line', words: ['Skipping'], pattern: /^Skipping (?:down|non-\w+) interface/ },
  {
    id: 'interface-without-address',
    place: 'line',
    words: ['No'],
    pattern: /^No usable IP addresses found for interface "[^"]*", skipping/,
  },
  {
    id: 'localtime-not-copied',
    place: 'line',
    words: ['Failed'],
    since: '20210806.0',
    pattern: /^Failed to copy \/etc\/localtime/,
  },
  {
    id: 'receive-buffer-small',
    place: 'line',
    words: ['Failed'],
    since: '20201012.0',
    pattern: /^Failed to increase rcv buffer/,
  },
  {
    id: 'tcp-defaults-used',
    place: 'line',
    words: ['Failed'],
    pattern: /^Failed to read TCP (?:send|receive) buffer size, using default/,
  },
  {
    id: 'mount-point-not-created',
    place: 'line',
    words: ['Failed'],
    since: '20231218.0',
    pattern: /^Failed to create mount point "(?<path>[^"]*)"/,
  },
  {
    id: 'product-name-unset',
    place: 'line',
    words: ['Not'],
    since: '20220321.0',
    pattern: /^Not setting product_name/,
  },
  {
    id: 'container-already-gone',
    place: 'line',
    words: ["couldn't"],
    pattern: /^couldn't find container "(?<container>[^"]*)": file does not exist/,
  },
  {
    id: 'mount-ignored',
    place: 'line',
    words: ['ignoring'],
    pattern:
      /^ignoring (?:unknown mount option|dev mount at|unknown filesystem type "(?:mqueue|cgroup2?|bpf|debugfs|tracefs|securityfs|hugetlbfs|pstore|configfs|binfmt_misc|fusectl|devpts|sysfs|proc)")/,
  },
  {
    id: 'mount-type-unknown',
    place: 'line',
    words: ['ignoring'],
    pattern: /^ignoring unknown filesystem type "(?<type>[^"\n]*)"/,
  },
  {
    id: 'mount-option-skipped',
    place: 'line',
    words: ['mount'],
    since: '20230417.0',
    pattern: /^mount option skipped "/,
  },
  {
    id: 'host-limit-low',
    place: 'line',
    words: ['Host'],
    since: '20190529.1',
    pattern:
      /^Host limit is lower than recommended, resource: "(?<resource>[^"]*)", host: (?<host>\d+), recommended: (?<recommended>\d+)/,
  },
  {
    id: 'filters-relaxed',
    place: 'line',
    words: ['***'],
    pattern:
      /^\*\*\* SECCOMP WARNING: (?:host filesystem|host networking|profile) enabled: syscall filters less restrictive/,
  },
  {
    id: 'gofer-already-gone',
    place: 'line',
    words: ['Error', 'error'],
    pattern: /^[Ee]rror sending signal \d+ to gofer \d+: no such process/,
  },
  {
    id: 'gofer-kill-failed',
    place: 'line',
    words: ['Error'],
    since: '20201012.0',
    pattern: /^Error killing container "[^"]*" after gofer stopped/,
  },
  { id: 'sandbox-destroyed', place: 'line', words: ['error'], pattern: /^error destroying sandbox: <nil>/ },
  {
    id: 'cgroup-mount-not-found',
    place: 'line',
    words: ['cgroup'],
    pattern: /^cgroup mount for controller (?<controller>\w+) not found/,
  },
  {
    id: 'cgroup-not-removed',
    place: 'line',
    words: ['stopping'],
    pattern: /^stopping container: removing cgroup path "(?<path>[^"]*)": directory not empty/,
  },
  {
    id: 'container-assumed-stopped',
    place: 'line',
    words: ['Cannot'],
    pattern:
      /^Cannot (?:signal container \S+ for sandbox \S+ \(err: .*\)[;,] assuming container is in stopped state|find if container \S+ exists, checking if sandbox \S+ is running)/,
  },
  {
    id: 'filestore-already-gone',
    place: 'error',
    pattern: sentence('failed to delete filestore file <q:path>: remove <error:os>$'),
  },
  {
    id: 'filestore-already-gone',
    place: 'line',
    words: ['failed'],
    pattern: /^failed to delete filestore file "[^"]*": remove .*: no such file or directory/,
  },
  {
    id: 'filestore-in-memory',
    place: 'line',
    words: ['self'],
    since: '20231016.0',
    pattern: /^self filestore is only supported for directory mounts/,
  },
  {
    id: 'hook-ignored',
    place: 'line',
    words: ['Failure'],
    pattern: /^Failure to execute hook (?<hook>.*), err: (?<error>.*)/,
  },
  {
    id: 'annotation-ignored',
    place: 'line',
    words: ['Invalid'],
    since: '20250407.0',
    pattern: /^Invalid annotation "/,
  },
  {
    id: 'capability-dropped',
    place: 'line',
    words: ['Capability'],
    pattern: /^Capability "[^"]*" is not permitted, dropping it/,
  },
  {
    id: 'usage-fallback',
    place: 'line',
    words: ['could'],
    pattern: /^could not get container (?:memory|cpu) usage from cgroups/,
  },
  { id: 'usage-fallback', place: 'line', words: ['events:'], pattern: /^events: no containers listed in usage/ },
  {
    id: 'internal-network',
    place: 'line',
    words: ['Network'],
    pattern: /^Network interface not found, using internal network/,
  },
  { id: 'socket-option-ignored', place: 'line', words: ['Unsupported'], pattern: /^Unsupported socket option/ },
  { id: 'systrap-waits', place: 'line', words: ['Systrap'], pattern: /^Systrap task goroutine has been waiting/ },
  {
    id: 'systrap-notify-missing',
    place: 'line',
    words: ['Seccomp'],
    pattern: /^Seccomp user-space notification mechanism isn't/,
  },
  { id: 'cpuid-incorrect', place: 'line', words: ['Application'], pattern: /^Application CPUID will be incorrect/ },
  {
    id: 'clock-adjusted',
    place: 'line',
    words: ['TSC', 'Time:'],
    pattern: /^(?:TSC went backwards|Time: Adjusting syscall overhead)/,
  },
  {
    id: 'suid-disabled',
    place: 'line',
    words: ['--allow-suid'],
    since: '20250820.0',
    pattern: /^--allow-suid is disabled, SUID\/SGID bits/,
  },
  {
    id: 'metrics-not-exported',
    place: 'line',
    words: ['Unable', 'Ignoring'],
    pattern: /^(?:Unable to emit metrics|Ignoring sink setup failure)/,
  },
  { id: 'modprobe-failed', place: 'line', words: ['modprobe'], pattern: /^modprobe \S+ failed, err:/ },
  { id: 'urpc-decode', place: 'line', words: ['urpc:'], pattern: /^urpc: error decoding: (?:EOF|.*(?:reset|closed))/ },
  {
    id: 'oom-score-unset',
    place: 'line',
    words: ['setting', 'Failed'],
    pattern: /^(?:setting gofer oom_score_adj|Failed to set oom_score_adj)/,
  },
  { id: 'afs-panic-armed', place: 'line', words: ['AFSSyscallPanic'], pattern: /^AFSSyscallPanic is set/ },
  {
    id: 'unknown-spec-fields',
    place: 'line',
    words: ['Spec', 'spec', 'config.json'],
    since: '20250915.0',
    pattern: /^.{0,80}contains fields unknown to `runsc`/,
  },

  // ends and what led to them
  {
    id: 'command-failed',
    place: 'line',
    words: ['Failure'],
    pattern: /^Failure to execute command, err: (?<status>\d+)/,
  },
  {
    id: 'wait-rpc-failed',
    place: 'line',
    words: ['Wait'],
    since: '2018-10',
    pattern:
      /^Wait (?:RPC to|on) container "(?<container>[^"]*)" failed: (?<error>.*?)\. Will try waiting on the sandbox process/,
  },
  {
    id: 'sandbox-found-dead',
    place: 'line',
    words: ['Sandbox'],
    since: '20240501.0',
    pattern: /^Sandbox isn't running anymore, marking container (?<container>\S+) as stopped/,
  },
  {
    id: 'sync-descriptor-closed',
    place: 'line',
    words: ['unable'],
    pattern: /^unable to read from the sync descriptor/,
  },
  { id: 'sandbox-killed', place: 'line', words: ['Killing'], pattern: /^Killing sandbox "(?<container>[^"]*)"/ },
  { id: 'sandbox-process-started', place: 'line', words: ['Sandbox'], pattern: /^Sandbox started, PID: (?<pid>\d+)/ },
  { id: 'gofer-process-started', place: 'line', words: ['Gofer'], pattern: /^Gofer started, PID: (?<pid>\d+)/ },
  {
    id: 'gofer-disconnected',
    place: 'line',
    words: ['Gofer'],
    since: '20201012.0',
    pattern: /^Gofer socket disconnected, killing container "(?<container>[^"]*)"/,
  },
  {
    id: 'container-signalled',
    place: 'line',
    words: ['containerManager.Signal:', 'containerManager.Signal'],
    pattern:
      /^containerManager\.Signal:? (?:cid: )?(?<container>[^,\s]*)[, ](?:.*\bPID: (?<pid>\d+),)?.*signal: (?<signal>\d+)/,
  },
  {
    id: 'container-signalled',
    place: 'line',
    words: ['Signal'],
    pattern:
      /^Signal (?:sandbox|container)(?:, cid: | ")(?<container>[^",\s]*)"?(?:.*signal: [^(]*\((?<signal>\d+)\))?/,
  },
  { id: 'process-started', place: 'line', words: ['Process'], pattern: /^Process should have started/ },

  // which container a record is about: the id stands in these where the arguments of the process hold none
  {
    id: 'subcontainer-created',
    place: 'line',
    words: ['Creating'],
    pattern:
      /^Creating new container(?:, cid: | ")(?<container>[^",\s]+)"?(?:, sandbox: | in sandbox "|.* sandbox:? "?)(?<sandbox>[^",\s]+)/,
  },
  {
    id: 'container-named',
    place: 'line',
    words: ['Create', 'Creating', 'Run', 'Start', 'Starting', 'Restore'],
    pattern:
      /^(?:Create|Creating new sandbox for|Run|Start|Starting|Restore) container(?:, cid: | ")(?<container>[^",\s]+)/,
  },
  {
    id: 'container-waited',
    place: 'line',
    words: ['containerManager.Wait', 'containerManager.WaitPID'],
    // until 2020 the status is a pointer
    pattern:
      /^containerManager\.Wait returned,? (?:cid: (?<container>[^,]+), )?waitStatus: (?<status>0x[0-9a-f]{1,4}),/,
  },
  {
    id: 'container-named',
    place: 'line',
    words: ['containerManager.StartRoot,', 'containerManager.StartRoot'],
    pattern: /^containerManager\.StartRoot,? (?:cid: )?"?(?<container>[^",\s]+)"?$/,
  },
  { id: 'container-exec', place: 'line', words: ['EXEC:'], pattern: /^EXEC: \[(?<argv>[\s\S]*?)\]?\s*$/ },
  {
    id: 'call-failed',
    place: 'line',
    words: [
      'containerManager.StartRoot',
      'containerManager.StartSubcontainer',
      'containerManager.ExecuteAsync',
      'containerManager.Start',
      'containerManager.Execute',
    ],
    pattern:
      /^containerManager\.(?<method>\w+) failed,? (?:cid: (?<container>[^,]*), )?(?:args: (?<argv>.*), )?(?:err: )?(?<error>.*)/,
  },
  {
    id: 'annotation-applied',
    place: 'line',
    words: ['Overriding'],
    pattern: /^Overriding flag(?: from flag annotation)?: -*(?<flag>[\w-]+)="(?<value>[^"]*)"/,
  },

  // hints of the sentry's program loader
  {
    id: 'interpreter-not-opened',
    place: 'line',
    words: ['Error'],
    pattern: /^Error opening interpreter (?<path>.+): (?<errno>[a-z][a-z -]*)$/,
  },
  {
    id: 'program-not-opened',
    place: 'line',
    words: ['Error'],
    pattern: /^Error opening (?<path>\/.*|[^ ]+|\S+(?: \S+){1,16}): (?<errno>[a-z][a-z -]*)\s*$/,
  },
  {
    id: 'program-load-noted',
    place: 'line',
    words: ['Failed'],
    pattern:
      /^Failed to load (?<path>.{1,1024}): (?<errno>no such file or directory|not a directory|permission denied|exec format error|too many levels of symbolic links)\s*$/,
  },
  {
    id: 'elf-machine-mismatch',
    place: 'line',
    words: ['Found'],
    pattern: /^Found mismatch for platform (?<platform>\S+) with ELF type (?<machine>\S+)/,
  },
  {
    id: 'elf-machine-unsupported',
    place: 'line',
    words: ['Unsupported'],
    pattern: /^Unsupported ELF machine (?<machine>\d+)/,
  },
  {
    id: 'elf-class-unsupported',
    place: 'line',
    words: ['Unsupported'],
    pattern: /^Unsupported ELF class:? (?<class>\d+)/,
  },
  { id: 'not-an-elf', place: 'line', words: ['File'], pattern: /^File is not an ELF/ },
  { id: 'elf-unknown-magic', place: 'line', words: ['Unknown'], pattern: /^Unknown magic for (?<path>.+?): / },

  // trouble that does not end a run by itself
  {
    id: 'host-socket-refused',
    place: 'line',
    words: ['Rejecting'],
    since: '20240513.0',
    pattern:
      /^Rejecting attempt to (?<action>connect to|create|open) (?<object>.+?) from host filesystem: "(?<path>[^"]*)"/,
  },
  {
    id: 'channel-broken',
    place: 'line',
    words: ['lisafs.Connection.service(channel'],
    since: '20210921.0',
    pattern: /^lisafs\.Connection\.service\(channel = [^)]*\): (?<error>.*)/,
  },
  {
    id: 'descriptor-not-imported',
    place: 'line',
    words: ['cannot'],
    since: '20200804.0',
    pattern: /^cannot import host fd (?<fd>\d+) with file type (?<type>\w+)/,
  },
  {
    id: 'firewall-rule-refused',
    place: 'line',
    words: ['netfilter:'],
    since: '20200115.0',
    pattern: /^netfilter: (?<error>.*)/,
  },
  {
    id: 'io-error-untranslated',
    place: 'line',
    words: ['Invalid'],
    pattern:
      /^Invalid request partialResult (?<partial>true|false) and err \(type (?<type>[^)]*)\) (?<error>.*?) for (?<operation>\w+) operation(?: on "(?<path>[^"]*)")?/,
  },
  {
    id: 'filters-off',
    place: 'line',
    words: ['***'],
    since: '20231120.0',
    pattern: /^\*\*\* SECCOMP WARNING: syscall filter is DISABLED/,
  },
  {
    id: 'descriptor-limit-low',
    place: 'line',
    words: ['FD'],
    since: '20220704.0',
    pattern: /^FD limit (?<limit>\d+) is higher than the current hard limit/,
  },
  {
    id: 'gpu-capabilities-dropped',
    place: 'line',
    words: ['The'],
    since: '20241202.0',
    pattern: /^The extra capabilities \((?<capabilities>[^)]*)\) will be dropped/,
  },
  {
    id: 'gpu-on-kvm',
    place: 'line',
    words: ['Application'],
    since: '20250326.0',
    pattern: /^Application cudaMallocManaged\(\) is flaky/,
  },
  {
    id: 'vfio-refused',
    place: 'line',
    words: ['set'],
    since: '20240325.0',
    pattern: /^set the IOMMU group to (?<group>[^:]*): (?<error>.*)/,
  },
  {
    id: 'stub-thread-refused',
    place: 'line',
    words: ['Unable'],
    since: '20230327.0',
    pattern: /^Unable to create a new stub thread: (?<error>.*)/,
  },
  {
    id: 'save-failed',
    place: 'line',
    words: ['Save'],
    since: '2018-07',
    pattern: /^Save failed: exiting\.\.\.:? ?(?<error>.*)/,
  },
  {
    id: 'restore-killed',
    place: 'line',
    words: ['Killing'],
    since: '20240800.0',
    pattern: /^Killing the sandbox after (?<work>post restore work|MemoryFile page loading) failed: (?<error>.*)/,
  },
  {
    id: 'restore-ended',
    place: 'line',
    words: ['Restore'],
    since: '20251118.0',
    pattern: /^Restore failed, returning from waitContainer/,
  },
  {
    id: 'control-call-failed',
    place: 'line',
    words: ['urpc:'],
    since: '20250304.0',
    pattern: /^urpc: RPC call for method (?<method>\S+) failed: (?<error>.*)/,
  },
  {
    id: 'shim-settings-unread',
    place: 'line',
    words: ['Failed'],
    since: '20260223.0',
    pattern: /^Failed to decode shim config file "(?<path>[^"]*)": (?<error>.*)/,
  },
  {
    id: 'shim-oom-event',
    place: 'line',
    words: ['Received'],
    since: '20220221.0',
    pattern: /^Received OOM event, id: "(?<container>[^"]*)"/,
  },
  {
    id: 'shim-oom-unpublished',
    place: 'line',
    words: ['Publish'],
    since: '20220221.0',
    pattern: /^Publish OOM event/,
  },
  {
    id: 'elf-not-loaded',
    place: 'line',
    words: ['Error'],
    pattern: /^Error loading ELF:? ?(?<error>.*)/,
  },
  {
    id: 'watchdog-itself-stuck',
    place: 'line',
    words: ['Watchdog'],
    since: '2018-12',
    pattern: /^Watchdog goroutine is stuck/,
  },
  {
    id: 'task-stuck',
    place: 'line',
    words: ['Task'],
    pattern: /^Task tid: (?<task>\w+) \([^)]*\), entered RunSys state (?<time>\S+) ago/,
  },
  { id: 'watchdog-stuck', place: 'line', words: ['Sentry'], pattern: /^Sentry detected (?<tasks>\d+) stuck task\(s\)/ },
  {
    id: 'watchdog-start',
    place: 'line',
    words: ['Watchdog.Start()'],
    since: '20191104.0',
    pattern: /^Watchdog\.Start\(\) not called within (?<time>\S+?):?$/m,
  },
  {
    id: 'stub-killed',
    place: 'line',
    words: ['The'],
    since: '20191104.0',
    pattern: /^The ptrace stub process (?<pid>\d+) has been killed by SIGKILL/,
  },
  { id: 'stub-died', place: 'line', words: ['systrap'], pattern: /^systrap unexpected death/ },
  {
    id: 'self-check-failed',
    place: 'line',
    words: ['WARNING:'],
    since: '20250804.0',
    pattern: /^WARNING: BUG on (?<place>\S+)/,
  },
  {
    id: 'gpu-call-unknown',
    place: 'line',
    words: ['nvproxy:'],
    since: '20230529.0',
    pattern: /^nvproxy: (?<error>.*?(?:control command|frontend ioctl|uvm ioctl|allocation class).*)/,
  },
];

const CRASHES: readonly Sentence[] = [
  { id: 'memory-not-reserved', place: 'crash', pattern: /^fatal error: failed to reserve page summary memory/ },
  {
    id: 'memory-exhausted',
    place: 'crash',
    pattern:
      /^(?:fatal error: runtime: (?:out of memory|cannot allocate memory)|runtime: out of memory|fatal error: (?:runtime: cannot map pages|out of memory))/,
  },
  {
    id: 'threads-exhausted',
    place: 'crash',
    pattern:
      /^(?:runtime: failed to create new OS thread|fatal error: newosproc|runtime: may need to increase max user processes)/,
  },
  {
    id: 'ptrace-denied',
    place: 'crash',
    pattern: /^panic: unable to initialize (?:ptrace|systrap) (?:master|source)?:? ?unable to attach: (?<errno>.*)/,
  },
  { id: 'kvm-address-space', place: 'crash', pattern: /^panic: filling address space failed/ },
  {
    id: 'kvm-processor-refused',
    place: 'crash',
    since: '20250414.0',
    pattern: /^panic: error creating new vCPU(?:\(id=(?<number>\d+)\))?: (?<errno>.*)/,
  },
  { id: 'kvm-run-failed', place: 'crash', pattern: /^panic: run failed(?:: (?<errno>.*))?/ },
  { id: 'stub-untraceable', place: 'crash', pattern: /^panic: ptrace (?:get|set) (?:fp)?regs failed: (?<errno>.*)/ },
  { id: 'stub-died', place: 'crash', pattern: /^panic: systrap unexpected death/ },
  { id: 'stub-memory-corrupted', place: 'crash', pattern: /^panic: systrap corrupted memory(?:: (?<error>.*))?/ },
  { id: 'address-space-small', place: 'crash', pattern: /^panic: Invalid MmapLayout/ },
  { id: 'seccomp-unusable', place: 'crash', pattern: /^panic: seccomp failed: (?<errno>.*)/ },
  { id: 'forbidden-host-call', place: 'crash', pattern: /^SIGSYS: bad system call/ },
  { id: 'illegal-instruction', place: 'crash', pattern: /^SIGILL: illegal instruction/ },
  {
    id: 'host-memory-vanished',
    place: 'crash',
    pattern: /^(?:SIGBUS: bus error|unexpected fault address|fatal error: fault)/,
  },
  { id: 'intended-panic', place: 'crash', pattern: /^panic: User workload triggered a panic via (?<call>\w+)/ },
  { id: 'intended-panic', place: 'crash', pattern: /^panic: Signal-induced panic/ },
];

/** All sentences, in the order in which they are tried. */
export const SENTENCES: readonly Sentence[] = [
  ...RARE,
  ...SPEC,
  ...FLAGS,
  ...CONTAINERS,
  ...MOUNTS,
  ...PROGRAMS,
  ...NETWORK,
  ...HOST,
  ...ECHOES,
  ...LINES,
  ...CRASHES,
];

/** Answers for errors that no sentence fits: the parts are there all the same. */
export const UNKNOWN_ERROR = 'unknown-error';
/** The words of another runtime (runc, crun), or of an engine that finds none: no sentence of runsc's is looked for in them. */
export const NOT_OF_RUNSC = 'not-of-runsc';

const RARE_ONES: ReadonlySet<Sentence> = new Set(RARE.filter(({ own }) => own !== true));
const STRONG = SENTENCES.filter((one) => one.place === 'error' && one.weak !== true);
const WEAK = SENTENCES.filter((one) => one.place === 'error' && one.weak === true);
const CRASH = SENTENCES.filter((one) => one.place === 'crash');
const BY_WORD = new Map<string, Sentence[]>();
for (const one of LINES) {
  for (const word of one.words ?? []) {
    const list = BY_WORD.get(word) ?? [];
    list.push(one);
    BY_WORD.set(word, list);
  }
}

export type Recognised = { readonly known: string; readonly captures: Groups };

/** Longest beginning of a line that is matched. */
const LINE_LIMIT = 4096;

function capturesOf(found: RegExpExecArray, more: Groups, one: Sentence): Groups {
  const groups: Record<string, string> = { ...more };
  for (const [name, value] of Object.entries(found.groups ?? {})) if (value !== undefined) groups[name] = value;
  return one.refine === undefined ? groups : one.refine(groups);
}

/**
 * Recognises an error: the outermost part of its chain that is a known sentence decides, wrappers aside.
 *
 *     running container: creating container: failed to stat mount "/b/rootfs" to see if it were a directory: stat /b/rootfs: no such file or directory
 *
 * Fails:  never: an error that no sentence fits is `unknown-error`
 * Captures: those of the sentence and of the wrappers, `cause` (the text behind the last wrapper), `last` (its last part),
 *           `wrappers` (their ids), `detail` (the lines behind the first)
 */
export function recogniseError(text: string): Recognised {
  return readError(text).error;
}

/** With the sentence that fits, if one does. */
function readError(text: string): { readonly error: Recognised; readonly fits?: Sentence } {
  const chain = readErrorChain(text);
  const base: Record<string, string> = {
    ...chain.captures,
    cause: chain.cause,
    within: chain.within,
    last: chain.last,
    wrappers: chain.wrappers.join(' '),
  };
  if (chain.detail !== '') base.detail = chain.detail.slice(0, LINE_LIMIT);
  for (const sentences of [STRONG, WEAK]) {
    for (const suffix of chain.suffixes) {
      for (const one of sentences) {
        const found = one.pattern.exec(suffix);
        if (found !== null) return { error: { known: one.id, captures: capturesOf(found, base, one) }, fits: one };
      }
    }
  }
  return { error: { known: UNKNOWN_ERROR, captures: base } };
}

/**
 * An error in a text that somebody printed. Words that are seldom seen are short, and other programs use them, too: they count where
 * runsc's own chain stands around them, or the line names it.
 */
export function recogniseSpoken(text: string, isPassedOn = false): Recognised {
  const { error, fits } = readError(text);
  const isOfAnybody = fits !== undefined && RARE_ONES.has(fits);
  if (!isOfAnybody || isPassedOn || (error.captures['wrappers'] ?? '') !== '' || OF_RUNSC.test(text)) return error;
  return { known: UNKNOWN_ERROR, captures: error.captures };
}
const OF_RUNSC = /\brunsc\b|\bgvisor\b/i;

/** Recognises what the Go runtime prints when it dies (`panic: ...`, `fatal error: ...`, `SIGSEGV: ...`). */
export function recogniseCrash(text: string): Recognised | undefined {
  for (const one of CRASH) {
    const found = one.pattern.exec(text.slice(0, LINE_LIMIT));
    if (found !== null) return { known: one.id, captures: capturesOf(found, {}, one) };
  }
  return undefined;
}

/**
 * Recognises any other record by its first word. A task tag in front (`[   1:   1] Error opening ...`) is passed over.
 * Most lines cost one slice and one look into a map: no pattern is tried on a line whose first word no sentence has.
 */
export function recogniseLine(text: string): Recognised | undefined {
  let from = 0;
  if (text.charCodeAt(0) === 91) {
    const end = text.indexOf('] ', 1);
    if (end > 0 && end < 40) from = end + 2;
  }
  let blank = text.indexOf(' ', from);
  if (blank < 0 || blank > from + 48) blank = Math.min(text.length, from + 48);
  const sentences = BY_WORD.get(text.slice(from, blank));
  if (sentences === undefined) return undefined;
  const line = text.slice(from, from + LINE_LIMIT);
  for (const one of sentences) {
    const found = one.pattern.exec(line);
    if (found !== null) return { known: one.id, captures: capturesOf(found, {}, one) };
  }
  return undefined;
}

/** Wrappers that the commands of runsc put around each error that ends them (`running container: starting container: ...`). */
const COMMANDS = /^(?:run|create|start|restore|start-root|start-sub|create-sandbox|create-sub|create-gofer)\b/;
const isOfCommand = ({ captures }: Recognised): boolean =>
  COMMANDS.test(captures['wrappers'] ?? '') && (captures['cause'] ?? '') !== '';

/** JavaScript's engine ends with `FATAL ERROR: `, too; what stands behind it then. Source: V8, src/api/api.cc and src/heap. */
export const OF_V8 =
  '(?:Reached heap limit|Ineffective mark-compacts|CALL_AND_RETRY|MarkCompact|Scavenger|Zone Allocation|v8::|Committing semi space|invalid (?:array|table) (?:size|length))';

/** Texts of callers that hold an error of runsc somewhere inside (docker, kubelet, containerd; a paste of a terminal). */
const INSIDE = new RegExp(
  `(?:FATAL ERROR: (?!${OF_V8})|OCI runtime (?:create|start|exec) failed: |\\bgvisor: (?=(?:reading|creating|starting|running|loading|executing) )|Error response from daemon: |flag provided but not defined: )`,
);

/**
 * The entry for the event reader. `kind` is the kind of the event:
 * fatal, json-error: `text` is the error; panic: its first line; stderr, text, docker, kubernetes, shim: known only where an error
 * sentence is inside; everything else: a line.
 */
export function recogniseMessage(text: string, kind?: string): Recognised | undefined {
  if (kind === 'fatal' || kind === 'json-error') return recogniseError(text);
  if (kind === 'panic') return recogniseCrash(text);
  if (kind === 'stderr' || kind === 'text' || kind === 'docker' || kind === 'kubernetes' || kind === 'shim') {
    const crash = recogniseCrash(text);
    if (crash !== undefined) return crash;
    if (isOfOthers(text)) return { known: NOT_OF_RUNSC, captures: {} };
    const joined = joinChain(text);
    const inside = INSIDE.exec(joined.slice(0, LINE_LIMIT));
    const error = recogniseSpoken(joined.slice(inside?.index ?? 0), inside !== null);
    if (error.known !== UNKNOWN_ERROR || inside !== null) return error;
    return recogniseLine(text) ?? (isOfCommand(error) ? error : undefined);
  }
  return recogniseLine(text);
}
