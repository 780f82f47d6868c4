/** `runsight merge`: adds up the partial summaries of many logs, folders or machines. */
import { Args, Flags } from '@oclif/core';
import { EXIT, UserError } from '../errors.js';
import type { MergeResult } from '../merge.js';
import type { SkippedLog } from '../model/report.js';
import { Output, WritingCommand, type OutputFlags } from './base.js';
import { hintOf, partsOf, refuseShape, shownOf, SUMMARY_FLAGS } from './summary-output.js';

export default class Merge extends WritingCommand {
  static override description = `Add up partial summaries: the same as one summary of all their logs.

\`summary --partial\` writes them, one run for each log, on as many machines as there are. A log that comes twice is counted once.
A call that is open where its log was cut stays unfinished.`;
  static override examples = [
    '<%= config.bin %> summary --partial node1.log > node1.json; <%= config.bin %> merge node*.json',
    'parallel <%= config.bin %> summary --partial ::: *.log | <%= config.bin %> merge --by file',
    '<%= config.bin %> merge --partial rack1/ > rack1.json',
  ];
  static override strict = false;
  static override args = {
    partial: Args.string({ description: 'partial summaries, folders of them, or - for stdin', ignoreStdin: true }),
  };
  static override flags = {
    ...SUMMARY_FLAGS,
    partial: Flags.boolean({
      description: 'write a partial summary again, which can be merged with others',
    }),
  };

  override async run(): Promise<void> {
    const { argv, flags } = await this.parse(Merge);
    const [{ merge, mergePartially }, { stdinIsGiven }] = await Promise.all([
      import('../merge.js'),
      import('../input/source.js'),
    ]);
    const shown = await shownOf(flags);
    if (flags.partial) refuseShape(flags);
    const paths = argv.length > 0 ? (argv as string[]) : stdinIsGiven() ? ['-'] : noPartials();
    const output = new Output(flags.output, paths);
    const progress = await this.progress(flags, paths);
    if (flags.partial) {
      const { partial, ...result } = await mergePartially(paths, { onProgress: progress.told });
      progress.done();
      const { documentJson } = await import('../formats/document.js');
      await output.write(documentJson(partial));
      await output.end();
      this.conclude(result, flags, partial.partials);
      return;
    }
    const { report, ...result } = await merge(paths, {
      onProgress: progress.told,
      ...partsOf(shown, flags),
      ...(flags.histogram === undefined ? {} : { histogram: flags.histogram }),
    });
    progress.done();
    const table = APART[shown.view as keyof typeof APART];
    const lacks = table === undefined ? undefined : result.lacking.get(table);
    if (lacks !== undefined)
      throw new UserError(`${printed(lacks)} was made without the table of ${table}`, {
        suggestions: [`make all partial summaries with: runsight summary --partial --by ${shown.view} LOG`],
      });
    const isFiltered = report.merged?.filter !== null;
    for (const piece of shown.pieces(report, this.screen(flags), { isFiltered })) await output.write(piece);
    await output.end();
    if (report.histogram?.calls === 0 && !flags.quiet) {
      const hint = await hintOf(report);
      if (hint !== undefined) this.logToStderr(`note: ${hint}`);
    }
    this.conclude(result, flags, report.merged?.partials ?? 0);
  }

  /** Tells what was skipped and what could not be added, and ends with the code that follows. */
  private conclude({ problems, skipped }: MergeResult, flags: OutputFlags, partials: number): void {
    if (!flags.quiet) for (const line of notesOf(skipped)) this.logToStderr(line);
    for (const { source, why, suggestion } of problems) this.tell({ source, why: printed(why), suggestion });
    if (partials === 0 && problems.length === 0)
      this.logToStderr('error: no partial summary was found\n  make some with: runsight summary --partial LOG');
    if (partials === 0 || problems.length > 0) this.exit(EXIT.unreadable);
  }
}

/** The tables that views show and that a partial holds only where they were asked for. */
const APART = { thread: 'threads', container: 'containers', second: 'seconds' } as const;

/** So many logs that came twice are told of one by one. */
const MOST_NOTES = 10;

function notesOf(skipped: readonly SkippedLog[]): readonly string[] {
  const notes = skipped
    .slice(0, MOST_NOTES)
    .map(
      ({ source, partial, same_as: same }) =>
        `note: ${printed(source)} of ${printed(partial)} is counted already${same === source ? '' : ` as ${printed(same)}`}: skipped`,
    );
  const more = skipped.length - notes.length;
  return more === 0
    ? notes
    : [...notes, `note: ${more} more logs are counted already, and were skipped (--json lists them)`];
}

/** What others wrote, as it can be shown. */
function printed(text: string): string {
  return text.slice(0, 1000).replace(/[^\x20-\x7e]/g, '?');
}

function noPartials(): never {
  throw new UserError('nothing to add up: no partial summary was given, and stdin is no pipe or file', {
    suggestions: [
      'make one for each log:  runsight summary --partial boot.log > boot.json',
      'then add them up:       runsight merge *.json',
    ],
  });
}
