/** `runsight events`: every record of the log as a structured event. */
import { Args, Flags } from '@oclif/core';
import { FORMATS } from '../formats/index.js';
import type { InputFormat } from '../events/stream.js';
import { BaseCommand, FILTER_FLAGS, Output } from './base.js';

export default class Events extends BaseCommand {
  static override description = `Print every record of the logs as one structured event (JSON Lines).

Every byte of the input belongs to exactly one event: their "bytes" add up to the size of the input. This is the log as it is: environments and secrets in it are not masked.`;
  static override examples = [
    '<%= config.bin %> events /tmp/runsc/runsc.log.20261123-222715.440052.boot.txt | jq -c "select(.errno != null)"',
    '<%= config.bin %> events --args boot.log | head -1',
  ];
  static override strict = false;
  static override args = {
    path: Args.string({ description: 'files, folders, or - for stdin', ignoreStdin: true }),
  };
  static override flags = {
    args: Flags.boolean({ description: 'add the parsed arguments of each syscall' }),
    format: Flags.string({ description: 'how events are written', options: FORMATS.events, default: 'json' }),
    json: Flags.boolean({ description: 'the same as --format json' }),
    ...FILTER_FLAGS,
  };

  override async run(): Promise<void> {
    const { argv, flags } = await this.parse(Events);
    const [{ readEventLines, readEvents }, { eventJson, eventText }, { harmlessJson }, { pathsOf }] = await Promise.all(
      [
        import('../pipeline.js'),
        import('../formats/events.js'),
        import('../formats/document.js'),
        import('./paths.js'),
      ],
    );
    const parsed = flags.args ? new (await import('../events/arguments-of.js')).ArgumentReader() : undefined;
    const paths = pathsOf(argv as string[]);
    const output = new Output(flags.output, paths);
    const asText = flags.format === 'text' && !flags.json;
    const problems: Parameters<typeof this.report>[0][number][] = [];
    let text = '';
    let count = 0;
    // What comes from a terminal is answered when the input pauses; a file never does.
    let pause: NodeJS.Immediate | undefined;
    const flush = (): Promise<void> => {
      clearImmediate(pause);
      pause = undefined;
      const ready = text;
      text = '';
      return output.write(ready);
    };
    const filter = await this.filter(flags);
    const reading = {
      inputFormat: flags['input-format'] as InputFormat,
      onProblem: (problem: (typeof problems)[number]) => problems.push(problem),
    };
    if (!asText && filter === undefined && parsed === undefined) {
      const pieces = readEventLines(paths, {
        ...reading,
        write: (event) => `${eventJson(event)}\n`,
        quote: harmlessJson,
      });
      for await (const piece of pieces) {
        count += piece.events;
        await output.write(piece.bytes);
      }
    } else {
      const events = readEvents(paths, { ...reading, ...(filter === undefined ? {} : { where: filter.passes }) });
      for await (const event of events) {
        text += asText ? eventText(event) : eventJson(event, parsed?.of(event));
        text += '\n';
        count++;
        if (text.length > 64 * 1024) await flush();
        else pause ??= setImmediate(() => void flush());
      }
      await flush();
    }
    await output.end();
    await this.noteFilter(filter, flags);
    const code = this.report(problems, flags, filter?.seen ?? count);
    if (code !== 0) this.exit(code);
  }
}
