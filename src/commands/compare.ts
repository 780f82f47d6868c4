/** `runsight compare`: what differs between this native strace (or runsc log) and that runsc log? */
import { Args, Flags } from '@oclif/core';
import type { CompareOptions } from '../compare.js';
import { EXIT, UserError } from '../errors.js';
import type { InputFormat } from '../events/stream.js';
import { FORMATS } from '../formats/index.js';
import { BaseCommand, Output, type OutputFlags } from './base.js';

export default class Compare extends BaseCommand {
  static override description = `Say what differs between two traces of one program, and which difference matters.

A is the reference (strace -f -tt -T -y -o FILE under runc, or a good run), B the run in question; each is a file, a folder, or files with commas between them.`;
  static override examples = [
    '<%= config.bin %> compare native.strace /tmp/runsc',
    '<%= config.bin %> compare --fail-on divergence good/ bad/',
    '<%= config.bin %> compare --pairs pairs.txt',
  ];
  static override args = {
    a: Args.string({ description: 'the reference: native strace, or the log of a good run', ignoreStdin: true }),
    b: Args.string({ description: 'the run in question', ignoreStdin: true }),
  };
  static override flags = {
    format: Flags.string({ description: 'how the differences are written', options: FORMATS.compare, default: 'text' }),
    json: Flags.boolean({ description: 'the same as --format json' }),
    verbose: Flags.boolean({ char: 'v', description: 'show every difference with its records' }),
    'fail-on': Flags.string({ description: 'exit with 1 if the sides diverge', options: ['divergence'] }),
    container: Flags.string({ description: 'compare this container, of logs that hold several' }),
    pairs: Flags.string({ description: 'compare many: a file with A and B on each line', exclusive: ['container'] }),
    redact: Flags.boolean({ description: 'mask environments, passwords and tokens', default: true, allowNo: true }),
  };

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(Compare);
    const { a, b } = args;
    const options = {
      inputFormat: flags['input-format'] as InputFormat,
      redact: flags.format === 'markdown' && flags.redact ? ('identity' as const) : flags.redact,
    };
    const isFatal = (verdict: string): boolean =>
      flags['fail-on'] !== undefined &&
      (verdict === 'differs' || verdict === 'incomparable' || verdict === 'unreadable');
    if (flags.pairs !== undefined) {
      if (a !== undefined)
        throw new UserError('--pairs names both sides of each pair', { suggestions: ['leave A and B out'] });
      await this.#pairs(flags.pairs, flags, options, isFatal);
      return;
    }
    if (a === undefined || b === undefined) {
      throw new UserError(`compare needs two sides${a === undefined ? '' : ', and was given one'}`, {
        suggestions: ['A is the reference, B the run in question: runsight compare native.strace /tmp/runsc'],
      });
    }
    const { compare } = await import('../compare.js');
    const paths = [a.split(','), b.split(',')] as const;
    const progress = await this.progress(flags, paths.flat());
    const output = new Output(flags.output, paths.flat());
    const { report, problems } = await compare(paths[0], paths[1], {
      ...options,
      onProgress: progress.told,
      ...(flags.container === undefined ? {} : { container: flags.container }),
    });
    progress.done();
    if (flags.json || flags.format === 'json') {
      const { documentJson } = await import('../formats/document.js');
      await output.write(documentJson(report));
    } else if (flags.format === 'markdown') {
      const { formatCompareMarkdown } = await import('../formats/compare-markdown.js');
      await output.write(formatCompareMarkdown(report));
    } else {
      const { formatCompare } = await import('../formats/compare.js');
      await output.write(formatCompare(report, this.screen(flags), { verbose: flags.verbose }));
    }
    await output.end();
    const records = report.reading.reduce((sum, reading) => sum + reading.records, 0);
    const code = this.report(problems, flags, records);
    if (code !== 0 || isFatal(report.verdict)) this.exit(code === 0 ? 1 : code);
  }

  /** The batch form: a table of all, and groups of those whose first difference is the same. */
  async #pairs(
    path: string,
    flags: OutputFlags & { readonly json?: boolean; readonly format?: string },
    options: Pick<CompareOptions, 'inputFormat' | 'redact'>,
    isFatal: (verdict: string) => boolean,
  ): Promise<void> {
    const [{ comparePairs, readPairs }, { readFileSync }] = await Promise.all([
      import('../compare.js'),
      import('node:fs'),
    ]);
    let text: string;
    try {
      text = readFileSync(path === '-' ? 0 : path, 'utf8');
    } catch (error) {
      throw new UserError(`cannot read ${path}: ${(error as Error).message}`, { exit: EXIT.unreadable });
    }
    const { pairs, faults } = readPairs(text);
    const [fault] = faults;
    if (fault !== undefined || pairs.length === 0) {
      throw new UserError(
        fault === undefined ? `${path} holds no pairs` : `${path}:${fault.line}: "${fault.text}" names no two sides`,
        { suggestions: ['each line holds A and B, parted by a tab or blanks, and a name if you like'] },
      );
    }
    const output = new Output(flags.output, [path, ...pairs.flatMap(({ a, b }) => [...a.split(','), ...b.split(',')])]);
    const batch = await comparePairs(pairs, options);
    if (flags.json === true || flags.format === 'json') {
      const { documentJson } = await import('../formats/document.js');
      await output.write(documentJson(batch));
    } else if (flags.format === 'markdown') {
      const { formatBatchMarkdown } = await import('../formats/compare-markdown.js');
      await output.write(formatBatchMarkdown(batch));
    } else {
      const { formatCompareBatch } = await import('../formats/compare.js');
      await output.write(formatCompareBatch(batch, this.screen(flags)));
    }
    await output.end();
    if (batch.pairs.some(({ verdict }) => verdict === 'unreadable')) this.exit(EXIT.unreadable);
    if (batch.pairs.some(({ verdict }) => isFatal(verdict))) this.exit(1);
  }
}
