/** `runsight help COMMAND`: the same as `runsight COMMAND --help`, for those who ask that way. */
import { loadHelpClass } from '@oclif/core';
import { UserError } from '../errors.js';
import { WritingCommand } from './base.js';

export default class Help extends WritingCommand {
  static override description = 'Show the help of runsight or of a command.';
  static override examples = ['<%= config.bin %> help diagnose', '<%= config.bin %> help rules show'];
  static override strict = false;
  static override baseFlags = {} as typeof WritingCommand.baseFlags;

  override async run(): Promise<void> {
    const words = this.argv.filter((word) => !word.startsWith('-'));
    const id = words.join(':');
    if (id !== '' && this.config.findCommand(id) === undefined && this.config.findTopic(id) === undefined) {
      const { nearest } = await import('../nearest.js');
      const names = this.config.commands
        .filter(({ hidden }) => hidden !== true)
        .map((one) => one.id.replaceAll(':', ' '));
      const near = nearest(words.join(' '), names);
      throw new UserError(`there is no command ${JSON.stringify(words.join(' ').slice(0, 80))}`, {
        suggestions: [
          ...(near.length === 0 ? [] : [`did you mean ${near.join(' or ')}?`]),
          'all commands: runsight --help',
        ],
      });
    }
    const HelpClass = await loadHelpClass(this.config);
    await new HelpClass(this.config, this.config.pjson.oclif.helpOptions).showHelp(words);
  }
}
