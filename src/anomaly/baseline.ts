/** Baselines: the facts of good runs as a file that reads well in a diff, and what a run does beyond them. */
import type { Severity } from '../model/finding.js';
import { FACT_KINDS, type Fact, type FactKind, type SeenFact } from './facts.js';

/** A fact and in how many good runs it was seen. */
export type KnownFact = Fact & { readonly runs: number };
/** A finding that good runs have, too. */
export type KnownFinding = {
  readonly rule: string;
  readonly fingerprint: string;
  readonly said: string;
  readonly runs: number;
};

export type Baseline = {
  readonly schema: 'runsight/baseline@1';
  /** How many runs were learnt. */
  readonly runs: number;
  readonly facts: readonly KnownFact[];
  readonly findings: readonly KnownFinding[];
};

const keyOf = ({ kind, program, what }: Fact): string => `${kind}\u0000${program}\u0000${what}`;

export const EMPTY_BASELINE: Baseline = { schema: 'runsight/baseline@1', runs: 0, facts: [], findings: [] };

/** Takes secrets out of a text. Facts are compared as they are written: masked. */
export type Mask = (text: string) => string;

const maskedFact = <T extends Fact>(fact: T, mask: Mask): T => ({
  ...fact,
  program: mask(fact.program),
  what: mask(fact.what),
});

/** Adds the facts of one more run. Several that are the same without their secrets are one. */
export function withRun(
  baseline: Baseline,
  facts: readonly Fact[],
  findings: readonly Omit<KnownFinding, 'runs'>[],
  mask: Mask,
): Baseline {
  const known = new Map(baseline.facts.map((one) => maskedFact(one, mask)).map((fact) => [keyOf(fact), fact]));
  const seen = new Map(facts.map((one) => maskedFact(one, mask)).map((fact) => [keyOf(fact), fact]));
  for (const [key, { kind, program, what }] of seen) {
    known.set(key, { kind, program, what, runs: (known.get(key)?.runs ?? 0) + 1 });
  }
  const found = new Map(baseline.findings.map((one) => [one.fingerprint, { ...one, said: mask(one.said) }]));
  for (const one of new Map(findings.map((each) => [each.fingerprint, each])).values()) {
    found.set(one.fingerprint, { ...one, said: mask(one.said), runs: (found.get(one.fingerprint)?.runs ?? 0) + 1 });
  }
  return {
    schema: 'runsight/baseline@1',
    runs: baseline.runs + 1,
    facts: [...known.values()].toSorted(byKind),
    findings: [...found.values()].toSorted((a, b) => (a.rule + a.fingerprint < b.rule + b.fingerprint ? -1 : 1)),
  };
}

function byKind(a: Fact, b: Fact): number {
  const kind = FACT_KINDS.indexOf(a.kind) - FACT_KINDS.indexOf(b.kind);
  if (kind !== 0) return kind;
  const [left, right] = [keyOf(a), keyOf(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** One fact a line, sorted: two baselines can be compared with diff. */
export function baselineText({ schema, runs, facts, findings }: Baseline): string {
  const listed = (items: readonly object[]): string =>
    items.length === 0 ? '[]' : `[\n${items.map((one) => `    ${JSON.stringify(one)}`).join(',\n')}\n  ]`;
  return `{\n  "schema": ${JSON.stringify(schema)},\n  "runs": ${runs},\n  "facts": ${listed(facts)},\n  "findings": ${listed(findings)}\n}\n`;
}

/** Reads the text of a baseline; what is none is told in a sentence. */
export function readBaseline(text: string): Baseline | string {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    return `it is no JSON: ${(error as Error).message}`;
  }
  if (typeof document !== 'object' || document === null) return 'it holds no baseline';
  const { schema, runs, facts, findings } = document as Readonly<Record<string, unknown>>;
  if (schema !== 'runsight/baseline@1') {
    const isNewer = typeof schema === 'string' && schema.startsWith('runsight/baseline@');
    return isNewer
      ? `its version (${schema}) is newer than this runsight`
      : 'it is no baseline (runsight learn writes one)';
  }
  if (typeof runs !== 'number' || !Array.isArray(facts)) return 'it has no facts';
  const kept: KnownFact[] = [];
  for (const [index, one] of facts.entries()) {
    const { kind, program, what, runs: seen } = (one ?? {}) as Readonly<Record<string, unknown>>;
    if (!FACT_KINDS.includes(kind as FactKind) || typeof program !== 'string' || typeof what !== 'string') {
      return `its fact ${index + 1} is none: kind (${FACT_KINDS.join(', ')}), program and what are needed`;
    }
    kept.push({ kind: kind as FactKind, program, what, runs: typeof seen === 'number' ? seen : 1 });
  }
  const known = (Array.isArray(findings) ? findings : []).flatMap((one): readonly KnownFinding[] => {
    const { rule, fingerprint, said, runs: seen } = (one ?? {}) as Readonly<Record<string, unknown>>;
    if (typeof rule !== 'string' || typeof fingerprint !== 'string') return [];
    return [
      { rule, fingerprint, said: typeof said === 'string' ? said : '', runs: typeof seen === 'number' ? seen : 1 },
    ];
  });
  return { schema: 'runsight/baseline@1', runs, facts: kept, findings: known };
}

/** A fact that no good run has, in words, and how bad it may be. */
export type NewFact = {
  readonly fact: SeenFact;
  readonly rule: string;
  readonly title: string;
  readonly severity: Severity;
  readonly said: string;
};

/** What a run does beyond the baseline, the most telling first. */
export function beyond(baseline: Baseline, facts: readonly SeenFact[], mask: Mask): readonly NewFact[] {
  const learnt = baseline.facts.map((one) => maskedFact(one, mask));
  const known = new Set(learnt.map(keyOf));
  const programs = new Set(
    learnt.flatMap(({ kind, program, what }) => (kind === 'exec' ? [program, what] : [program])),
  );
  const fresh = facts.filter((fact) => !known.has(keyOf(maskedFact(fact, mask))));
  return fresh.flatMap((fact): readonly NewFact[] => {
    // what a program does that no good run started is told by its start
    if (!programs.has(mask(fact.program)) && fact.kind !== 'exec' && RANK[severityOf(fact)] < RANK.high) return [];
    const { rule, title, say } = KINDS[fact.kind];
    const runs = baseline.runs === 1 ? 'the one good run did not' : `none of ${baseline.runs} good runs did`;
    return [{ fact, rule, title, severity: severityOf(fact), said: `${say(fact)}; ${runs}` }];
  });
}

const RANK: Readonly<Record<Severity, number>> = { info: 0, low: 1, medium: 2, high: 3, critical: 4 };

type KindWords = { readonly rule: string; readonly title: string; readonly say: (fact: Fact) => string };

const KINDS: Readonly<Record<FactKind, KindWords>> = {
  exec: {
    rule: 'baseline-exec',
    title: 'A program was started that the baseline does not know',
    say: ({ program, what }) => `exec edge ${program} -> ${what}: ${program} started ${what}`,
  },
  read: {
    rule: 'baseline-read',
    title: 'A file was read that the baseline does not know',
    say: ({ program, what }) => `file read ${what} by ${program}`,
  },
  write: {
    rule: 'baseline-write',
    title: 'A file was changed that the baseline does not know',
    say: ({ program, what }) => `file changed ${what} by ${program}`,
  },
  connect: {
    rule: 'baseline-connect',
    title: 'A peer was connected to that the baseline does not know',
    say: ({ program, what }) => `connect ${what} by ${program}`,
  },
  listen: {
    rule: 'baseline-listen',
    title: 'An address was bound that the baseline does not know',
    say: ({ program, what }) => `bind ${what} by ${program}`,
  },
  identity: {
    rule: 'baseline-identity',
    title: 'Rights were changed in a way that the baseline does not know',
    say: ({ program, what }) => `${what} by ${program}`,
  },
  syscall: {
    rule: 'baseline-syscall',
    title: 'A syscall was made that the baseline does not know',
    say: ({ program, what }) => `syscall ${what} new for ${program}`,
  },
  errno: {
    rule: 'baseline-errno',
    title: 'A call failed in a way that the baseline does not know',
    say: ({ program, what }) => `${what.replace(' ', ' fails with ')} in ${program}`,
  },
};

const SECRET =
  /(?:shadow|secret|token|credential|passwd|\/\.ssh|\/\.aws|\/\.kube|\/\.docker|\/\.gnupg|\.pem|\.key|id_rsa|id_ed\w+)/i;
const STEERING = /^(?:\/etc\/|\/usr\/|\/bin\/|\/sbin\/|\/lib|\/root\/\.|\/home\/[^/]+\/\.|\/var\/spool\/|\/proc\/)/;
const TOOLS =
  /(?:^|\/| )(?:sh|bash|dash|ash|zsh|nc|ncat|socat|curl|wget|telnet|python\S*|perl\S*|ruby\S*|php\S*|node|gdb|nmap|ssh|scp|chmod|base64|openssl)(?: |$)/;
const DANGEROUS =
  /^(?:ptrace|process_vm_\w+|mount|umount2|pivot_root|unshare|setns|bpf|init_module|finit_module|kexec_\w+|memfd_create|execveat|userfaultfd|perf_event_open|keyctl|add_key|open_by_handle_at|chroot|reboot|personality|iopl|ioperm)$/;
const NETWORKING =
  /^(?:socket|connect|bind|listen|accept4?|sendto|sendmsg|execve|setuid|setgid|chmod|fchmod|fchmodat|chown|mknod|mknodat|kill|symlink|symlinkat)$/;

function severityOf({ kind, what }: Fact): Severity {
  switch (kind) {
    case 'exec':
      return TOOLS.test(what) || what.startsWith('/') ? 'high' : 'medium';
    case 'read':
      return SECRET.test(what) ? 'high' : 'low';
    case 'write':
      return STEERING.test(what) ? 'high' : 'medium';
    case 'connect':
      return what.startsWith('169.254.') || what.endsWith('.sock')
        ? 'high'
        : what.startsWith('127.') || what.startsWith('/')
          ? 'low'
          : 'medium';
    case 'listen':
      return 'medium';
    case 'identity':
      return 'high';
    case 'syscall':
      return DANGEROUS.test(what) ? 'high' : NETWORKING.test(what) ? 'medium' : 'low';
    case 'errno':
      return /E(?:PERM|ACCES)$/.test(what) ? 'low' : 'info';
  }
}
