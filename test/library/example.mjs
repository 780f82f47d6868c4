import { diagnose, readEvents, summarize } from 'runsight';

const logs = 'samples/release-20240729/connection-refused';

const { report } = await diagnose(logs);
console.log(report.verdict, report.findings[0]?.rule);

const { report: summary } = await summarize(logs);
console.log(summary.syscalls.find((row) => row.name === 'connect')?.errnos);

for await (const event of readEvents(logs)) {
  if (event.kind === 'syscall-exit' && event.errno_name === 'ECONNREFUSED') console.log(event.line, event.args);
}
