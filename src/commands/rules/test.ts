/** `runsight rules test`: do the lines of a rule file fire as they should? */
import { Args, Flags } from '@oclif/core';
import { EXIT } from '../../errors.js';
import { printable } from '../../formats/printable.js';
import { Output, WritingCommand } from '../base.js';

export default class RulesTest extends WritingCommand {
  static override description = `Run the tests of rule files: lines that must fire, and lines that must stay quiet.

Give files, folders of *.yaml, or nothing for the rules that are built in. Exit code 1: a test failed.`;
  static override examples = ['<%= config.bin %> rules test own.yaml', '<%= config.bin %> rules test --verbose'];
  static override strict = false;
  static override args = { file: Args.string({ description: 'rule files or folders', ignoreStdin: true }) };
  static override flags = {
    verbose: Flags.boolean({ char: 'v', description: 'name the tests that passed, too' }),
    json: Flags.boolean({ description: 'one JSON document' }),
  };

  override async run(): Promise<void> {
    const { argv, flags } = await this.parse(RulesTest);
    const [{ loadRules }, { ruleSourcesOf }, { blankWarnings, testRules }, { formatTests }, { documentJson }] =
      await Promise.all([
        import('../../scan.js'),
        import('../../rule-sources.js'),
        import('../../rule-tests.js'),
        import('../../formats/rule-tests.js'),
        import('../../formats/document.js'),
      ]);
    const sources = ruleSourcesOf(argv as string[]);
    const book = await loadRules({ rules: sources, onlyOwn: sources.length > 0, withTests: true });
    const results = await testRules(book);
    const output = new Output(flags.output, []);
    const failed = results.filter(({ passed }) => !passed).length;
    const isJson = flags.json === true;
    await output.write(
      isJson
        ? documentJson({ schema: 'runsight/rule-tests@1', passed: results.length - failed, failed, tests: results })
        : formatTests(results, this.screen(flags), { verbose: flags.verbose }),
    );
    await output.end();
    if (sources.length > 0 && !flags.quiet)
      for (const text of await blankWarnings(book)) this.logToStderr(`warning: ${printable(text)}`);
    if (failed > 0) this.exit(EXIT.findings);
  }
}
