/** What is left to say below a view. */
import type { SummaryReport } from '../../model/report.js';
import { wrap, type Screen } from '../layout.js';

const NATIVE = 'Of traces of strace(1) this view knows no programs, files and sockets: it is of runsc logs.';

/** Of strace(1) only names, results and times are followed so far. */
export function nativeNote(report: SummaryReport, screen: Screen): readonly string[] {
  return report.reading.some(({ format }) => format === 'native-strace') ? wrap(NATIVE, screen.width) : [];
}
