/** `runsight summary`: which syscalls, how often, how long, failing how. */
import { Args, Flags } from '@oclif/core';
import { setFlagsFromString } from 'node:v8';
import { UserError } from '../errors.js';
import type { InputFormat } from '../events/stream.js';
import { printable } from '../formats/printable.js';
import type { InputProblem } from '../pipeline.js';
import { BaseCommand, FILTER_FLAGS, filterFlags, Output, type OutputFlags } from './base.js';
import { hintOf, partsOf, refuseShape, shownOf, SUMMARY_FLAGS } from './summary-output.js';

export default class Summary extends BaseCommand {
  static override description = `Count the syscalls of a workload: calls, errors, times.

Reads the boot log of a run with --strace. Calls that wait by design stand apart; percentiles are right to one part in 16.`;
  static override examples = [
    '<%= config.bin %> summary /tmp/runsc',
    '<%= config.bin %> summary --by file --top 20 boot.log',
    '<%= config.bin %> summary --columns name,calls,errors,p99,max --sort p99 boot.log',
    'zcat boot.log.gz | <%= config.bin %> summary --format csv > calls.csv',
  ];
  static override strict = false;
  static override args = {
    path: Args.string({ description: 'files, folders, or - for stdin', ignoreStdin: true }),
  };
  static override flags = {
    ...SUMMARY_FLAGS,
    show: Flags.integer({
      description: 'the slowest calls as they stand in the log, so many; with a filter of those that fit',
      min: 1,
      max: 1000,
      exclusive: ['by', 'histogram'],
    }),
    advice: Flags.boolean({ description: 'also how the next trace can be smaller (said of large logs in any case)' }),
    partial: Flags.boolean({
      description: 'write what `merge` adds up with others: with --by also the table of threads, containers or seconds',
    }),
    ...FILTER_FLAGS,
  };

  override async run(): Promise<void> {
    // What is read becomes columns, and next to no object lives on. V8 reads this flag each time it would let the young generation grow.
    setFlagsFromString('--semi-space-growth-factor=1');
    setFlagsFromString('--max-inlined-bytecode-size-cumulative=300');
    const { argv, flags } = await this.parse(Summary);
    const [{ summarize, summarizePartially }, { pathsOf }] = await Promise.all([
      import('../summarize.js'),
      import('./paths.js'),
    ]);
    const shown = await shownOf(flags);
    const by = COUNTED_APART.filter((name) => name === shown.view);
    if (flags.partial) {
      refuseShape(flags);
      if (flags.by !== 'syscall' && by.length === 0)
        throw new UserError(`a partial summary always holds what --by ${flags.by} shows`, {
          suggestions: [`leave it out here, and give it to merge: runsight merge --by ${flags.by} ...`],
        });
    }
    const paths = pathsOf(argv as string[]);
    const twice = paths.find((path, index) => paths.indexOf(path) < index);
    if (twice !== undefined && !flags.quiet)
      this.logToStderr(`note: ${printable(twice)} was given twice: it counts once`);
    const output = new Output(flags.output, paths);
    const progress = await this.progress(flags, paths);
    const filter = await this.filter(flags);
    const reading = {
      ...(filter === undefined ? {} : { where: filter.passes }),
      inputFormat: flags['input-format'] as InputFormat,
      onProgress: progress.told,
      by,
    };
    if (flags.partial) {
      const { partial, problems } = await summarizePartially(paths, { ...reading, filter: filterFlags(flags) });
      progress.done();
      const { documentJson } = await import('../formats/document.js');
      await output.write(documentJson(partial));
      await output.end();
      await this.noteFilter(filter, flags);
      this.conclude(problems, flags, partial.logs);
      return;
    }
    const { report, problems } = await summarize(paths, {
      ...reading,
      ...partsOf(shown, flags),
      ...(flags.histogram === undefined ? {} : { histogram: flags.histogram }),
      ...(flags.show === undefined ? {} : { show: flags.show }),
    });
    progress.done();
    const choice = { isFiltered: filter !== undefined, asksProcess: filter?.present != null, advice: flags.advice };
    for (const piece of shown.pieces(report, this.screen(flags), choice)) await output.write(piece);
    await output.end();
    await this.noteFilter(filter, flags);
    // a name that no call has may be a slip of the hand
    if (report.histogram?.calls === 0 && filter === undefined && !flags.quiet) {
      const hint = await hintOf(report);
      if (hint !== undefined) this.logToStderr(`note: ${hint}`);
    }
    this.conclude(problems, flags, report.reading);
  }

  /** Tells what could not be read, and ends with the code that follows. */
  private conclude(
    problems: readonly InputProblem[],
    flags: OutputFlags,
    readings: readonly { readonly records: number }[],
  ): void {
    const code = this.report(
      problems,
      flags,
      readings.reduce((sum, reading) => sum + reading.records, 0),
    );
    if (code !== 0) this.exit(code);
  }
}

/** Views that have an analyzer of their own. */
const COUNTED_APART = ['thread', 'container', 'second'] as const;
