/** What the text and the Markdown of a diagnosis choose to show alike: words for verdicts, facts of a run, steps of its life. */
import type { DiagnoseReport, ExplainedMatch, Explanation, Sandbox, Verdict } from '../model/report.js';
import { clockOf, count, plural, type Style } from './layout.js';

export const LABELS: Readonly<Record<Verdict, { readonly label: string; readonly style: Style }>> = {
  'failed-start': { label: 'FAILED START', style: 'bad' },
  'sandbox-crash': { label: 'SANDBOX CRASH', style: 'bad' },
  'app-failure': { label: 'APP FAILURE', style: 'bad' },
  hang: { label: 'HANG', style: 'bad' },
  degraded: { label: 'DEGRADED', style: 'warn' },
  healthy: { label: 'HEALTHY', style: 'good' },
  inconclusive: { label: 'INCONCLUSIVE', style: 'warn' },
};

/** Settings that matter first; the others are shown with --verbose. */
const BRIEF = new Set(['command', 'network', 'overlay', 'pid']);
/** Steps of a life that are shown, and of each so many characters. */
const STEPS = 8;
const STEP_CHARACTERS = 60;

/** The run that the verdict is about. */
export function leadOf({ sandboxes, verdict }: DiagnoseReport): Sandbox | undefined {
  return sandboxes.find((one) => one.verdict === verdict) ?? sandboxes[0];
}

const shortId = (id: string): string => (/^[0-9a-f]{64}$/.test(id) ? id.slice(0, 12) : id.slice(0, 64));

/** Release, platform, settings, containers, outcome. */
export function factsOf(sandbox: Sandbox, verbose: boolean): readonly string[] {
  const config = Object.entries(sandbox.config)
    .filter(([name]) => verbose || BRIEF.has(name))
    .map(([name, value]) => `${name} ${value}`);
  const [own, ...joined] = sandbox.containers;
  return [
    sandbox.version === null ? 'runsc of unknown release' : `runsc ${sandbox.version}`,
    ...(sandbox.platform === null ? [] : [`platform ${sandbox.platform}`]),
    ...config,
    ...(own === undefined ? [] : [`container ${shortId(own)}`]),
    ...(joined.length === 0 ? [] : [`with ${joined.slice(0, 4).map(shortId).join(', ')} in its sandbox`]),
    sandbox.outcome,
  ];
}

const shortened = (what: string): string =>
  what.length <= STEP_CHARACTERS ? what : `${what.slice(0, STEP_CHARACTERS - 3).trimEnd()}...`;

/** Steps with their times, the first by the clock and the others after it; none where there is only one. */
export function lifeOf(sandbox: Sandbox, verbose: boolean): readonly string[] {
  const life = sandbox.timeline.filter(({ what }) => what !== '');
  if (life.length < 2) return [];
  const shown = verbose ? life : life.slice(0, STEPS);
  const steps = shown.map(({ what, after_ms: after }, index) => {
    const when = index === 0 ? clockOf(life[0]?.time ?? null) : after === null ? '' : `+${count(Math.round(after))} ms`;
    return `${when} ${verbose ? what : shortened(what)}`.trim();
  });
  if (shown.length < life.length) steps.push(`and ${plural(life.length - shown.length, 'more step')}`);
  return steps;
}

/** What stands as `***`, and how to see it; undefined where nothing does. */
export function maskedText({ masked }: DiagnoseReport): string | undefined {
  if (masked === 0) return undefined;
  return `${plural(masked, 'value')} masked (***); --no-redact shows ${masked === 1 ? 'it' : 'them'}.`;
}

/** How many rules answered how. */
export function explainedText({ rules, clear }: Explanation): string {
  const of = (state: string): number => rules.filter((rule) => rule.state === state).length;
  const others = [
    ...(of('not-applicable') > 0 ? [`${count(of('not-applicable'))} could not be applied`] : []),
    ...(of('failed') > 0 ? [`${count(of('failed'))} failed`] : []),
  ];
  return `${count(of('found'))} of ${plural(rules.length + clear, 'rule')} found something${others.map((one) => `, ${one}`).join('')}; ${count(clear)} found nothing.`;
}

/** `1st of the findings`, or why not. */
export function standingOf({ rank, lost }: ExplainedMatch): string {
  if (rank === 1) return 'first: this is the answer.';
  return lost === undefined ? `number ${rank ?? '-'}.` : lost;
}

/** Why a rule has no matches. */
export function silenceText(rule: Explanation['rules'][number]): string {
  return rule.state === 'failed'
    ? `failed, which is a bug of runsight: ${rule.why ?? ''}`
    : `could not be applied: ${rule.why ?? ''}`;
}
