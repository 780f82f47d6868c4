/** `runsight follow`: the same answers live. */
import { Args, Flags } from '@oclif/core';
import { existsSync } from 'node:fs';
import { EXIT, UserError } from '../errors.js';
import type { InputFormat } from '../events/stream.js';
import { FORMATS } from '../formats/index.js';
import { printable } from '../formats/printable.js';
import type { FollowRecord } from '../model/follow.js';
import { BaseCommand, Output } from './base.js';

const LEVELS = ['info', 'low', 'medium', 'high', 'critical'] as const;
/** The table at the foot of a terminal is drawn so often, and the summary of whoever has none, in milliseconds. */
const FOOT_EVERY = 500;
const SUMMARY_EVERY = 10_000;

export default class Follow extends BaseCommand {
  static override description = `Say what happens in sandboxes as it happens: starts, failures with their cause, findings of rules.

Follows a folder of debug logs (/tmp/runsc), one file, or a pipe (-). Ctrl-C ends it with a last word on every sandbox.`;
  static override examples = [
    '<%= config.bin %> follow',
    '<%= config.bin %> follow --container web --until exit --fail-on high /tmp/runsc',
    'tail -F /var/log/runsc/*.boot.txt | <%= config.bin %> follow -',
    '<%= config.bin %> follow --json --state /var/lib/runsight/state --metrics /var/lib/node_exporter/runsight.prom',
  ];
  static override args = {
    path: Args.string({ description: 'a folder, a file, or - for stdin', ignoreStdin: true }),
  };
  static override flags = {
    format: Flags.string({ description: 'how it is told', options: FORMATS.follow, default: 'text' }),
    json: Flags.boolean({ description: 'the same as --format json: JSON Lines' }),
    verbose: Flags.boolean({ char: 'v', description: 'show whole verdicts, also of what is healthy, and all records' }),
    from: Flags.string({
      description: 'what is there already is told as well (start), or only what comes (end)',
      options: ['start', 'end'],
      default: 'end',
    }),
    container: Flags.string({ description: 'only sandboxes with a container whose id begins so' }),
    until: Flags.string({
      description: 'end when the sandbox of --container has ended; without --container the first that ends',
      options: ['exit'],
    }),
    'min-severity': Flags.string({
      description: 'findings of rules below this are not told; off: ask no rules',
      options: [...LEVELS, 'off'],
      default: 'medium',
    }),
    'fail-on': Flags.string({
      description: 'exit with 1 if there was a finding of this severity or above',
      options: [...LEVELS],
    }),
    rules: Flags.string({
      description: 'more rules: a file or a folder of *.yaml',
      multiple: true,
      multipleNonGreedy: true,
    }),
    exceptions: Flags.string({ description: 'a file of what is known and allowed, with reasons and last days' }),
    stuck: Flags.string({
      description: 'tell of tasks that are in a call for so long, sleeping and waiting left out: 10s',
    }),
    summary: Flags.boolean({
      description: 'count calls: a table at the foot of a terminal, else one every --interval',
    }),
    interval: Flags.string({
      description: 'how often --summary tells, where there is no terminal: 10s',
      dependsOn: ['summary'],
    }),
    recorder: Flags.integer({
      description: 'a failure is told with so many last records of each task',
      default: 8,
      min: 0,
      max: 1000,
    }),
    state: Flags.string({ description: 'remember in this file what was told: a restart tells nothing twice' }),
    metrics: Flags.string({ description: 'write counters for the textfile collector of Prometheus into this file' }),
    exec: Flags.string({
      description:
        'run this program (and arguments, parted by blanks) for each finding and failure, which it gets on stdin as JSON',
    }),
    poll: Flags.boolean({ description: 'look at the files often in place of waiting for the kernel to tell' }),
    redact: Flags.boolean({ description: 'mask environments, passwords and tokens', default: true, allowNo: true }),
  };

  override async run(): Promise<void> {
    // a signal may come before all is loaded: it ends what has not begun with a last word all the same
    let stop: () => void = () => undefined;
    let isStopped = false;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        // who asks twice does not want to wait for a reader that is behind
        if (isStopped && signal === 'SIGINT') process.exit(EXIT.interrupted);
        isStopped = true;
        stop();
      });
    }
    const { args, flags } = await this.parse(Follow);
    const isJson = flags.json || flags.format === 'json';
    const isTerminal = !isJson && flags.output === undefined && process.stdout.isTTY === true;
    const [{ followedPath }, { follow }, { ruleSourcesOf }, { FollowText, Foot }, { harmlessJson }, { SEVERITIES }] =
      await Promise.all([
        import('./paths.js'),
        import('../follow.js'),
        import('../rule-sources.js'),
        import('../formats/follow.js'),
        import('../formats/document.js'),
        import('../model/finding.js'),
      ]);
    const root = followedPath(args.path);
    const output = new Output(
      flags.output,
      [root, flags.state, flags.metrics].filter((path) => path !== undefined),
    );
    if (root !== '-' && !flags.quiet && !existsSync(root))
      this.logToStderr(`note: ${printable(root)} does not exist yet: waiting for it`);
    const screen = this.screen(flags);
    const writer = new FollowText(screen, { verbose: flags.verbose });
    const foot = isTerminal && flags.summary ? new Foot() : undefined;
    const level = SEVERITIES.findIndex((severity) => severity === flags['fail-on']);
    let isMet = false;
    let drawn = 0;
    const erase = (): string => (drawn === 0 ? '' : `\r\x1b[${drawn}A\x1b[J`);
    const tell = async (record: FollowRecord): Promise<void> => {
      isMet ||=
        level !== -1 &&
        severitiesOf(record).some((severity) => SEVERITIES.findIndex((one) => one === severity) >= level);
      if (isJson) return output.write(`${harmlessJson(record)}\n`);
      if (foot === undefined) return output.write(writer.of(record));
      if (record.type === 'summary') foot.add(record.sandbox, record.summary, record.seconds);
      const text = record.type === 'summary' ? '' : writer.of(record);
      // what stands above the screen cannot be erased
      const room = Math.max(1, (process.stdout.rows || 24) - 2);
      const lines = record.type === 'end' ? [] : foot.lines(screen).slice(0, room);
      const before = erase();
      drawn = lines.length;
      await output.write(`${before}${text}${lines.map((line) => `${line}\n`).join('')}`);
    };
    const stuck = flags.stuck === undefined ? undefined : millisOf('--stuck', flags.stuck);
    const interval = flags.interval === undefined ? SUMMARY_EVERY : millisOf('--interval', flags.interval);
    const [exceptions] = flags.exceptions === undefined ? [] : ruleSourcesOf([flags.exceptions]);
    const following = await follow(root, tell, {
      from: flags.from as 'start' | 'end',
      inputFormat: flags['input-format'] as InputFormat,
      ...(root === '-' ? { stdin: process.stdin } : {}),
      ...(flags.container === undefined ? {} : { container: flags.container }),
      untilExit: flags.until === 'exit',
      ...(stuck === undefined ? {} : { stuck }),
      ...(flags.summary ? { summaryEvery: foot === undefined ? interval : FOOT_EVERY } : {}),
      minSeverity: flags['min-severity'] as (typeof LEVELS)[number] | 'off',
      rules: ruleSourcesOf(flags.rules ?? []),
      ...(exceptions === undefined ? {} : { exceptions }),
      recorder: flags.recorder,
      redact: flags.redact,
      ...(flags.state === undefined ? {} : { state: flags.state }),
      ...(flags.metrics === undefined ? {} : { metrics: flags.metrics }),
      ...(flags.output === undefined ? {} : { output: flags.output }),
      ...(flags.exec === undefined ? {} : { exec: flags.exec.split(' ').filter((word) => word !== '') }),
      isPolling: flags.poll,
    });
    ({ stop } = following);
    if (isStopped) stop();
    const couldRead = await following.ended;
    await output.end();
    const code = couldRead ? (isMet ? EXIT.findings : EXIT.done) : EXIT.unreadable;
    if (!couldRead)
      this.tell({
        source: root,
        why: 'no runsc log could be read',
        suggestion: 'runsc logs belong to root: run the command with sudo',
      });
    // timers and watches of what was followed are closed; a pipe on stdin may hold the process
    this.exit(code);
  }
}

function severitiesOf(record: FollowRecord): readonly string[] {
  if (record.type === 'finding') return [record.finding.severity];
  return record.type === 'verdict' && record.final ? record.diagnosis.findings.map(({ severity }) => severity) : [];
}

/** `10s`, `500ms`, `2m`: in milliseconds. */
function millisOf(flag: string, text: string): number {
  const [, number = '', unit = ''] = /^(\d{1,9})(ms|s|m|h)$/.exec(text) ?? [];
  const millis = Number(number) * ({ ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[unit] ?? 0);
  if (millis > 0) return millis;
  throw new UserError(`${flag} ${text} is no length of time`, { suggestions: ['write it like 500ms, 10s, 2m or 1h'] });
}
