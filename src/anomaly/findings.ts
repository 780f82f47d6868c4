/** What rules found, equal things as one: how often, from when to when, by whom, and the records that prove it. */
import type { Evidence, Severity } from '../model/finding.js';
import { SEVERITIES } from '../model/finding.js';
import type { ScanProcess } from '../model/scan.js';
import type { SourceName } from '../model/units.js';
import { exceptionOf, type Exception } from './exceptions.js';
import { shown, type Subject } from './fields.js';
import { keyOf, type Fired } from './matcher.js';
import { isBelow, type Process } from './processes.js';
import type { Clause, Rule } from './rule-book.js';

/** A finding in the making. */
export type Draft = {
  /** What makes it equal to others of its log. */
  readonly id: string;
  readonly rule: Rule;
  readonly source: SourceName;
  severity: Severity;
  message: string;
  /** The message as if all had come about that was tried. */
  act: string;
  /** Fields of the message that had no value, for which it says `?`. */
  blanks: readonly string[];
  readonly process: Process;
  /** All processes in which it was found; of many the first. */
  readonly processes: Set<Process>;
  readonly facts: ScanProcess;
  readonly evidence: Evidence[];
  /** An exception leaves it out, and what it explains with it. */
  readonly isExcepted: boolean;
  count: number;
  /** Of a rule that counts the most of its clauses: how often each was met. */
  readonly tallies: Map<Clause, number> | undefined;
  readonly first: string | null;
  /** Micros of the log's clock. */
  readonly firstAt: number;
  lastAt: number;
};

type Said = Pick<Draft, 'message' | 'act' | 'blanks'>;

/** Findings of one rule that are kept. */
const RULE_LIMIT = 200;
const EVIDENCE_LIMIT = 12;
const PROCESSES_LIMIT = 64;

export class FindingTable {
  readonly #drafts = new Map<string, Draft>();
  readonly #byRule = new Map<string, Set<Draft>>();
  /** Messages of the rules, taken apart. */
  readonly #messages = new Map<string, readonly Piece[]>();
  dropped = 0;

  constructor(
    readonly exceptions: readonly Exception[] = [],
    /** Whoever tells findings while they are found. */
    readonly teller?: FindingTeller,
  ) {}

  fire(clause: Clause, subject: Subject, fired: Fired): void {
    const { rule } = clause;
    const { moment } = subject;
    if (fired.goesOn) {
      const known = fired.of?.found;
      if (known !== null && known !== undefined) {
        count(known, clause, 1);
        known.lastAt = moment.at;
      }
      return;
    }
    // a clause says how bad it is, else the first variant that holds
    const variant = clause.severity === undefined ? rule.variants.find(({ test }) => test(subject)) : undefined;
    // to make a message costs more than all else: of what is counted with something known it is not asked
    let told: Said | undefined;
    const said = (): Said => (told ??= this.#said(variant?.message ?? clause.message, subject));
    const exception = exceptionOf(this.exceptions, rule.spec.id, subject);
    if (exception !== undefined) {
      exception.count += fired.count;
    }
    const isExcepted = exception !== undefined && exception.severity === undefined;
    const severity = exception?.severity ?? clause.severity ?? variant?.severity ?? rule.spec.severity;
    const key = clause.key === undefined ? said().act : keyOf(subject, clause.key);
    const id = `${moment.source}\u0000${rule.spec.id}\u0000${key}\u0000${clause.key === undefined ? severity : ''}\u0000${isExcepted}`;
    let draft = this.#drafts.get(id);
    const isKnown = draft !== undefined;
    if (draft === undefined) {
      const same = this.ofRule(rule.spec.id);
      if (same.size >= RULE_LIMIT && !this.#letGo(same)) {
        this.dropped++;
        return;
      }
      const evidence = evidenceOf(subject, fired, rule.spec.cites);
      draft = {
        id,
        rule,
        source: moment.source,
        severity,
        ...said(),
        process: moment.process,
        processes: new Set(),
        facts: processFacts(moment.process, moment.tid),
        evidence: [],
        isExcepted,
        count: 0,
        tallies: rule.spec.countsMost ? new Map() : undefined,
        // what a threshold counted began before the record that reached it
        first: (clause.threshold === undefined ? undefined : fired.records[0]?.time) ?? evidence[0]?.time ?? null,
        firstAt: moment.at,
        lastAt: moment.at,
      };
      this.#drafts.set(id, draft);
      same.add(draft);
      this.#byRule.set(rule.spec.id, same);
      for (const one of evidence) addEvidence(draft.evidence, one);
      this.teller?.found(draft);
    } else if (isAbove(severity, draft.severity)) {
      draft.severity = severity;
      Object.assign(draft, said());
      this.teller?.worse(draft);
    } else if (severity === draft.severity && draft.message !== draft.act) {
      // what was tried before came about now
      const { message, act } = said();
      if (message === act && act === draft.act) {
        draft.message = act;
        this.teller?.worse(draft);
      }
    }
    if (draft.processes.size < PROCESSES_LIMIT) draft.processes.add(moment.process);
    count(draft, clause, fired.count);
    draft.lastAt = moment.at;
    if (isKnown && draft.evidence.length < EVIDENCE_LIMIT) addEvidence(draft.evidence, moment.evidence);
    if (fired.of !== undefined) fired.of.found = draft;
  }

  #said(template: string, subject: Subject): Said {
    let pieces = this.#messages.get(template);
    if (pieces === undefined) this.#messages.set(template, (pieces = piecesOf(template)));
    const blanks: string[] = [];
    const act = filled(pieces, subject, false, blanks);
    const failure = pieces.some((piece) => 'does' in piece) ? failureOf(subject) : undefined;
    return { act, blanks, message: failure === undefined ? act : `${filled(pieces, subject, true)}: ${failure}` };
  }

  /** The oldest of a rule that was told gives way. False: none was. */
  #letGo(same: Set<Draft>): boolean {
    if (this.teller === undefined) return false;
    for (const draft of same) {
      if (!this.teller.forgets(draft)) continue;
      same.delete(draft);
      this.#drafts.delete(draft.id);
      return true;
    }
    return false;
  }

  ofRule(id: string): Set<Draft> {
    return this.#byRule.get(id) ?? new Set();
  }

  drafts(): readonly Draft[] {
    return [...this.#drafts.values()];
  }

  /** All of it was told, and its log has ended. */
  clear(): void {
    this.#drafts.clear();
    this.#byRule.clear();
  }
}

function count(draft: Draft, clause: Clause, times: number): void {
  const { tallies } = draft;
  if (tallies === undefined) {
    draft.count += times;
    return;
  }
  const tally = (tallies.get(clause) ?? 0) + times;
  tallies.set(clause, tally);
  if (tally > draft.count) draft.count = tally;
}

/** Tells findings while they are found. */
export interface FindingTeller {
  found(draft: Draft): void;
  worse(draft: Draft): void;
  /** Lets go of one that was told; false: it was not. */
  forgets(draft: Draft): boolean;
}

/** Does one finding tell what the other is a part of? */
export function isExplained(part: Draft, owner: Draft): boolean {
  const { spec } = owner.rule;
  const { id } = part.rule.spec;
  if (part === owner || (id === spec.id && !isAbove(owner.severity, part.severity))) return false;
  if (spec.explains.includes(id) && isRelated(owner, part)) return true;
  return (
    spec.includes.includes(id) &&
    !isAbove(part.severity, owner.severity) &&
    [...owner.processes].some((process) => part.processes.has(process))
  );
}

/** Are two findings about the same processes, or about relatives? */
function isRelated(one: Draft, other: Draft): boolean {
  for (const a of one.processes) for (const b of other.processes) if (isRelative(a, b)) return true;
  return false;
}

function isRelative(a: Process, b: Process): boolean {
  return a === b || isBelow(a, b) || isBelow(b, a) || (a.parent !== null && a.parent === b.parent);
}

const isAbove = (a: Severity, b: Severity): boolean => SEVERITIES.indexOf(a) > SEVERITIES.indexOf(b);

const SHOWN = 200;

/** A piece of a message: words, a field, or what is left out unless all its fields are known. */
type Piece =
  | { readonly words: string }
  | { readonly field: string }
  | { readonly pieces: readonly Piece[]; readonly fields: readonly string[] }
  /** What is said of a call that came back well, and of one that failed. */
  | { readonly does: readonly Piece[]; readonly tried: readonly Piece[] };

/** Takes a message apart: `[reads|tried to read] {path}[ of {other}]`. */
function piecesOf(template: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const match of template.matchAll(/\[([^[\]]*)\]|\{([\w.]+)\}/g)) {
    const [whole, part, field] = match;
    if (match.index > at) pieces.push({ words: template.slice(at, match.index) });
    at = match.index + whole.length;
    if (field !== undefined) pieces.push({ field });
    else if (part !== undefined) {
      const [does = '', tried] = part.split('|');
      if (tried !== undefined) {
        pieces.push({ does: piecesOf(does), tried: piecesOf(tried) });
        continue;
      }
      const within = piecesOf(part);
      pieces.push({ pieces: within, fields: within.flatMap((one) => ('field' in one ? [one.field] : [])) });
    }
  }
  if (at < template.length) pieces.push({ words: template.slice(at) });
  return pieces;
}

/** A message with the values of the moment; what is not known is left out with the words before it in brackets. */
function filled(pieces: readonly Piece[], subject: Subject, isTried: boolean, blanks: string[] = []): string {
  return joined(pieces, subject, isTried, blanks).replace(/ {2,}/g, ' ').trim();
}

function joined(pieces: readonly Piece[], subject: Subject, isTried: boolean, blanks: string[]): string {
  let text = '';
  for (const piece of pieces) {
    if ('words' in piece) text += piece.words;
    else if ('field' in piece) {
      const found = shown(subject, piece.field);
      if (found === undefined) blanks.push(piece.field);
      const value = found ?? '?';
      text += value.length > SHOWN ? `${value.slice(0, SHOWN)}...` : value;
    } else if ('does' in piece) text += joined(isTried ? piece.tried : piece.does, subject, isTried, blanks);
    else if (piece.fields.every((name) => (shown(subject, name) ?? '') !== ''))
      text += joined(piece.pieces, subject, isTried, blanks);
  }
  return text;
}

/** Why the call did not do what it was for; a connection that is under way did not fail. */
function failureOf(subject: Subject): string | undefined {
  const outcome = shown(subject, 'outcome');
  if (outcome !== undefined) return outcome === 'established' || outcome === 'pending' ? undefined : outcome;
  const errno = shown(subject, 'errno');
  return errno === undefined || errno === '' || errno === 'EINPROGRESS' ? undefined : errno;
}

/** The process as a report names it. */
export function processFacts(process: Process, tid: number): ScanProcess {
  const { program } = process.run;
  const parent = process.parent;
  return {
    tgid: process.id,
    tid,
    program: program.exe,
    argv: program.argv.slice(0, 64).map((one) => (one.length > 1024 ? `${one.slice(0, 1024)}...` : one)),
    ...(program.script === null ? {} : { script: program.script }),
    ...(parent === null ? {} : { parent: { tgid: parent.id, program: parent.run.program.exe } }),
    ...(process.uid === null ? {} : { uid: process.uid }),
  };
}

function addEvidence(list: Evidence[], one: Evidence): void {
  if (list.length >= EVIDENCE_LIMIT) return;
  if (!list.some(({ source, line }) => source === one.source && line === one.line)) list.push(one);
}

/** The decisive record first, then what came before it, then what its process did before. */
function evidenceOf(subject: Subject, fired: Fired, cites: readonly string[]): readonly Evidence[] {
  const { moment, world } = subject;
  const { process } = moment;
  const isDerived = moment.records.length > 0;
  const records: Evidence[] =
    isDerived && moment.event !== 'process-end' && moment.event !== 'zombies'
      ? [...moment.records, moment.evidence]
      : [moment.evidence, ...moment.records];
  if (moment.event === 'stalled' || moment.event === 'deadlock') records.splice(0, records.length, ...moment.records);
  records.push(...fired.records);
  const cited: Readonly<Record<string, () => Evidence | null | undefined>> = {
    exec: () => process.run.record,
    parent: () => process.parent?.run.record,
    fork: () => process.forked,
    accept: () => process.accepted ?? [...process.unixAccepted.values()].at(-1)?.record,
    listen: () => process.listens,
    memfd: () => process.memfd,
    carries: () => process.run.carriesRecord,
    terminal: () => process.terminal?.fed,
    made: () => moment.entry?.made?.record,
    socket: () => {
      const shows = [
        moment.fdKind === 's' ? moment.fd?.shows : undefined,
        ...[0, 1, 2].map((fd) => process.fds.get(fd)),
      ];
      for (const one of shows) {
        const number = /^socket:\[(\d+)\]/.exec(one ?? '')?.[1];
        const record = number === undefined ? undefined : world.sockets.get(Number(number))?.record;
        if (record !== undefined && record !== null) return record;
      }
      return undefined;
    },
  };
  for (const cite of cites) {
    const record = cited[cite]?.();
    if (record !== undefined && record !== null) records.push(record);
  }
  return records;
}
