/** One judgement of many: the newest sandbox that failed leads, the others follow, and what is healthy stays short. */
import type { Finding } from '../model/finding.js';
import type { Judgement } from '../model/judgement.js';
import type { Benign } from '../model/report.js';

/** How one sandbox was judged. `name` is its id, or what stands for it. */
export type Judged = {
  readonly name: string;
  readonly judgement: Judgement;
  /** No sandbox, but commands that looked for one of this name (exec or kill of an id that is not known). */
  readonly isCommandOnly: boolean;
};

const isFailure = ({ judgement: { verdict } }: Judged): boolean => verdict !== 'healthy' && verdict !== 'inconclusive';

const named = ({ name, judgement }: Judged): readonly Finding[] =>
  judgement.findings.map((finding) => ({ ...finding, sandbox: name }));

/** What failed of commands on ids that are no sandbox of these logs comes behind what failed of the sandboxes, and is no failure of theirs. */
function withCommands(main: Judgement, commands: readonly Judged[]): Judgement {
  const [first] = commands.filter(isFailure);
  const said = commands.flatMap(named).filter(({ severity }) => severity !== 'info');
  if (first === undefined || main.verdict !== 'healthy') return { ...main, findings: [...main.findings, ...said] };
  return {
    ...main,
    verdict: 'degraded',
    headline: `${first.judgement.headline} ${main.headline}`,
    findings: [...said, ...main.findings],
    answers: first.judgement.answers,
  };
}

/** Puts the judgements of all sandboxes together, which are given newest first. */
export function judgementOf(all: readonly Judged[]): Judgement {
  const [newest] = all;
  if (newest === undefined) throw new Error('no sandbox was judged');
  if (all.length === 1) return newest.judgement;
  const sandboxes = all.filter(({ isCommandOnly }) => !isCommandOnly);
  if (sandboxes.length > 0 && sandboxes.length < all.length) {
    const commands = all.filter((one) => one.isCommandOnly && one.judgement.findings.length > 0);
    return { ...withCommands(judgementOf(sandboxes), commands), benign: benignOf(all) };
  }
  const failed = all.filter(isFailure);
  const doubtful = all.filter(({ judgement }) => judgement.verdict === 'inconclusive' && judgement.findings.length > 0);
  const lead = failed[0] ?? doubtful[0] ?? newest;
  // harmless lines of sandboxes that fared well say nothing beside a failure; what is more than harmless stays
  const followers = all
    .filter((one) => one !== lead)
    .toSorted((a, b) => Number(isFailure(b)) - Number(isFailure(a)))
    .flatMap(named)
    .filter(({ severity }) => severity !== 'info' || lead.judgement.verdict === 'healthy');
  return {
    verdict: lead.judgement.verdict,
    headline: headlineOf(lead, failed.length, all.length),
    findings: [...named(lead), ...followers],
    collect: lead.judgement.collect,
    benign: benignOf(all),
    answers: lead.judgement.answers,
  };
}

function headlineOf(lead: Judged, failed: number, all: number): string {
  const { headline } = lead.judgement;
  if (failed === 0) return lead.judgement.verdict === 'healthy' ? `${all} sandboxes: nothing failed.` : headline;
  if (failed === 1) return `${headline} (1 of ${all} sandboxes failed)`;
  return `${headline} (the newest failure; ${failed} of ${all} sandboxes failed)`;
}

function benignOf(all: readonly Judged[]): readonly Benign[] {
  const sums = new Map<string, Benign>();
  for (const { judgement } of all) {
    for (const one of judgement.benign) {
      sums.set(one.rule, { ...one, count: one.count + (sums.get(one.rule)?.count ?? 0) });
    }
  }
  return [...sums.values()].toSorted((a, b) => b.count - a.count || (a.rule < b.rule ? -1 : 1));
}
