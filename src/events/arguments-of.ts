/** The parsed arguments of events, for `events --args`: what the contract puts beside the raw text. */
import { releaseOf } from '../../grammars/dialects.js';
import type { LogEvent } from '../model/event.js';
import { type Argument, type ArgumentContext, splitArguments } from './arguments.js';
import { splitNativeArguments } from './native-arguments.js';

/** Architecture and release, by the names that banners print; older releases print some arguments in another way. */
export type Context = { -readonly [K in keyof ArgumentContext]: ArgumentContext[K] };

/** Splits arguments with what the banner of each source says of its release. Needs the events in order. */
export class ArgumentReader {
  readonly #contexts = new Map<string, Context>();

  /** `{arguments: [...]}` of a trace record or a native call; nothing for other kinds. */
  of(event: LogEvent): { readonly arguments?: readonly Argument[] } {
    if (event.kind === 'banner') this.#learn(event.source, event.values);
    if (event.kind === 'native-syscall') return { arguments: splitNativeArguments(event.name, event.args) };
    if (event.kind !== 'syscall-enter' && event.kind !== 'syscall-exit') return {};
    return { arguments: splitArguments(event.name, event.args, this.#contexts.get(event.source)) };
  }

  #learn(source: string, values: Readonly<Record<string, string>>): void {
    const context = this.#contexts.get(source) ?? {};
    learnContext(context, values);
    this.#contexts.set(source, context);
  }
}

/** Adds what a line of the banner says of release and architecture. */
export function learnContext(context: Context, values: Readonly<Record<string, string>>): void {
  const release = values['version'] === undefined ? undefined : releaseOf(values['version']);
  if (release !== undefined) context.release = release;
  if (values['revision'] !== undefined) context.release = '2018-11';
  if (values['arch'] === 'amd64' || values['arch'] === 'arm64') context.arch = values['arch'];
}
