/** Scans lines in tests: with rules of the test alone, read in chunks of any size. */
import { logOf } from '../../src/rule-tests.js';
import { scan, type ScanOptions } from '../../src/scan.js';
import type { ScanFinding } from '../../src/model/scan.js';

/** What two readings of the same have to agree in. */
export type Told = Pick<ScanFinding, 'rule' | 'severity' | 'cause' | 'count' | 'first' | 'last' | 'fingerprint'> & {
  readonly lines: readonly number[];
};

export function told(findings: readonly ScanFinding[]): readonly Told[] {
  return findings.map(({ rule, severity, cause, count, first, last, fingerprint, evidence }) => ({
    rule,
    severity,
    cause,
    count,
    first,
    last,
    fingerprint,
    lines: evidence.map(({ line }) => line),
  }));
}

/** Bytes as a stream of chunks of one size. */
export async function* chunked(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** What one's own rules say of lines as those of rule tests. */
export async function findingsOf(
  rules: string,
  lines: string,
  options: ScanOptions = {},
): Promise<readonly ScanFinding[]> {
  const { report } = await scan(chunked(Buffer.from(logOf(lines)), 65_536), {
    rules: [{ name: 'test.yaml', text: rules }],
    onlyOwn: true,
    inputFormat: 'glog',
    ...options,
  });
  return report.findings;
}
