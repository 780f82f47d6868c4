/** What `scan` found as SARIF 2.1.0, for code scanning of forges and for viewers of security results. */
import type { Evidence, Severity } from '../model/finding.js';
import { TRIED, type ScanFinding, type ScanReport } from '../model/scan.js';

const LEVELS: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  info: 'note',
};
/** What viewers sort by: of 10. */
const SCORES: Readonly<Record<Severity, string>> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.0',
  low: '3.0',
  info: '1.0',
};

/** Fingerprints stay the same from run to run: they are made of the rule, the program and what it did, without numbers. */
export function formatSarif(report: ScanReport): string {
  const ids = [...new Set(report.findings.map(({ rule }) => rule))].toSorted();
  const document = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'runsight',
            informationUri: 'https://gvisor.dev/docs/user_guide/debugging/',
            rules: ids.map((id) => ruleOf(id, report.findings.find(({ rule }) => rule === id) as ScanFinding)),
          },
        },
        automationDetails: { id: 'runsight/scan' },
        columnKind: 'unicodeCodePoints',
        results: report.findings.map((finding) => resultOf(finding, ids.indexOf(finding.rule))),
        invocations: [
          {
            executionSuccessful: true,
            toolExecutionNotifications: [
              ...report.not_evaluated.map(({ rule, why }) => ({
                level: 'note',
                message: { text: `not evaluated: ${rule}: ${why}` },
              })),
              ...report.notes.map((text) => ({ level: 'note', message: { text } })),
            ],
          },
        ],
      },
    ],
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function ruleOf(id: string, finding: ScanFinding): unknown {
  const { category, attack, k8s_matrix, false_positives, severity } = finding;
  // what became of one finding says nothing of the rule
  const title = finding.title.endsWith(TRIED) ? finding.title.slice(0, -TRIED.length).trimEnd() : finding.title;
  return {
    id,
    name: id.replace(/(?:^|-)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()),
    shortDescription: { text: title },
    help: { text: false_positives.length === 0 ? title : `${title}. Lawful: ${false_positives.join('; ')}.` },
    defaultConfiguration: { level: LEVELS[severity] },
    properties: {
      tags: ['security', category, ...attack.map((one) => `attack/${one}`), ...k8s_matrix.map((one) => `k8s/${one}`)],
      'security-severity': SCORES[severity],
    },
  };
}

function resultOf(finding: ScanFinding, ruleIndex: number): unknown {
  const [decisive, ...others] = finding.evidence;
  return {
    ruleId: finding.rule,
    ruleIndex,
    level: LEVELS[finding.severity],
    message: { text: finding.cause },
    ...(decisive === undefined ? {} : { locations: [locationOf(decisive)] }),
    ...(others.length === 0 ? {} : { relatedLocations: others.map((one, id) => ({ id: id + 1, ...locationOf(one) })) }),
    occurrenceCount: finding.count,
    partialFingerprints: { 'runsight/v1': finding.fingerprint },
    properties: {
      severity: finding.severity,
      process: finding.process,
      first: finding.first,
      last: finding.last,
      ...(finding.parts === undefined ? {} : { parts: finding.parts }),
    },
  };
}

function locationOf({ source, line, text }: Evidence): object {
  return {
    physicalLocation: {
      artifactLocation: { uri: uriOf(source) },
      region: { startLine: line, snippet: { text } },
    },
    message: { text: text.length > 500 ? `${text.slice(0, 500)}...` : text },
  };
}

/** Paths may hold anything: a URI may not. */
function uriOf(source: string): string {
  const path = source === '-' ? 'stdin' : source;
  return path.split('/').map(encodeURIComponent).join('/');
}
