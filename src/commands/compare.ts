/** `runsight compare`: what differs between this native strace (or runsc log) and that runsc log? */
import { Args, Flags } from '@oclif/core';
import { UserError } from '../errors.js';
import type { InputFormat } from '../events/stream.js';
import { FORMATS } from '../formats/index.js';
import { BaseCommand, Output } from './base.js';

export default class Compare extends BaseCommand {
  static override description = `Say what differs between two traces of one program, and which difference matters.

A is the reference (strace -f -tt -T -y -o FILE under runc, or a good run), B the run in question; each is a file, a folder, or files with commas between them.`;
  static override examples = [
    '<%= config.bin %> compare native.strace /tmp/runsc',
    '<%= config.bin %> compare --fail-on divergence good/ bad/',
    '<%= config.bin %> compare --pairs pairs.txt',
  ];
  static override args = {
    a: Args.string({ description: 'the reference: native strace, or the log of a good run' }),
    b: Args.string({ description: 'the run in question' }),
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
    if (a === undefined || b === undefined)
      throw new UserError('compare needs two sides', { suggestions: ['runsight compare native.strace /tmp/runsc'] });
    const { compare } = await import('../compare.js');
    const paths = [a, b].map((side) => side.split(','));
    const output = new Output(flags.output, paths.flat());
    const { report, problems } = await compare(paths[0] as string[], paths[1] as string[], {
      inputFormat: flags['input-format'] as InputFormat,
      redact: flags.redact,
      ...(flags.container === undefined ? {} : { container: flags.container }),
    });
    const { documentJson } = await import('../formats/document.js');
    await output.write(documentJson(report));
    await output.end();
    const records = report.reading.reduce((sum, reading) => sum + reading.records, 0);
    const code = this.report(problems, flags, records);
    const isMet = flags['fail-on'] !== undefined && (report.verdict === 'differs' || report.verdict === 'incomparable');
    if (code !== 0 || isMet) this.exit(code === 0 ? 1 : code);
  }
}
