/** Puts a judgement, the sandboxes and what was read together to the document of `diagnose`; masks secrets on the way. */
import type { Evidence, Finding } from '../model/finding.js';
import type { Judgement } from '../model/judgement.js';
import type { Reading } from '../model/reading.js';
import type { DiagnoseReport, Sandbox } from '../model/report.js';
import { redact } from './redaction.js';

/** `redact: false` quotes records as they are (`--no-redact`). */
export type DiagnosisOptions = {
  readonly redact?: boolean;
  /** Sandboxes, and files of theirs, that were not asked for. */
  readonly left?: { readonly sandboxes: number; readonly files: number };
};

export function assembleDiagnosis(
  judgement: Judgement,
  sandboxes: readonly Sandbox[],
  reading: readonly Reading[],
  options: DiagnosisOptions = {},
): DiagnoseReport {
  const mask = options.redact === false ? (text: string): string => text : redact;
  const maskEvidence = (evidence: Evidence): Evidence => ({ ...evidence, text: mask(evidence.text) });
  const maskFinding = (finding: Finding): Finding => ({
    ...finding,
    title: mask(finding.title),
    cause: mask(finding.cause),
    remedy: finding.remedy.map(mask),
    evidence: finding.evidence.map(maskEvidence),
    echoes: finding.echoes.map(maskEvidence),
  });
  const maskSandbox = (sandbox: Sandbox): Sandbox => ({
    ...sandbox,
    ...(sandbox.headline === undefined ? {} : { headline: mask(sandbox.headline) }),
    timeline: sandbox.timeline.map((entry) => ({ ...entry, what: mask(entry.what) })),
    config: Object.fromEntries(Object.entries(sandbox.config).map(([name, value]) => [name, mask(value)])),
  });
  return {
    schema: 'runsight/diagnose@1',
    verdict: judgement.verdict,
    headline: mask(judgement.headline),
    findings: judgement.findings.map(maskFinding),
    sandboxes: sandboxes.map(maskSandbox),
    collect: judgement.collect,
    benign: judgement.benign,
    reading,
    ...(options.left === undefined || options.left.files === 0 ? {} : { not_read: options.left }),
  };
}
