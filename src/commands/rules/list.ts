/** `runsight rules list`: which rules exist. */
import { Flags } from '@oclif/core';
import { FORMATS } from '../../formats/index.js';
import { Output, WritingCommand } from '../base.js';

export default class RulesList extends WritingCommand {
  static override description = `List the rules: what runsight can recognise.

Those of diagnose, and those of scan. The group of a rule says what its findings count for. "rules show ID" explains one.`;
  static override examples = ['<%= config.bin %> rules list', '<%= config.bin %> rules list --json'];
  static override flags = {
    format: Flags.string({ description: 'how the list is written', options: FORMATS.rules, default: 'table' }),
    json: Flags.boolean({ description: 'the same as --format json' }),
  };

  override async run(): Promise<void> {
    const { flags } = await this.parse(RulesList);
    const [{ listRules }, { formatRules }, { documentJson }] = await Promise.all([
      import('../../catalogue.js'),
      import('../../formats/rules.js'),
      import('../../formats/document.js'),
    ]);
    const report = await listRules();
    const output = new Output(flags.output, []);
    const isJson = flags.json || flags.format === 'json';
    await output.write(isJson ? documentJson(report) : formatRules(report, this.screen(flags)));
    await output.end();
  }
}
