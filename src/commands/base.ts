/** What all commands share: global flags, where output goes, how errors end. */
import { Command, Flags, type Interfaces } from '@oclif/core';
import { closeSync, openSync, statSync, writeFileSync } from 'node:fs';
import { styleText } from 'node:util';
import { EXIT, UserError } from '../errors.js';
import type { Screen, Style } from '../formats/layout.js';
import { printable, printableLines } from '../formats/printable.js';
import type { Filter, FilterOptions } from '../filter.js';
import type { InputProblem } from '../pipeline.js';
import { textWidth } from './width.js';

const STYLES = {
  bad: ['bold', 'red'],
  warn: ['bold', 'yellow'],
  good: ['bold', 'green'],
  strong: 'bold',
  faint: 'dim',
} as const satisfies Record<Style, unknown>;

/** Names that `--input-format` takes; kept here so that starting up loads no reader. A test compares the two lists. */
export const INPUT_FORMAT_NAMES = [
  'auto',
  'glog',
  'json',
  'json-k8s',
  'error-log',
  'go-crash',
  'native-strace',
  'text',
] as const;

/** What oclif makes of flags or arguments. */
// oxlint-disable-next-line typescript/no-explicit-any
type Parsed = { [name: string]: any };

export type OutputFlags = {
  readonly color: string;
  readonly quiet: boolean;
  readonly output?: string | undefined;
};

/** Writes to stdout or a file. A reader that went away (`| head`) ends us quietly. */
export class Output {
  readonly #fd: number | undefined;
  #closed = false;
  /** `inputs` are the paths that are read: none of them is written over. */
  constructor(path: string | undefined, inputs: readonly string[]) {
    this.#fd = path === undefined ? undefined : openForWriting(path, inputs);
    if (this.#fd === undefined) {
      process.stdout.on('error', (error: NodeJS.ErrnoException) => {
        this.#closed = true;
        if (error.code !== 'EPIPE') process.stderr.write(`error: cannot write to stdout: ${error.message}\n`);
        process.exit(error.code === 'EPIPE' ? EXIT.done : EXIT.unreadable);
      });
    }
  }
  get closed(): boolean {
    return this.#closed;
  }
  /** Resolves when there is room for more; of bytes when they are written, so that their memory is free. */
  async write(text: string | Buffer): Promise<void> {
    try {
      if (this.#fd !== undefined) {
        writeFileSync(this.#fd, text);
        return;
      }
      if (typeof text !== 'string') {
        await new Promise<void>((resolve) => process.stdout.write(text, () => resolve()));
        return;
      }
      if (process.stdout.write(text)) return;
    } catch (error) {
      throw new UserError(`cannot write the output: ${(error as Error).message}`, { exit: EXIT.unreadable });
    }
    this.#drained ??= new Promise<void>((resolve) => {
      process.stdout.once('drain', () => {
        this.#drained = undefined;
        resolve();
      });
    });
    await this.#drained;
  }
  /** There is for as long as the reader is behind. */
  #drained: Promise<void> | undefined;

  /** Resolves when everything has been handed to the system. */
  async end(): Promise<void> {
    if (this.#fd !== undefined) closeSync(this.#fd);
    else if (process.stdout.writableLength > 0)
      await new Promise<void>((resolve) => process.stdout.write('', () => resolve()));
  }
}

function openForWriting(path: string, inputs: readonly string[]): number {
  if (inputs.some((input) => isSameFile(input, path))) {
    throw new UserError(`${path} is an input: it would be written over`, { suggestions: ['give another --output'] });
  }
  try {
    return openSync(path, 'w');
  } catch (error) {
    throw new UserError(`cannot write ${path}: ${(error as Error).message}`, {
      suggestions: ['give another --output'],
    });
  }
}

function isSameFile(a: string, b: string): boolean {
  try {
    const [left, right] = [statSync(a), statSync(b)];
    return left.dev === right.dev && left.ino === right.ino;
  } catch {
    return false;
  }
}

/** A command that writes text or a document, and may read no log. */
export abstract class WritingCommand extends Command {
  static override baseFlags = {
    color: Flags.string({
      description: 'colours: on a terminal, always, or never (NO_COLOR is honoured)',
      options: ['auto', 'always', 'never'],
      default: 'auto',
      helpGroup: 'GLOBAL',
    }),
    quiet: Flags.boolean({ char: 'q', description: 'no notes on stderr', helpGroup: 'GLOBAL' }),
    output: Flags.string({ char: 'o', description: 'write to this file instead of stdout', helpGroup: 'GLOBAL' }),
  };

  /** Width and colours of where the text goes. */
  protected screen(flags: OutputFlags): Screen {
    const isTerminal = flags.output === undefined && process.stdout.isTTY === true;
    const wanted =
      flags.color === 'always' ||
      (flags.color === 'auto' && isTerminal && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb');
    return {
      width: textWidth(isTerminal ? process.stdout : {}),
      paint: (style, text) => (wanted ? styleText([STYLES[style]].flat(), text, { validateStream: false }) : text),
    };
  }

  /** A progress line for a terminal, gone at the end. `paths`: what is read, for how long it will take. */
  protected async progress(
    flags: OutputFlags,
    paths: readonly string[],
  ): Promise<{ told: (source: string, bytes: number) => void; done: () => void }> {
    if (flags.quiet || process.stderr.isTTY !== true) return { told() {}, done() {} };
    const { Progress } = await import('./progress.js');
    const progress = new Progress(paths, (text) => process.stderr.write(text), Date.now, process.stderr.columns || 80);
    return {
      told: (source, bytes) => progress.told(source, bytes),
      done: () => progress.done(),
    };
  }

  /** Tells what could not be read. Names come from whoever may write there. */
  protected tell({ source, why, suggestion }: Omit<InputProblem, 'kind'>): void {
    this.logToStderr(`error: ${source.replace(/[^\x20-\x7e]/g, '?')}: ${why}\n  ${suggestion}`);
  }

  /** Two words on how the output is written may contradict each other. */
  protected override async parse<F extends Parsed, B extends Parsed, A extends Parsed>(
    options?: Interfaces.Input<F, B, A>,
    argv?: string[],
  ): Promise<Interfaces.ParserOutput<F, B, A>> {
    const parsed = await super.parse(options, argv);
    const { json, format } = parsed.flags as { readonly json?: boolean; readonly format?: string };
    const isGiven = parsed.metadata.flags['format']?.setFromDefault !== true;
    if (json === true && format !== undefined && format !== 'json' && isGiven) {
      throw new UserError(`--json and --format ${format} are two formats`, { suggestions: ['leave one of them out'] });
    }
    return parsed;
  }

  protected override async catch(thrown: Error & { exitCode?: number }): Promise<unknown> {
    const error = await this.#asMistake(thrown);
    if (error instanceof UserError) {
      // What was typed may hold anything: names of files are not always chosen by who types them.
      const lines = [error.message, ...error.suggestions.map((text) => `  ${text}`)];
      this.logToStderr(`error: ${lines.map(printableLines).join('\n')}`);
      return this.exit(error.exit);
    }
    // What oclif throws (wrong usage, our own exits) carries its exit code; everything else is a bug of ours.
    if (!('oclif' in error)) {
      this.logToStderr(
        `error: this is a bug of runsight: ${error.message}\n  please report it with the command line and, if you may share it, the log`,
      );
      if (process.env['DEBUG'] && error.stack !== undefined) this.logToStderr(error.stack);
      else this.logToStderr('  DEBUG=1 shows where it happened');
      return this.exit(EXIT.bug);
    }
    if (this.argv.some((word) => printable(word) !== word)) error.message = printableLines(error.message);
    return super.catch(error);
  }

  /** A command line that oclif could not read is a mistake of the user like others. */
  async #asMistake(error: Error & { exitCode?: number }): Promise<Error & { exitCode?: number }> {
    if (error instanceof UserError || !('oclif' in error) || error.message === '') return error;
    const { mistakeOf } = await import('./mistakes.js');
    const { id = '', flags, baseFlags } = this.ctor;
    return mistakeOf(error, id.replaceAll(':', ' '), Object.keys({ ...baseFlags, ...flags })) ?? error;
  }
}

/** What oclif makes of `FILTER_FLAGS`: a flag that is not given is undefined. */
type AsGiven = { readonly [Key in keyof FilterOptions]: FilterOptions[Key] | undefined };

/** Which records a command is about. */
export const FILTER_FLAGS = {
  where: Flags.string({
    description: 'only records that fit: syscall in (openat, open) and errno == ENOENT and duration > 5ms',
  }),
  since: Flags.string({
    description: 'only from this time on: 2026-11-23T22:01, 22:01:30, or +30s after the first record',
  }),
  until: Flags.string({ description: 'only before this time' }),
  pid: Flags.integer({ description: 'only this process (thread group)' }),
  comm: Flags.string({ description: 'only tasks of this name' }),
  syscall: Flags.string({ description: 'only these calls, with commas between them' }),
  errno: Flags.string({ description: 'only calls that failed so, by name or number' }),
};

/** The flags that decide which records count, by name, as a document tells of them; null: none is given. */
export function filterFlags(flags: AsGiven): Readonly<Record<string, string>> | null {
  const names = Object.keys(FILTER_FLAGS) as (keyof FilterOptions)[];
  const given = names.flatMap((name) => (flags[name] === undefined ? [] : [[name, String(flags[name])] as const]));
  return given.length === 0 ? null : Object.fromEntries(given);
}

/** A command that reads logs. */
export abstract class BaseCommand extends WritingCommand {
  static override baseFlags = {
    ...WritingCommand.baseFlags,
    'input-format': Flags.string({
      description: 'what the input is, where its content does not tell',
      options: INPUT_FORMAT_NAMES,
      default: 'auto',
      helpGroup: 'GLOBAL',
    }),
  };

  /**
   * Tells what could not be read, and gives the exit code that follows. runsc leaves empty files behind when it ends
   * early: they are worth a note, and an error only where nothing else was read.
   */
  protected report(problems: readonly InputProblem[], flags: OutputFlags, records: number): number {
    const serious = problems.filter(({ kind }) => kind !== 'empty');
    const isNothing = records === 0;
    if (isNothing && problems.length === 0) {
      this.logToStderr(
        'error: no runsc log was found\n  the folder holds other files only, or none: runsc writes below its --debug-log',
      );
    }
    for (const { kind, source, why, suggestion } of problems) {
      if (kind === 'empty' && (flags.quiet || !isNothing)) continue;
      this.tell({ source, why, suggestion });
    }
    return serious.length > 0 || isNothing ? EXIT.unreadable : EXIT.done;
  }

  /** The filter of `FILTER_FLAGS`; loaded only where one is asked for. */
  protected async filter(flags: AsGiven): Promise<Filter | undefined> {
    const names = Object.keys(FILTER_FLAGS) as (keyof FilterOptions)[];
    if (names.every((name) => flags[name] === undefined)) return undefined;
    const { filterOf } = await import('../filter.js');
    return filterOf(
      Object.fromEntries(names.flatMap((name) => (flags[name] === undefined ? [] : [[name, flags[name]]]))),
    );
  }

  /** A filter that lets nothing pass says so: an empty table could mean an empty log. Gives back what it says. */
  protected async noteFilter(
    filter: Filter | undefined,
    flags: { readonly quiet: boolean },
  ): Promise<string | undefined> {
    if (filter === undefined) return undefined;
    const { unfitNote } = await import('../filter.js');
    const note = unfitNote(filter);
    if (note !== undefined && !flags.quiet) process.stderr.write(`note: ${printable(note)}\n`);
    return note;
  }
}
