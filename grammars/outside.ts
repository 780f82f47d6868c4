/**
 * Lines of those who run runsc and of the host below it: shim and containerd (logrus), docker, kubelet and kubectl, the kernel.
 * What they say of an error of runsc is recognised elsewhere (messages.ts).
 */
import { syscallOfNumber } from './syscall-numbers.js';

export type OutsideKind = 'shim' | 'docker' | 'kubernetes' | 'kernel';
export type OutsideLevel = 'debug' | 'info' | 'warning' | 'error';

/** One line, read. */
export type Outside = {
  readonly kind: OutsideKind;
  readonly level: OutsideLevel | null;
  /** ISO 8601 as printed; null where the line has none. */
  readonly time: string | null;
  readonly message: string;
  /** The text in which an error of runsc may stand, the likeliest first. */
  readonly errors: readonly string[];
  readonly fields: Readonly<Record<string, string>>;
  /** Does it say that a container or its runtime failed, in whatever words? */
  readonly isFailure: boolean;
};

type Line = Omit<Outside, 'isFailure'>;
type Fields = Record<string, string>;

/**
 * logrus as text: `time="2026-01-02T03:04:05.000000006Z" level=error msg="..." error="..."`; on a terminal and in docker's own client
 * `ERRO[0000] error waiting for container: context canceled  module=x`.
 */
const LOGRUS = /(?:time="?\d{4}-[^"=]{1,40}"? )?level=[a-z]{4,7} (?:\w{1,64}=|msg)/y;
const LOGRUS_TERMINAL = /(TRAC|DEBU|INFO|WARN|ERRO|FATA|PANI)\[([^\]\s]{1,40})\] /y;

const DOCKER =
  /(?:docker: |Error response from daemon: |failed to start daemon: |Error: (?:OCI runtime|\(HTTP code \d{3}\)|[a-z]+ container)|OCI runtime (?:create|start|exec|restore|checkpoint) failed: |(?:nerdctl|podman): |[a-z ]{1,40}failed Error: \(HTTP code \d{3}\))/y;

const KUBERNETES =
  /(?:kubelet, \S{1,255} {1,64}|Failed (?:to )?create(?:d)? pod sandbox: |Failed to (?:create pod sandbox|start (?:sandbox )?container)|Error syncing pod|Error: failed to (?:create|start) (?:containerd task|container|shim)|[EF]\d{4} \d\d:\d\d:\d\d\.\d{1,6} +\d{1,10} [\w.-]{1,64}:\d{1,6}\] |rpc error: code = |RuntimeHandler ")/y;
/** `kubectl describe`: type, reason, age, from, message; `kubectl get events`: age, type, reason, object, message. */
const EVENT =
  /(?:[a-z0-9][a-z0-9-]{0,62} {2,64}(?=(?:\d|<unknown>)\S{0,24} {2,64}(?:Normal|Warning) ))?(?:(?<last>(?:\d{1,5}[dhms]){1,3}|<unknown>)(?: \(x\d{1,9} over [\w.]{1,16}\))? {1,64})?(?<type>Normal|Warning) {1,64}(?<reason>[A-Z][A-Za-z]{2,63}) {1,128}(?<more>.*)/y;
const EVENT_MORE =
  /^(?:(?<age>(?:\d{1,5}[dhms]){1,3}|<unknown>)(?: \(x\d{1,9} over [\w.]{1,16}\))? {1,64}(?<from>[\w.-]{1,64}(?:, [\w.-]{1,255})?) {1,64}|(?<object>[a-z]{2,32}\/[\w.-]{1,253}) {1,256})?(?<message>.*)$/;
/** What `kubectl describe pod` tells of an ended container. */
const STATE = /(?<name>Last State|State|Reason|Exit Code|Signal|Message): {2,64}(?<value>\S.*)/y;

const KERNEL =
  /(?:kernel: )?(?:\[[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}\] |\[ {0,8}\d{1,10}\.\d{6}\](?:\[ {0,8}[TC]\d{1,10}\])? |(?:type=1326|type=SECCOMP|SECCOMP) .{0,40}(?:audit\(|auid=)|audit: type=\d{4} |audit\(\d{10}\.\d{3}:\d+\): |Memory cgroup out of memory: |Out of memory: Kill|oom-kill:|traps: \S|potentially unexpected fatal signal \d|[\w.:-]{1,15}\[\d{1,10}\]: segfault at |[\w.:/-]{1,15} invoked oom-killer: |Linux \S{1,255} \d+\.\d+\.\d+\S* #\d|Linux version \d+\.\d+)/y;

/** Who writes which kind, by the name before the colon of a journal's line. */
const UNITS: readonly (readonly [RegExp, OutsideKind])[] = [
  [/^(?:dockerd|docker|moby)/, 'docker'],
  [/^(?:kubelet|k3s|k0s|crio|kube-\w+)/, 'kubernetes'],
  [/^(?:containerd|runsc-shim|containerd-shim)/, 'shim'],
  [/^(?:kernel|audit|auditd|audispd)$/, 'kernel'],
];

/**
 * Does a line of an outside writer begin at this place? `unit` is the writer that a journal names.
 *
 *     docker: Error response from daemon: OCI runtime create failed: ...
 */
export function opensOutside(text: string, at: number, unit?: string): OutsideKind | undefined {
  const here = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    return pattern.test(text);
  };
  const ofUnit = unit === undefined ? undefined : UNITS.find(([pattern]) => pattern.test(unit))?.[1];
  if (here(LOGRUS)) return ofUnit ?? 'shim';
  if (here(LOGRUS_TERMINAL)) return ofUnit ?? 'docker';
  if (here(DOCKER)) return 'docker';
  if (here(KUBERNETES) || here(EVENT) || (at > 0 && here(STATE))) return 'kubernetes';
  if (here(KERNEL)) return 'kernel';
  return ofUnit !== undefined && at < text.length ? ofUnit : undefined;
}

const LEVELS: Readonly<Record<string, OutsideLevel>> = {
  trace: 'debug',
  trac: 'debug',
  debug: 'debug',
  debu: 'debug',
  info: 'info',
  warn: 'warning',
  warning: 'warning',
  erro: 'error',
  error: 'error',
  fata: 'error',
  fatal: 'error',
  pani: 'error',
  panic: 'error',
};

/** Most keys that are kept of one line. */
const MOST_FIELDS = 64;

/**
 * Reads `key=value` pairs; a value is a Go string in quotation marks or ends at the next blank.
 *
 *     level=error msg="shim disconnected" id=5af4 namespace=moby
 */
export function readPairs(text: string): Fields {
  const fields: Fields = {};
  PAIR.lastIndex = 0;
  for (let count = 0; count < MOST_FIELDS; count++) {
    const found = PAIR.exec(text);
    if (found === null) break;
    const [, name = '', quoted, bare] = found;
    fields[name] = quoted === undefined ? (bare ?? '') : unescapeGo(quoted);
  }
  return fields;
}
const PAIR = /(?:^|[ ])([A-Za-z_][\w.@/-]{0,63})=(?:"((?:[^"\\]|\\.)*)"|([^\s"]*))/g;

/** Undoes the escapes of a Go string. */
export function unescapeGo(text: string): string {
  return text.replace(ESCAPE, (all, letter: string | undefined, ...digits: (string | undefined)[]) => {
    const hex = digits.slice(0, 3).find((one) => one !== undefined);
    if (hex !== undefined) return String.fromCodePoint(Math.min(parseInt(hex, 16), 0x10ffff));
    return letter === undefined ? all : (LETTERS[letter] ?? letter);
  });
}
const ESCAPE = /\\(?:([abfnrtv"'\\])|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/g;
const LETTERS: Readonly<Record<string, string>> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/** Reads a line whose beginning was recognised. `stamp` and `unit` are those of its prefix. */
export function readOutside(text: string, facts: Readonly<Record<string, string>> = {}): Outside {
  const read = readLine(text, facts);
  const isTrouble = read.level === 'error' || (read.level === 'warning' && read.kind === 'kubernetes');
  const isFailure = isTrouble && ABOUT_CONTAINERS.test(`${read.message}\n${read.errors.join('\n')}`.slice(0, 8192));
  return { ...read, isFailure };
}
const ABOUT_CONTAINERS = /runsc|gvisor|OCI runtime|sandbox|shim|container|daemon|RuntimeHandler|runtime handler/i;

function readLine(text: string, facts: Readonly<Record<string, string>>): Line {
  const line = text.replace(/^\s{0,512}/, '');
  const kind = opensOutside(` ${line}`, 1, facts['unit']) ?? 'docker';
  const about: Fields = facts['unit'] === undefined ? {} : { unit: facts['unit'] };
  const stamp = isoOf(facts['stamp'] ?? '');
  LOGRUS.lastIndex = 0;
  if (LOGRUS.test(line)) return ofLogrus(line, kind, stamp, about);
  LOGRUS_TERMINAL.lastIndex = 0;
  const terminal = LOGRUS_TERMINAL.exec(line);
  if (terminal !== null) return ofTerminal(line, kind, terminal, stamp, about);
  if (kind === 'kernel') return ofKernel(line, stamp, about);
  if (kind === 'kubernetes') return ofKubernetes(line, stamp, about);
  return {
    kind,
    level: /[Ee]rror|failed/.test(line) ? 'error' : null,
    time: stamp,
    message: line,
    errors: [line],
    fields: about,
  };
}

function isoOf(text: string): string | null {
  const found = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d{1,9}))?(Z|[+-]\d\d:?\d\d)?/.exec(text);
  if (found === null) return null;
  const [, day = '', clock = '', fraction, zone = ''] = found;
  return `${day}T${clock}${fraction === undefined ? '' : `.${fraction}`}${zone.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2')}`;
}

function ofLogrus(line: string, kind: OutsideKind, stamp: string | null, about: Fields): Line {
  const { time, level, msg, ...fields } = readPairs(line);
  const errors = [fields['error'], fields['err'], msg].filter((one): one is string => one !== undefined && one !== '');
  return {
    kind,
    level: LEVELS[level ?? ''] ?? null,
    time: isoOf(time ?? '') ?? stamp,
    message: msg ?? line,
    errors,
    fields: { ...about, ...fields },
  };
}

function ofTerminal(
  line: string,
  kind: OutsideKind,
  found: RegExpExecArray,
  stamp: string | null,
  about: Fields,
): Line {
  const rest = line.slice(found[0].length);
  const at = rest.search(/ {1,64}[A-Za-z_][\w.@/-]{0,63}=/);
  const message = (at === -1 ? rest : rest.slice(0, at)).trimEnd();
  const fields = at === -1 ? {} : readPairs(rest.slice(at));
  return {
    kind,
    level: LEVELS[(found[1] ?? '').toLowerCase()] ?? null,
    time: isoOf(found[2] ?? '') ?? stamp,
    message,
    errors: [fields['error'], message].filter((one): one is string => one !== undefined && one !== ''),
    fields: { ...about, ...fields },
  };
}

function ofKubernetes(line: string, stamp: string | null, about: Fields): Line {
  const make = (message: string, level: OutsideLevel | null, fields: Fields): Line => ({
    kind: 'kubernetes',
    level,
    time: stamp,
    message,
    errors: [message],
    fields: { ...about, ...fields },
  });
  EVENT.lastIndex = 0;
  const event = EVENT.exec(line)?.groups;
  if (event !== undefined) {
    const more = EVENT_MORE.exec(event['more'] ?? '')?.groups ?? {};
    const fields: Fields = { reason: event['reason'] ?? '' };
    for (const [name, value] of Object.entries({
      object: more['object'],
      from: more['from'],
      age: more['age'] ?? event['last'],
    })) {
      if (value !== undefined) fields[name] = value;
    }
    return make(more['message'] ?? event['more'] ?? line, event['type'] === 'Warning' ? 'warning' : 'info', fields);
  }
  STATE.lastIndex = 0;
  const state = STATE.exec(line)?.groups;
  if (state !== undefined) {
    const name = (state['name'] ?? '').toLowerCase().replace(' ', '_');
    return make(line, null, { [name]: state['value'] ?? '' });
  }
  const klog = /^([EFWI])\d{4} \d\d:\d\d:\d\d\.\d{1,6} +\d+ ([\w.-]+:\d+)\] /.exec(line);
  if (klog !== null) {
    const rest = line.slice(klog[0].length);
    const { err, ...fields } = readPairs(rest);
    const message = /^"((?:[^"\\]|\\.)*)"/.exec(rest)?.[1] ?? rest;
    return {
      ...make(unescapeGo(message), 'error', { ...(err === undefined ? {} : { err }), ...fields, site: klog[2] ?? '' }),
      errors: err === undefined ? [message] : [err, message],
    };
  }
  const kubelet = /^(kubelet, \S+) +/.exec(line);
  if (kubelet !== null) return make(line.slice(kubelet[0].length), 'warning', { from: kubelet[1] ?? '' });
  return make(line, 'error', {});
}

/** What the kernel says, by what stands in it. The names of groups are the names of fields. */
const KERNEL_EVENTS: readonly { readonly event: string; readonly pattern: RegExp }[] = [
  {
    event: 'seccomp',
    pattern:
      /(?:type=(?:1326|SECCOMP)|SECCOMP|audit).{0,400}\bsig=(?<signal>\d{1,3}) arch=(?<arch>[0-9a-f]{1,8}) syscall=(?<number>\d{1,6})/,
  },
  {
    event: 'oom',
    pattern: /(?:Out of memory|out of memory): Kill(?:ed)? process (?<pid>\d{1,10}) \((?<comm>[^)]{1,64})\)/,
  },
  { event: 'oom', pattern: /oom-kill:.{0,2000}?task=(?<comm>[^,]{1,64}),pid=(?<pid>\d{1,10})/ },
  { event: 'oom', pattern: /(?<comm>\S{1,64}) invoked oom-killer: / },
  { event: 'oom', pattern: /Task in (?<cgroup>\/\S{0,1024}).{0,64}(?:killed as a result of limit of|$)/ },
  { event: 'oom', pattern: /Killed process (?<pid>\d{1,10}) \((?<comm>[^)]{1,64})\)/ },
  { event: 'fatal-signal', pattern: /potentially unexpected fatal signal (?<signal>\d{1,3})\./ },
  { event: 'segfault', pattern: /(?<comm>\S{1,64})\[(?<pid>\d{1,10})\]: segfault at (?<address>[0-9a-f]{1,16})/ },
  { event: 'trap', pattern: /traps: (?<comm>.{1,64}?)\[(?<pid>\d{1,10})\] (?<trap>.{1,80}?) ip:/ },
  { event: 'hung-task', pattern: /INFO: task (?<comm>\S{1,64}):(?<pid>\d{1,10}) blocked for more than/ },
  {
    event: 'process',
    pattern:
      /CPU: \d{1,4} (?:UID: \d+ )?PID: (?<pid>\d{1,10}) Comm: (?<comm>\S{1,64}) .{0,200}?(?<release>\d+\.\d+\.\d+\S{0,64})/,
  },
  { event: 'release', pattern: /^Linux (?:version )?(?:\S{1,255} )?(?<release>\d+\.\d+\.\d+\S{0,64}) / },
];

/** AUDIT_ARCH_X86_64 and AUDIT_ARCH_AARCH64. */
const ARCHES: Readonly<Record<string, 'amd64' | 'arm64'>> = { c000003e: 'amd64', c00000b7: 'arm64' };

/**
 * A line of the kernel's ring buffer or of its audit.
 *
 *     [888.008242] potentially unexpected fatal signal 11.
 *     audit: type=1326 audit(1771034512.100:77): auid=0 uid=0 pid=34271 comm="exe" exe="/usr/bin/runsc" sig=31 arch=c000003e syscall=9 compat=0
 */
function ofKernel(line: string, stamp: string | null, about: Fields): Line {
  const prefix =
    /^(?:kernel: )?(?:\[[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d [\d:]{8} \d{4}\] )?(?:\[ {0,8}(?<uptime>\d{1,10}\.\d{6})\](?:\[ {0,8}[TC]\d{1,10}\])? )?/.exec(
      line,
    );
  const message = line.slice(prefix?.[0].length ?? 0);
  const fields: Fields = { ...about };
  const uptime = prefix?.groups?.['uptime'];
  if (uptime !== undefined) fields['uptime'] = uptime;
  const limited = message.slice(0, 4096);
  let event: string | undefined;
  for (const one of KERNEL_EVENTS) {
    const found = one.pattern.exec(limited);
    if (found === null) continue;
    event = one.event;
    for (const [name, value] of Object.entries(found.groups ?? {})) if (value !== undefined) fields[name] = value;
    break;
  }
  if (event !== undefined) fields['event'] = event;
  if (event === 'seccomp') {
    const { pid, comm, exe, code } = readPairs(limited);
    for (const [name, value] of Object.entries({ pid, comm, exe, code })) if (value !== undefined) fields[name] = value;
    const arch = ARCHES[fields['arch'] ?? ''];
    if (arch !== undefined) {
      fields['arch'] = arch;
      const name = syscallOfNumber(arch, Number(fields['number']));
      if (name !== undefined) fields['syscall'] = name;
    }
  }
  const isTrouble = event !== undefined && event !== 'process' && event !== 'release';
  return { kind: 'kernel', level: isTrouble ? 'error' : null, time: stamp, message, errors: [], fields };
}
