/** Puts a judgement, the sandboxes and what was read together to the document of `diagnose`; masks secrets on the way. */
import type { Judgement } from '../model/judgement.js';
import type { Reading } from '../model/reading.js';
import type { DiagnoseReport, Explanation, Redaction, Sandbox } from '../model/report.js';
import { Redactor } from './redaction.js';

export type DiagnosisOptions = {
  /** What quoted records do not show; `secrets` where nothing is said. */
  readonly redaction?: Redaction;
  /** Sandboxes, and files of theirs, that were not asked for. */
  readonly left?: { readonly sandboxes: number; readonly files: number };
  /** How the rules answered (`--explain`). */
  readonly explain?: Explanation;
};

/** Words of our own, numbers and counters: nothing of the log is in them. */
const OWN = ['schema', 'rule', 'severity', 'confidence', 'verdict', 'time', 'events', 'unread', 'year'] as const;
/** Sources are named as they were found, unless who and where is to be hidden. */
const PLACES = ['source', 'files', 'repeats'] as const;

export function assembleDiagnosis(
  judgement: Judgement,
  sandboxes: readonly Sandbox[],
  reading: readonly Reading[],
  options: DiagnosisOptions = {},
): DiagnoseReport {
  const { redaction = 'secrets', left, explain } = options;
  const redactor = new Redactor(redaction);
  const kept = new Set<string>(redaction === 'identity' ? OWN : [...OWN, ...PLACES]);
  const { headline, findings, collect, benign } = judgement;
  const shown = redactor.value({ headline, findings, sandboxes, collect, benign, reading }, kept);
  const explained = explain === undefined ? {} : { explain: redactor.value(explain, kept) };
  return {
    schema: 'runsight/diagnose@1',
    verdict: judgement.verdict,
    ...shown,
    masked: redactor.masked,
    ...(left === undefined || left.files === 0 ? {} : { not_read: left }),
    ...explained,
  };
}
