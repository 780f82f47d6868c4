/** `runsight scan`: what is abnormal in this workload? */
import { Args, Flags } from '@oclif/core';
import { setFlagsFromString } from 'node:v8';
import { UserError } from '../errors.js';
import { FORMATS } from '../formats/index.js';
import type { InputFormat } from '../events/stream.js';
import { BaseCommand, FILTER_FLAGS, Output } from './base.js';
import { baselineOf } from './learn.js';

const LEVELS = ['info', 'low', 'medium', 'high', 'critical'] as const;

export default class Scan extends BaseCommand {
  static override description = `Say what is abnormal in a workload: attacks, trouble, waste.

Rules look at the calls of the boot log (--strace) and at what the sentry says. "rules list" names them, "rules show ID" explains one.`;
  static override examples = [
    '<%= config.bin %> scan /tmp/runsc',
    '<%= config.bin %> scan --min-severity medium --fail-on high boot.log',
    '<%= config.bin %> scan --format sarif --output scan.sarif boot.log',
  ];
  static override strict = false;
  static override args = {
    path: Args.string({ description: 'files, folders, or - for stdin', ignoreStdin: true }),
  };
  static override flags = {
    format: Flags.string({ description: 'how the findings are written', options: FORMATS.scan, default: 'text' }),
    json: Flags.boolean({ description: 'the same as --format json' }),
    verbose: Flags.boolean({ char: 'v', description: 'show every finding with all its records' }),
    'min-severity': Flags.string({ description: 'leave out what is below', options: [...LEVELS] }),
    'fail-on': Flags.string({
      description: 'exit with 1 if there is a finding of this severity or above',
      options: [...LEVELS],
    }),
    disable: Flags.string({
      description: 'leave out these rules (names with commas between them)',
      multiple: true,
      multipleNonGreedy: true,
    }),
    only: Flags.string({ description: 'ask these rules only', multiple: true, multipleNonGreedy: true }),
    ...FILTER_FLAGS,
    rules: Flags.string({
      description: 'more rules: a file or a folder of *.yaml; an id of a built-in rule replaces it',
      multiple: true,
      multipleNonGreedy: true,
    }),
    'only-own': Flags.boolean({ description: 'ask the rules of --rules only', dependsOn: ['rules'] }),
    exceptions: Flags.string({ description: 'a file of what is known and allowed, with reasons and last days' }),
    baseline: Flags.string({ description: 'tell what goes beyond this file of runsight learn' }),
    costs: Flags.boolean({ description: 'say which rules cost most' }),
    redact: Flags.boolean({ description: 'mask environments, passwords and tokens', default: true, allowNo: true }),
  };

  override async run(): Promise<void> {
    // What lives on grows slowly, and V8 would let four times as much lie before it collects: 7 % less memory, in the same time.
    setFlagsFromString('--heap-growing-percent=50');
    const { argv, flags } = await this.parse(Scan);
    const [{ scan }, { pathsOf }, { exceptionsSourceOf, ruleSourcesOf }] = await Promise.all([
      import('../scan.js'),
      import('./paths.js'),
      import('../rule-sources.js'),
    ]);
    const [least, fatal] = [flags['min-severity'], flags['fail-on']].map((one) =>
      LEVELS.findIndex((level) => level === one),
    );
    if (least !== undefined && fatal !== undefined && fatal !== -1 && fatal < least) {
      throw new UserError(`--fail-on ${flags['fail-on']} is below --min-severity ${flags['min-severity']}`, {
        suggestions: ['what is left out cannot fail: give the same severity to both, or leave one out'],
      });
    }
    const paths = pathsOf(argv as string[]);
    const progress = await this.progress(flags, paths);
    const output = new Output(flags.output, paths);
    const listed = (texts: readonly string[] | undefined): readonly string[] =>
      (texts ?? []).flatMap((one) => one.split(',').map((id) => id.trim())).filter((id) => id !== '');
    const filter = await this.filter(flags);
    const { report: found, problems } = await scan(paths, {
      ...(filter === undefined ? {} : { where: filter.passes }),
      inputFormat: flags['input-format'] as InputFormat,
      onProgress: progress.told,
      redact: flags.redact,
      rules: ruleSourcesOf(flags.rules ?? []),
      onlyOwn: flags['only-own'],
      ...(flags.exceptions === undefined ? {} : { exceptions: exceptionsSourceOf(flags.exceptions) }),
      ...(flags.baseline === undefined ? {} : { baseline: await baselineOf(flags.baseline) }),
      disable: listed(flags.disable),
      only: listed(flags.only),
      costs: flags.costs,
      ...(flags['min-severity'] === undefined ? {} : { minSeverity: flags['min-severity'] as (typeof LEVELS)[number] }),
    });
    progress.done();
    const unfit = await this.noteFilter(filter, flags);
    const report = unfit === undefined ? found : { ...found, notes: [unfit, ...found.notes] };
    if (flags.json || flags.format === 'json') {
      const { documentJson } = await import('../formats/document.js');
      await output.write(documentJson(report));
    } else if (flags.format === 'sarif') {
      const { formatSarif } = await import('../formats/sarif.js');
      await output.write(formatSarif(report));
    } else {
      const [{ formatScan }, { shellWord }] = await Promise.all([
        import('../formats/scan.js'),
        import('../input/source.js'),
      ]);
      await output.write(
        formatScan(report, this.screen(flags), {
          verbose: flags.verbose,
          isUnfit: unfit !== undefined,
          rulesFlags: (flags.rules ?? []).map((path) => ` --rules ${shellWord(path)}`).join(''),
        }),
      );
    }
    await output.end();
    const level = LEVELS.findIndex((severity) => severity === flags['fail-on']);
    const isMet = level !== -1 && report.findings.some(({ severity }) => LEVELS.indexOf(severity) >= level);
    const records = report.reading.reduce((sum, reading) => sum + reading.records, 0);
    const code = this.report(problems, flags, records);
    if (code !== 0 || isMet) this.exit(code === 0 ? 1 : code);
  }
}
