/** Error chains as Go programs print them (`a: b: c`): where they part, which parts only wrap, and what is left as the cause. */

/** Longest text that is taken apart; chains of runsc end long before, command lines inside of them may not. */
const CHAIN_LIMIT = 16_384;
/** Most parts that are looked at, counted from the outside. */
const PARTS_LIMIT = 48;

/** A part of a chain that only says who was at work when the error came by. */
type Wrapper = { readonly id: string; readonly pattern: RegExp };

/**
 * The wrappers, from the outside in. Until 2019-03 they begin with "error" or "failed to" (`error running container: error
 * creating container:`), since 20190304.1 without (`running container: creating container:`); `cannot create sandbox` and its
 * like came with 20220606.0.
 */
const WRAPPERS: readonly Wrapper[] = [
  // callers of runsc
  { id: 'docker', pattern: /^(?:docker|Error response from daemon|Error)$/ },
  { id: 'rpc', pattern: /^rpc error$/ },
  {
    id: 'pod-sandbox',
    pattern: /^(?:Failed|failed) to (?:create pod sandbox|start sandbox container(?: task)?(?: "[^"]*")?)$/,
  },
  {
    id: 'shim',
    pattern:
      /^failed to (?:create|start) (?:shim(?: task)?|containerd(?: task| container)?|task(?: for container)?|container)$/,
  },
  { id: 'oci', pattern: /^OCI runtime (?:create|start|exec|state|delete|kill|restore|checkpoint)? ?(?:failed|error)$/ },
  { id: 'oci', pattern: /^unable to retrieve OCI runtime error \(.*\)$/ },
  { id: 'engine-exit', pattern: /^"?\S{0,200}runsc\S{0,64}"? did not terminate succ?ess?fully$/ },
  { id: 'engine-exit', pattern: /^exit status \d{1,3}$/ },
  // podman names the runtime as its configuration does
  { id: 'program', pattern: /^(?:(?:\S{0,200}\/)?runsc|gvisor)$/ },
  { id: 'fatal', pattern: /^FATAL ERROR$/ },
  // runsc commands
  { id: 'run', pattern: /^(?:error )?running container$/ },
  { id: 'create', pattern: /^(?:error )?creating container$/ },
  { id: 'start', pattern: /^(?:error )?starting container$/ },
  { id: 'restore', pattern: /^(?:error )?(?:restoring|checkpointing) container(?: "[^"]*")?$/ },
  { id: 'exec', pattern: /^(?:error )?executing (?:processes for container|command in container)$/ },
  { id: 'exec-command', pattern: /^(?:error )?executing command "(?<command>.*)" in sandbox$/ },
  { id: 'start-root', pattern: /^(?:error )?starting root container(?: (?<argv>\[.*\]))?$/ },
  { id: 'start-sub', pattern: /^(?:error )?starting sub-?container(?: (?<argv>\[.*\]))?$/ },
  { id: 'start-sandbox', pattern: /^(?:starting sandbox|failed to start sandbox)$/ },
  { id: 'create-sandbox', pattern: /^cannot create sandbox(?: process)?$/ },
  { id: 'create-sub', pattern: /^(?:cannot create subcontainer|creating sub-container "[^"]*")$/ },
  { id: 'create-gofer', pattern: /^(?:cannot create gofer process|gofer|creating gofer process|starting gofer)$/ },
  { id: 'client-sync', pattern: /^cannot read client sync file$/ },
  { id: 'load', pattern: /^(?:error )?loading container(?: failed)?$/ },
  { id: 'destroy', pattern: /^(?:error )?(?:destroying|deleting) container(?: "[^"]*")?$/ },
  { id: 'signal', pattern: /^signaling (?:all processes in )?(?:container|sandbox|process)\b.{0,200}$/ },
  { id: 'pause', pattern: /^(?:pausing|resuming) container(?: "[^"]*")?$/ },
  {
    id: 'inspect',
    pattern:
      /^(?:retrieving (?:event|process) data from sandbox|collecting usage(?: FD)?|getting (?:container state \(.{1,200}\)|sandbox "[^"]*" stacks)|changing sandbox "[^"]*" logging)$/,
  },
  {
    id: 'stop-sandbox',
    pattern: /^(?:killing sandbox "[^"]*" PID .{1,40}|waiting sandbox "[^"]*" stop|stopping container)$/,
  },
  {
    id: 'state-file',
    pattern: /^(?:(?:saving|writing) container metadata(?: file)?|reading container metadata file "[^"]*")$/,
  },
  { id: 'fetch-spec', pattern: /^FetchSpec failed$/ },
  { id: 'spec', pattern: /^(?:error )?reading spec$/ },
  { id: 'flags', pattern: /^failed to parse flags for "(?<subcommand>[^"]*)"$/ },
  { id: 'control', pattern: /^(?:error )?connecting to control server at PID (?<pid>\d+)$/ },
  {
    id: 'wait-container',
    pattern:
      /^(?:error )?waiting (?:on container "[^"]*"|(?:on|for) (?:PID|pid) (?:in root PID namespace )?\d+(?: in (?:container|sandbox) "[^"]*")?)$/,
  },
  { id: 'annotations', pattern: /^Failed to apply OCI spec annotations to runsc config$/ },
  { id: 'setup-mounts', pattern: /^(?:setup mounts|(?:error |Error )?setting up (?:(?:root )?FS|\/dev))$/ },
  { id: 'mount-call', pattern: /^mount\(.*\) failed$/ },
  { id: 'stat-call', pattern: /^[sS]tat\("(?<target>[^"]*)"\) failed$/ },
  { id: 'mkdir-call', pattern: /^mkdir\("(?<target>[^"]*)"\) failed$/ },
  { id: 'network', pattern: /^(?:error |Error )?setting up network$/ },
  { id: 'interfaces', pattern: /^creating interfaces from net namespace "(?<namespace>[^"]*)"$/ },
  {
    id: 'cgroup',
    pattern: /^(?:configuring cgroup|cannot set up cgroup for root|(?:error )?(?:setting|set) up cgroup)$/,
  },
  { id: 'cgroup-remove', pattern: /^removing cgroup path "[^"]*"$/ },
  { id: 'address', pattern: /^removing address \S+ from device "[^"]*"$/ },
  { id: 'dev-weight', pattern: /^failed to access \/proc\/sys\/net\/core\/dev_weight$/ },
  { id: 'urpc', pattern: /^urpc method "(?<method>[^"]*)" failed$/ },
  // sentry
  { id: 'loader', pattern: /^(?:error )?(?:creating|running) (?:loader|sandbox)$/ },
  { id: 'init-process', pattern: /^creating init process for root container$/ },
  { id: 'process', pattern: /^(?:failed to create init process|creating (?:init )?process)$/ },
  { id: 'limits', pattern: /^creating limits$/ },
  { id: 'environment', pattern: /^resolving env$/ },
  { id: 'capabilities', pattern: /^(?:(?:error )?converting capabilities|[aA]pplyCaps\(\) failed)$/ },
  { id: 'call-self', pattern: /^(?:error )?(?:[sS]etCapsAndCallSelf|[cC]allSelfAsNobody)\(.*\)$/ },
  { id: 'death-signal', pattern: /^error setting parent death signal$/ },
  { id: 'platform', pattern: /^(?:creating|loading) platform$/ },
  { id: 'memory-file', pattern: /^creating memory file$/ },
  { id: 'strace', pattern: /^enabling strace$/ },
  { id: 'mounts-file', pattern: /^(?:Error reading mounts file|error unmarshaling mounts)$/ },
  { id: 'root-overlay', pattern: /^mounting root with overlay$/ },
  { id: 'mounts', pattern: /^(?:failed to setupFS|mounting submounts|mounting root(?: file system)?)$/ },
  { id: 'submount', pattern: /^mount submount "(?<target>[^"]*)"$/ },
  // shim
  { id: 'shim-spec', pattern: /^read oci spec$/ },
  { id: 'shim-volume', pattern: /^update volume annotations$/ },
];

/** `rpc error: code = Unknown desc = ` stands before the text of the callee without a colon of its own. */
const RPC_CODE = /^code = \w+ desc = /;
/** What callers of runsc put behind its text. */
const NOISE = /(?::? ?unknown(?:\\{0,8}["']){0,4})?\.?\s*$/;

/** An error taken apart. `suffixes[i]` is the text from the i-th part on: patterns of known sentences are tried on these. */
export type ErrorChain = {
  /** Ids of the known wrappers, the outermost first. */
  readonly wrappers: readonly string[];
  /** What the wrappers name: `command`, `argv`, `method`, `namespace`, `target`. */
  readonly captures: Readonly<Record<string, string>>;
  readonly suffixes: readonly string[];
  /** The text behind the last known wrapper: the cause in runsc's own words. */
  readonly cause: string;
  /** The text from the innermost known wrapper on: the cause, and what was done when it came up. */
  readonly within: string;
  /** The last part alone, mostly an errno text. */
  readonly last: string;
  /** Lines behind the first (a config file, a hook's output); empty where there are none. */
  readonly detail: string;
};

const OPENERS = '{[(';
const CLOSERS = '}])';

/** The end of a quoted string that begins at `start`, or -1. Go escapes `"` and `\` with a backslash. */
function quoteEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 92) at++;
    else if (code === 34) return at;
  }
  return -1;
}

/**
 * For each opening brace, bracket or parenthesis the place of its partner. Each kind is matched for itself, so that the lone `[`
 * of `&{[ bind /src [rbind]}` does not swallow the rest; an opener without partner is an ordinary character.
 */
function partners(text: string): Map<number, number> {
  const found = new Map<number, number>();
  const open: [number[], number[], number[]] = [[], [], []];
  let unclosedQuote = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at] as string;
    if (char === '"' && !unclosedQuote) {
      const end = quoteEnd(text, at);
      if (end < 0) unclosedQuote = true;
      else {
        found.set(at, end);
        at = end;
      }
      continue;
    }
    const opens = OPENERS.indexOf(char);
    if (opens >= 0) {
      (open[opens] as number[]).push(at);
      continue;
    }
    const closes = CLOSERS.indexOf(char);
    const start = closes < 0 ? undefined : (open[closes] as number[]).pop();
    if (start !== undefined) found.set(start, at);
  }
  return found;
}

/**
 * Parts a chain at the colons that stand outside of quotes, braces, brackets and parentheses.
 *
 *     running container: creating container: cannot create sandbox: cannot read client sync file: waiting for sandbox to start: EOF
 *
 * Shape:  part ": " part ": " ... last [ newline detail ]
 * Fails:  never; a text without colons is one part
 * Source: Go's fmt.Errorf("...: %w"), as used all over runsc
 */
export function splitChain(text: string): readonly string[] {
  const limited = text.length > CHAIN_LIMIT ? text.slice(0, CHAIN_LIMIT) : text;
  const skip = partners(limited);
  const parts: string[] = [];
  let start = 0;
  for (let at = 0; at < limited.length; at++) {
    const partner = skip.get(at);
    if (partner !== undefined) {
      at = partner;
      continue;
    }
    if (limited[at] === ':' && limited[at + 1] === ' ' && parts.length < PARTS_LIMIT) {
      parts.push(limited.slice(start, at));
      start = at + 2;
    }
  }
  parts.push(limited.slice(start));
  return parts;
}

/**
 * A chain that was broken at its colons, as people and pages do with long lines: a line that ends in a colon goes on in the next.
 *
 *     FATAL ERROR: creating loader: registering filesystems:
 *       no such device
 */
export function joinChain(text: string): string {
  let joined = text;
  for (let count = 0; count < JOINS_LIMIT; count++) {
    const next = BROKEN.exec(joined);
    if (next === null) return joined;
    joined = `${next[1] ?? ''} ${joined.slice(next[0].length)}`;
  }
  return joined;
}
const BROKEN =
  /^([^\n]{0,4096}(?::|\{Destination:[^}\n]{0,1024}))[ \t]{0,64}\r?\n[ \t]{0,64}(?=[^\s{[<#*-])(?!goroutine |panic: |JSON bytes|\w+ error: )/;
const JOINS_LIMIT = 8;

/** Takes an error apart. `text` is what follows `FATAL ERROR: `, the `msg` of an error log, or a caller's message with the same inside. */
export function readErrorChain(whole: string): ErrorChain {
  const text = joinChain(whole);
  const lineEnd = text.indexOf('\n');
  const head = (lineEnd < 0 ? text : text.slice(0, lineEnd)).trimEnd();
  const detail = lineEnd < 0 ? '' : text.slice(lineEnd + 1).trimEnd();
  const parts = splitChain(head);
  const wrappers: string[] = [];
  const captures: Record<string, string> = {};
  let wrapped = true;
  let causeAt = 0;
  let withinAt = 0;
  parts.forEach((raw, index) => {
    if (index === parts.length - 1) return;
    const part = raw.replace(RPC_CODE, '');
    const wrapper = WRAPPERS.find((one) => one.pattern.test(part));
    if (wrapper === undefined) {
      wrapped = false;
      return;
    }
    wrappers.push(wrapper.id);
    withinAt = index;
    for (const [name, value] of Object.entries(wrapper.pattern.exec(part)?.groups ?? {})) {
      if (value !== undefined) captures[name] = value;
    }
    if (wrapped) causeAt = index + 1;
  });
  const fromCaller = wrappers.some(
    (id) => id === 'docker' || id === 'rpc' || id === 'shim' || id === 'oci' || id === 'pod-sandbox',
  );
  const clean = (suffix: string): string => (fromCaller ? suffix.replace(NOISE, '') : suffix);
  const suffixes = parts.map((_, index) => clean(parts.slice(index).join(': ').replace(RPC_CODE, '')));
  const last = suffixes[suffixes.length - 1] ?? head;
  return {
    wrappers,
    captures,
    suffixes,
    cause: suffixes[causeAt] ?? last,
    within: suffixes[withinAt] ?? last,
    last,
    detail,
  };
}
