/** `runsight rules fields`: what can a condition of a rule ask for? */
import { Args } from '@oclif/core';
import { Output, WritingCommand } from '../base.js';

export default class RulesFields extends WritingCommand {
  static override description = `List what conditions of rules can name: fields with their types, events, built-in conditions and lists.

With a word, only what has to do with it.`;
  static override examples = ['<%= config.bin %> rules fields', '<%= config.bin %> rules fields parent'];
  static override args = { word: Args.string({ description: 'a part of a name, or of what is said of it' }) };

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(RulesFields);
    const [{ ruleWords }, { formatRuleWords }] = await Promise.all([
      import('../../catalogue.js'),
      import('../../formats/rule-words.js'),
    ]);
    const output = new Output(flags.output, []);
    await output.write(formatRuleWords(await ruleWords(), args.word, this.screen(flags)));
    await output.end();
  }
}
