/** Pages of help as wide as the reader's screen; what stands on them is said by the commands. */
import { CommandHelp, Help } from '@oclif/core';
import { textWidth } from './width.js';

type Flags = Parameters<CommandHelp['flags']>[0];
type Options = NonNullable<ConstructorParameters<typeof Help>[1]>;

class PageOfCommand extends CommandHelp {
  /** Every flag stands below with its meaning; all of them in the first line would fill a screen. */
  protected override defaultUsage(): string {
    const rest = this.command.strict === false ? '...' : '';
    const args = Object.values(this.command.args).map(({ name, required }) => {
      const word = `${name.toUpperCase()}${rest}`;
      return required === true ? word : `[${word}]`;
    });
    return ['<%= command.id %>', ...args, '[FLAGS]'].join(' ');
  }
  /** oclif indents the paragraphs of a long list by two more than it leaves room for. */
  override wrap(body: string, spacing?: number): string {
    return super.wrap(body, spacing === 4 ? 6 : spacing);
  }
  /** A command that is too long goes on as a shell takes it. */
  protected override examples(examples: Parameters<CommandHelp['examples']>[0]): string | undefined {
    const room = this.opts.maxWidth - this.indentSpacing;
    return super
      .examples(examples)
      ?.split('\n')
      .map((line) => (line.length > room ? continued(line, room) : line))
      .join('\n');
  }
  /** A list of options without blanks would be cut within a word. */
  protected override flags(flags: Flags): ReturnType<CommandHelp['flags']> {
    return super.flags(
      flags.map((flag) =>
        flag.type === 'option' && flag.options !== undefined ? { ...flag, options: [flag.options.join(', ')] } : flag,
      ),
    );
  }
}

/** A command line in lines of at most `room`, parted between its words. */
function continued(line: string, room: number): string {
  const lines: string[] = [];
  for (const word of line.match(/(?:"[^"]*"|[^ "])+/g) ?? []) {
    const last = lines.at(-1);
    const next = last === undefined ? word : `${last} ${word}`;
    if (last === undefined || next.length > room - ' \\'.length) lines.push(last === undefined ? word : `    ${word}`);
    else lines[lines.length - 1] = next;
  }
  return lines.join(' \\\n');
}

/** What package.json names as `helpClass`. */
export class HelpPage extends Help {
  protected override CommandHelpClass = PageOfCommand;
  constructor(config: ConstructorParameters<typeof Help>[0], options: Options = {}) {
    super(config, { ...options, maxWidth: textWidth(process.stdout) });
  }
  /** The first line of a page. */
  override formatRoot(): string {
    const [first = '', ...more] = super.formatRoot().split('\n');
    return [this.wrap(first, 0), ...more].join('\n');
  }
  override async showCommandHelp(...args: Parameters<Help['showCommandHelp']>): Promise<void> {
    this.#isPage = true;
    await super.showCommandHelp(...args);
  }
  #isPage = false;
  protected override summary(...args: Parameters<Help['summary']>): string | undefined {
    const text = super.summary(...args);
    return text === undefined || !this.#isPage ? text : this.wrap(text, 0);
  }
}
