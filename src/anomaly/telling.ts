/** Findings told while a log is read: what is new, what became worse, and what another finding explains. At rest, the report joins them. */
import { isExplained, type Draft, type FindingTable, type FindingTeller } from './findings.js';
import { SEVERITIES, type Severity } from '../model/finding.js';
import type { RuleBook } from './rule-book.js';

export type Told = {
  readonly what: 'new' | 'changed' | 'explained' | 'last';
  readonly draft: Draft;
  /** Findings that it explains. */
  readonly parts: readonly Draft[];
  /** The one that explains it. */
  readonly by?: Draft;
};

/** What was told of a finding. */
type State = { count: number; parts: Set<Draft>; owner: Draft | undefined; isTold: boolean };

/** So long (micros of the log) is waited for what may explain a finding. */
const PATIENCE = 1e6;

export class Teller implements FindingTeller {
  #table!: FindingTable;
  #fresh: Draft[] = [];
  readonly #changed = new Set<Draft>();
  readonly #states = new Map<Draft, State>();
  /** Rules by the ids of those that they explain. */
  readonly #explainers = new Map<string, string[]>();

  readonly #least: number;

  /** Findings of less than `least` are not told. */
  constructor(book: RuleBook, least: Severity) {
    this.#least = SEVERITIES.indexOf(least);
    for (const { spec } of book.rules)
      for (const id of [...spec.explains, ...spec.includes])
        this.#explainers.set(id, [...(this.#explainers.get(id) ?? []), spec.id]);
  }

  use(table: FindingTable): void {
    this.#table = table;
  }

  found(draft: Draft): void {
    if (!draft.isExcepted) this.#fresh.push(draft);
  }

  worse(draft: Draft): void {
    if (this.#states.has(draft)) this.#changed.add(draft);
  }

  forgets(draft: Draft): boolean {
    const isKnown = this.#states.delete(draft) || draft.isExcepted;
    if (isKnown) this.#changed.delete(draft);
    return isKnown;
  }

  /** What is to be told by `now`; all of it if it is settled that nothing comes soon. */
  drain(now: number, isSettled: boolean): readonly Told[] {
    if (this.#fresh.length === 0 && this.#changed.size === 0) return [];
    const isRipe = ({ rule, firstAt }: Draft): boolean =>
      isSettled || !this.#explainers.has(rule.spec.id) || Math.abs(now - firstAt) >= PATIENCE;
    const ripe = this.#fresh.filter(isRipe);
    this.#fresh = this.#fresh.filter((draft) => !isRipe(draft));
    for (const draft of ripe) this.#states.set(draft, blank());
    const explained: Draft[] = [];
    for (const draft of ripe) this.#relate(draft, explained);
    return [...this.#tell(ripe), ...explained.map((draft) => this.#told('explained', draft))];
  }

  *#tell(ripe: readonly Draft[]): Iterable<Told> {
    for (const draft of new Set([...ripe, ...this.#changed])) {
      const state = this.#states.get(draft);
      if (state === undefined || state.owner !== undefined) continue;
      if (SEVERITIES.indexOf(draft.severity) < this.#least) continue;
      yield this.#told(state.isTold ? 'changed' : 'new', draft);
      state.isTold = true;
    }
    this.#changed.clear();
  }

  /** Once the log has ended and all was drained: those that were met again since they were told. Everything is forgotten. */
  end(): readonly Told[] {
    const last = [...this.#states]
      .filter(([draft, state]) => state.isTold && state.owner === undefined && draft.count > state.count)
      .map(([draft]) => this.#told('last', draft));
    this.#states.clear();
    return last;
  }

  /** Finds what explains a finding, and what it explains. */
  #relate(draft: Draft, explained: Draft[]): void {
    const { id, explains, includes } = draft.rule.spec;
    for (const other of new Set([...explains, ...includes])) {
      for (const part of this.#table.ofRule(other)) {
        const state = this.#states.get(part);
        if (state === undefined || state.owner !== undefined || !this.#mayOwn(draft, part)) continue;
        this.#own(draft, part, state);
        if (state.isTold) explained.push(part);
      }
    }
    const state = this.#states.get(draft);
    if (state === undefined || state.owner !== undefined) return;
    for (const other of this.#explainers.get(id) ?? []) {
      for (const owner of this.#table.ofRule(other)) {
        if (!this.#states.has(owner) || !this.#mayOwn(owner, draft)) continue;
        this.#own(owner, draft, state);
        return;
      }
    }
  }

  /** Two rules may explain each other: no finding comes to explain itself. */
  #mayOwn(owner: Draft, part: Draft): boolean {
    let at: Draft | undefined = owner;
    for (let hop = 0; at !== undefined && hop < 10; hop++, at = this.#states.get(at)?.owner)
      if (at === part) return false;
    return isExplained(part, owner);
  }

  #own(owner: Draft, part: Draft, state: State): void {
    state.owner = owner;
    const top = this.#topOf(owner);
    const parts = this.#states.get(top)?.parts;
    parts?.add(part);
    for (const one of state.parts) parts?.add(one);
    this.#changed.add(top);
  }

  #topOf(draft: Draft): Draft {
    let top = draft;
    for (let hop = 0; hop < 10; hop++) {
      const owner = this.#states.get(top)?.owner;
      if (owner === undefined) return top;
      top = owner;
    }
    return top;
  }

  #told(what: Told['what'], draft: Draft): Told {
    const state = this.#states.get(draft);
    if (state !== undefined) state.count = draft.count;
    const by = state?.owner === undefined ? undefined : this.#topOf(draft);
    return { what, draft, parts: [...(state?.parts ?? [])], ...(by === undefined ? {} : { by }) };
  }
}

const blank = (): State => ({ count: 0, parts: new Set(), owner: undefined, isTold: false });
