/** `runsight rules lint`: does a rule file hold? */
import { Args } from '@oclif/core';
import { printable } from '../../formats/printable.js';
import { Output, WritingCommand } from '../base.js';

export default class RulesLint extends WritingCommand {
  static override description = `Check rule files: every error with its line, exit code 2 if there is one.`;
  static override examples = ['<%= config.bin %> rules lint own.yaml'];
  static override strict = false;
  static override args = {
    file: Args.string({ description: 'rule files or folders', required: true, ignoreStdin: true }),
  };

  override async run(): Promise<void> {
    const { argv, flags } = await this.parse(RulesLint);
    const [{ loadRules }, { ruleSourcesOf }, { blankWarnings }] = await Promise.all([
      import('../../scan.js'),
      import('../../rule-sources.js'),
      import('../../rule-tests.js'),
    ]);
    const sources = ruleSourcesOf(argv as string[]);
    const book = await loadRules({ rules: sources, onlyOwn: true });
    const output = new Output(flags.output, []);
    const { length } = book.rules;
    const tests = book.rules.reduce((sum, { spec }) => sum + spec.fires.length + spec.quiet.length, 0);
    await output.write(
      `${length} ${length === 1 ? 'rule' : 'rules'}, ${tests} ${tests === 1 ? 'test' : 'tests'}, no error\n`,
    );
    for (const { spec } of book.rules) {
      if (spec.fires.length === 0) this.warn(`${spec.file}:${spec.line}: rule ${spec.id} has no lines that must fire`);
    }
    if (!flags.quiet) for (const text of await blankWarnings(book)) this.logToStderr(`warning: ${printable(text)}`);
    await output.end();
  }
}
