/** Puts what rules found together to the document of `scan`: what one finding explains goes into it, the worst comes first. */
import { createHash } from 'node:crypto';
import type { Anomalies, Shown } from '../anomaly/anomalies.js';
import { beyond, type Baseline, type Mask } from '../anomaly/baseline.js';
import { generalised } from '../anomaly/facts.js';
import { isExplained, processFacts, type Draft } from '../anomaly/findings.js';
import type { Told } from '../anomaly/telling.js';
import type { Rule, RuleBook } from '../anomaly/rule-book.js';
import { SEVERITIES, type Evidence, type Severity } from '../model/finding.js';
import type { Reading } from '../model/reading.js';
import type { Redaction } from '../model/report.js';
import { TRIED } from '../model/scan.js';
import type { Excepted, LiveFinding, NotEvaluated, ScanFinding, ScanReport } from '../model/scan.js';
import { Redactor } from './redaction.js';

export type ScanAssembly = {
  readonly redaction?: Redaction;
  readonly minSeverity?: Severity;
  readonly notes?: readonly string[];
  readonly excepted?: readonly Excepted[];
  readonly costs?: boolean;
  readonly baseline?: Baseline;
};

const EVIDENCE_LIMIT = 16;
/** Words of our own, numbers and counters. */
const OWN = new Set([
  'schema',
  'rule',
  'severity',
  'confidence',
  'time',
  'events',
  'unread',
  'year',
  'source',
  'category',
  'attack',
  'k8s_matrix',
  'fingerprint',
  'title',
  'remedy',
  'why',
  'false_positives',
  'first',
  'last',
  'repeats',
]);

export function assembleScan(
  anomalies: Anomalies,
  book: RuleBook,
  readings: readonly Reading[],
  options: ScanAssembly = {},
): ScanReport {
  const least = SEVERITIES.indexOf(options.minSeverity ?? 'info');
  const { baseline } = options;
  const all = joined(anomalies.drafts)
    .filter(({ draft }) => !draft.isExcepted)
    .map(findingOf);
  const known = new Map(baseline?.findings.map((one) => [one.fingerprint, one]));
  const findings = [...all.filter(({ fingerprint }) => !known.has(fingerprint)), ...newFacts(anomalies, baseline)]
    .filter(({ severity }) => SEVERITIES.indexOf(severity) >= least)
    .toSorted(byWeight);
  const left = all.length - all.filter(({ severity }) => SEVERITIES.indexOf(severity) >= least).length;
  const expected = all.filter(({ fingerprint }) => known.has(fingerprint));
  const redactor = new Redactor(options.redaction ?? 'secrets');
  const shown = {
    findings: findings.map((one) => maskedFinding(one, redactor)),
    reading: redactor.value(readings, OWN),
  };
  const hidden =
    left === 0 ? [] : [`${left} ${left === 1 ? 'finding' : 'findings'} below ${options.minSeverity} left out`];
  const notes = [...(options.notes ?? []), ...hidden, ...notesOf(anomalies)];
  return {
    schema: 'runsight/scan@1',
    ...shown,
    not_evaluated: notEvaluated(anomalies, book.rules),
    excepted: [
      ...(options.excepted ?? []),
      ...expected.toSorted(byWeight).map(({ rule, severity, count, cause }) => ({
        rule,
        count,
        reason: `in the baseline: ${redactor.text(cause)}`,
        until: null,
        severity,
      })),
    ],
    notes,
    rules: book.rules.length,
    masked: redactor.masked,
    ...(options.costs === true
      ? { costs: anomalies.costs.map(({ rule, asked, nanos }) => ({ rule, asked, ms: Math.round(nanos / 1e4) / 100 })) }
      : {}),
  };
}

/** How a baseline is masked, whatever is shown of it: it is made to be committed. */
export function maskOfBaselines(): Mask {
  const redactor = new Redactor('secrets');
  return (text) => redactor.text(text);
}

/** Every text of a finding, masked alike: a command line in a sentence as the list of arguments is. */
function maskedFinding(finding: ScanFinding, redactor: Redactor): ScanFinding {
  const line = finding.process.argv.join(' ');
  const said = line === '' ? [finding.cause] : finding.cause.split(line);
  const masked = redactor.value({ ...finding, cause: said.length === 1 ? finding.cause : '' }, OWN);
  if (said.length === 1) return masked;
  return { ...masked, cause: said.map((part) => redactor.text(part)).join(masked.process.argv.join(' ')) };
}

/** What the run does beyond the baseline, as findings. */
function newFacts(anomalies: Anomalies, baseline: Baseline | undefined): readonly ScanFinding[] {
  if (baseline === undefined) return [];
  return [...anomalies.facts.values()].flatMap((facts) =>
    beyond(baseline, facts, maskOfBaselines()).map(({ fact, rule, title, severity, said }): ScanFinding => {
      const { record, process, tid, count, kind, program, what } = fact;
      return {
        rule,
        severity,
        confidence: 'likely',
        title,
        cause: said,
        remedy: ['if it is as it should be, add it: runsight learn --update BASELINE LOG'],
        evidence: [
          record,
          ...(process.run.record === null || process.run.record.line === record.line ? [] : [process.run.record]),
        ],
        echoes: [],
        category: 'baseline',
        attack: [],
        k8s_matrix: [],
        process: processFacts(process, tid),
        count,
        first: record.time,
        last: record.time,
        false_positives: [],
        fingerprint: fingerprint([rule, kind, program, what]),
      };
    }),
  );
}

type Joined = { readonly draft: Draft; readonly parts: readonly Draft[] };

/** A finding that explains others takes those of its own processes in. */
function joined(drafts: readonly Draft[]): readonly Joined[] {
  const owners = new Map<Draft, Draft>();
  const byRule = groupedBy(drafts, ({ rule }) => rule.spec.id);
  const worst = drafts.toSorted((a, b) => SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity));
  for (const draft of worst) {
    const { explains, includes } = draft.rule.spec;
    if (owners.has(draft)) continue;
    for (const id of new Set([...explains, ...includes])) {
      for (const other of byRule.get(id) ?? []) {
        if (owners.has(other) || other.source !== draft.source) continue;
        if (isExplained(other, draft)) owners.set(other, draft);
      }
    }
  }
  const ownerOf = (draft: Draft): Draft => {
    let at = draft;
    for (let hop = 0; hop < 10; hop++) {
      const owner = owners.get(at);
      if (owner === undefined) return at;
      at = owner;
    }
    return at;
  };
  const parts = groupedBy(
    drafts.filter((draft) => owners.has(draft)),
    ownerOf,
  );
  return drafts.filter((draft) => !owners.has(draft)).map((draft) => ({ draft, parts: parts.get(draft) ?? [] }));
}

function groupedBy<K>(drafts: readonly Draft[], keyOf: (draft: Draft) => K): ReadonlyMap<K, readonly Draft[]> {
  const groups = new Map<K, Draft[]>();
  for (const draft of drafts) {
    const key = keyOf(draft);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [draft]);
    else group.push(draft);
  }
  return groups;
}

/** Findings that are told while their log is read, masked. */
export function liveFindings(told: readonly Told[], redaction: Redaction): readonly LiveFinding[] {
  if (told.length === 0) return [];
  const redactor = new Redactor(redaction);
  return told.map(({ draft, parts, what, by }) => ({
    id: idOf(draft),
    what,
    finding: maskedFinding(findingOf({ draft, parts }), redactor),
    ...(by === undefined ? {} : { by: idOf(by) }),
  }));
}

/** Of a finding that has a time: whatever its file is called now. */
const idOf = ({ id, source, first }: Draft): string =>
  fingerprint(first === null ? [id] : [id.slice(source.length), first]);

function findingOf({ draft, parts }: Joined): ScanFinding {
  const { rule, severity, message, facts, count, first, lastAt } = draft;
  const { spec } = rule;
  const evidence: Evidence[] = [...draft.evidence];
  for (const part of parts) {
    for (const one of part.evidence.slice(0, 3)) {
      const isThere = evidence.some(({ source, line }) => source === one.source && line === one.line);
      if (!isThere && evidence.length < EVIDENCE_LIMIT) evidence.push(one);
    }
  }
  const hidden = [...new Set(parts.map((one) => one.rule.spec.id))].filter((id) => id !== spec.id);
  return {
    rule: spec.id,
    severity,
    confidence: 'likely',
    title: message === draft.act ? spec.title : `${spec.title} ${TRIED}`,
    cause: message,
    remedy: spec.look,
    evidence,
    echoes: [],
    category: spec.category,
    attack: spec.attack,
    k8s_matrix: spec.k8s_matrix,
    process: facts,
    count,
    first,
    last: count === 1 ? first : timeOf(lastAt, first),
    ...(hidden.length === 0 ? {} : { parts: hidden }),
    false_positives: spec.false_positives,
    fingerprint: fingerprintOf(draft),
  };
}

/** Micros as a time in the form of another. */
function timeOf(micros: number, like: string | null): string | null {
  if (like === null) return null;
  const seconds = new Date(Math.floor(micros / 1e6) * 1000).toISOString().slice(0, 19);
  const zone = /(?:Z|[+-]\d{2}:\d{2})$/.exec(like)?.[0] ?? '';
  const digits = /\.(\d+)/.exec(like)?.[1]?.length ?? 0;
  return `${seconds}${
    digits === 0
      ? ''
      : `.${String(Math.floor(micros % 1e6))
          .padStart(6, '0')
          .padEnd(digits, '0')
          .slice(0, digits)}`
  }${zone}`;
}

/** Of what does not change from run to run: the rule, the program, and what it did, without numbers and the values of arguments. */
function fingerprintOf({ rule, facts, act }: Draft): string {
  const line = facts.argv.join(' ');
  const [head = '', ...tail] = line === '' ? [act] : act.split(line);
  const plain = generalised([head, ...tail].join(' ').replace(/0x[0-9a-f]+/gi, '0x'));
  return fingerprint([rule.spec.id, facts.program ?? '', habitOf(facts.argv), plain]);
}

/** A command line without what changes from call to call: of a shell the commands that it is given, of others the options. */
function habitOf(argv: readonly string[]): string {
  const [name = '', ...args] = argv;
  const at = args.findIndex((one) => /^-[a-z]*c$/.test(one));
  const text = SHELL.test(name) && at !== -1 ? args[at + 1] : undefined;
  if (text !== undefined) {
    const commands = text.split(/&&|\|\||[;|&\n(){}`]|\$\(/).map(
      (one) =>
        one
          .trim()
          .split(/\s+/)
          .find((word) => !/^\w+=|^[!<>]/.test(word)) ?? '',
    );
    return [name, ...commands.filter((one) => one !== '')].join(' ');
  }
  return [name, ...args.filter((one) => one.startsWith('-')).map((one) => one.replace(/=.*$/s, '='))].join(' ');
}
const SHELL = /(?:^|\/)(?:ba|da|z|k|a|mk)?sh$/;

function fingerprint(said: readonly string[]): string {
  return createHash('sha256').update(said.join('\n')).digest('hex').slice(0, 32);
}

function byWeight(a: ScanFinding, b: ScanFinding): number {
  const severity = SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity);
  if (severity !== 0) return severity;
  const [left, right] = [a.first ?? '', b.first ?? ''];
  if (left !== right) return left < right ? -1 : 1;
  return a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0;
}

function notesOf(anomalies: Anomalies): readonly string[] {
  const notes = Object.entries(anomalies.dropped).map(
    ([what, count]) => `${count} ${what} were let go at a bound: what they would have shown is not in the findings`,
  );
  if (anomalies.shown.some(({ clone3 }) => clone3)) {
    notes.push('clone3 was called: its flags are behind a pointer, so that namespace-change cannot see them');
  }
  if (anomalies.shown.some(({ debug, calls }) => debug === false && calls > 0)) {
    notes.push(
      'without --debug, process-masquerade sees the names of tasks only where they make calls, and crash-loop no signals since 20230306',
    );
  }
  return notes;
}

/** Why no log holds a call. */
function lackOfCalls(shown: readonly Shown[]): string {
  const told = shown.filter(({ strace }) => strace !== null);
  if (told.length === 0 || told.some(({ strace }) => strace === false)) {
    return 'needs the calls of the workload: runsc --strace, and its boot log';
  }
  return shown.some(({ isBoot }) => isBoot)
    ? 'needs calls of the workload, and none was made: --strace was on, so the program did not start (runsight diagnose says why)'
    : 'needs the calls of the workload: --strace was on, and they stand in the boot log, which is not here or was never begun (runsight diagnose says why)';
}

/** Rules whose records cannot be in any of the logs. */
function notEvaluated({ shown }: Anomalies, rules: readonly Rule[]): readonly NotEvaluated[] {
  const logs = shown.filter(({ isBoot, calls }) => isBoot || calls > 0);
  const traced = logs.filter(({ calls }) => calls > 0);
  const withoutCalls = lackOfCalls(shown);
  return rules.flatMap(({ spec, clauses }) => {
    const isOnLines = clauses.every(
      (_, place) =>
        spec.clauses[place]?.on === 'line' ||
        spec.clauses[place]?.on === 'thread-name' ||
        spec.clauses[place]?.on === 'zombies',
    );
    if (!isOnLines && traced.length === 0) {
      return [{ rule: spec.id, why: withoutCalls }];
    }
    const isQuiet = ({ debug, release }: Shown): boolean =>
      debug === false && spec.needs.some(({ since }) => since <= (release ?? Number.POSITIVE_INFINITY));
    if (logs.length > 0 && logs.every(isQuiet)) {
      return [{ rule: spec.id, why: 'needs records of debug level: runsc --debug' }];
    }
    const asked = clauses.map(({ calls }) => calls);
    const isHidden =
      traced.length > 0 &&
      asked.length > 0 &&
      asked.every(
        (calls) =>
          calls !== null &&
          calls.size > 0 &&
          traced.every(({ traced: list }) => list.length > 0 && !list.some((one) => calls.has(one))),
      );
    if (!isHidden) return [];
    const calls = [...new Set(asked.flatMap((one) => [...(one ?? [])]))].slice(0, 4);
    return [{ rule: spec.id, why: `needs ${calls.join(', ')} in --strace-syscalls` }];
  });
}
