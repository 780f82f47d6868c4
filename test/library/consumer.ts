/** A program that uses the package as its users do, by its name: compiled against its types, and run by Node. */
import { createReadStream } from 'node:fs';
import {
  diagnose,
  readEvents,
  scan,
  summarize,
  type DiagnoseReport,
  type InputProblem,
  type LogEvent,
  type Reading,
  type ScanReport,
  type SummaryReport,
} from 'runsight';

const [, , log = '', folder = ''] = process.argv;

/** Narrowed by `kind`, as a union is. */
function durationOf(event: LogEvent): number {
  return event.kind === 'syscall-exit' ? event.duration_ns : 0;
}

const { report: scanned }: { report: ScanReport } = await scan(log, { only: ['shell-stdio-socket'] });

const readings: Reading[] = [];
let events = 0;
let nanos = 0;
for await (const event of readEvents(log, { onReading: (reading) => readings.push(reading) })) {
  events++;
  nanos += durationOf(event);
}

let streamed = 0;
for await (const event of readEvents(createReadStream(log))) if (event.source === '-') streamed++;

// Whoever has seen enough leaves the loop.
let first: LogEvent | undefined;
for await (const event of readEvents([log, folder])) {
  first = event;
  break;
}

const { report: summary, problems }: { report: SummaryReport; problems: readonly InputProblem[] } = await summarize([
  log,
  `${log}.missing`,
]);
const { report: diagnosis }: { report: DiagnoseReport } = await diagnose(folder);

let thrown = '';
try {
  for await (const _ of readEvents(`${log}.missing`)) thrown = 'an event';
} catch (error) {
  thrown = (error as Error).message;
}

console.log(
  JSON.stringify({
    events,
    nanos,
    streamed,
    first: first?.line,
    bytes: readings[0]?.bytes,
    calls: summary.syscalls.reduce((sum, { calls }) => sum + calls, 0),
    totalNanos: summary.syscalls.reduce((sum, { total_ns }) => sum + total_ns, 0),
    problems: problems.map(({ kind }) => kind),
    verdict: diagnosis.verdict,
    rules: scanned.rules,
    cause: diagnosis.findings[0]?.rule,
    thrown,
  }),
);
