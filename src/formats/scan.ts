/** What `scan` found as a person reads it. */
import type { ScanReport } from '../model/scan.js';
import type { Screen } from './layout.js';

export type ScanView = { readonly verbose: boolean };

export function formatScan(report: ScanReport, _screen: Screen, _view: ScanView): string {
  return report.findings.map((one) => `${one.severity} ${one.rule} ${one.cause}\n`).join('');
}
