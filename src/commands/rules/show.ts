/** `runsight rules show ID`: the page of a rule. */
import { Args, Flags } from '@oclif/core';
import { FORMATS } from '../../formats/index.js';
import { Output, WritingCommand } from '../base.js';

export default class RulesShow extends WritingCommand {
  static override description = `Explain a rule: what it means, what to do, where runsc prints it, how it looks in a log.

The id of a rule stands in the line "Rule" of a diagnosis or a scan, and in the field "rule" of their JSON.`;
  static override examples = [
    '<%= config.bin %> rules show mount-source-missing',
    '<%= config.bin %> rules show shell-stdio-socket',
    '<%= config.bin %> rules show my-rule --rules own.yaml',
  ];
  static override args = {
    id: Args.string({ description: 'the id of the rule', required: true, ignoreStdin: true }),
  };
  static override flags = {
    rules: Flags.string({
      description: 'where rules of your own are: a file or a folder of *.yaml',
      multiple: true,
      multipleNonGreedy: true,
    }),
    format: Flags.string({ description: 'how the page is written', options: FORMATS.rule, default: 'text' }),
    json: Flags.boolean({ description: 'the same as --format json' }),
  };

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(RulesShow);
    const [{ showRule }, { formatPages }, { documentJson }, { ruleSourcesOf }] = await Promise.all([
      import('../../catalogue.js'),
      import('../../formats/rules.js'),
      import('../../formats/document.js'),
      import('../../rule-sources.js'),
    ]);
    const report = await showRule(args.id, ruleSourcesOf(flags.rules ?? []));
    const output = new Output(flags.output, []);
    const isJson = flags.json || flags.format === 'json';
    await output.write(isJson ? documentJson(report) : formatPages(report, this.screen(flags)));
    await output.end();
  }
}
