/** The registry of commands (oclif's explicit strategy: one bundle, nothing searched for at start). */
import Compare from './compare.js';
import Compat from './compat.js';
import Diagnose from './diagnose.js';
import Events from './events.js';
import Follow from './follow.js';
import Help from './help.js';
import Learn from './learn.js';
import Merge from './merge.js';
import RulesFields from './rules/fields.js';
import RulesLint from './rules/lint.js';
import RulesList from './rules/list.js';
import RulesShow from './rules/show.js';
import RulesTest from './rules/test.js';
import Scan from './scan.js';
import Seccomp from './seccomp.js';
import Summary from './summary.js';

/** `topic:command` is the file topic/command.ts. */
export const COMMANDS = {
  compare: Compare,
  compat: Compat,
  diagnose: Diagnose,
  events: Events,
  follow: Follow,
  help: Help,
  learn: Learn,
  merge: Merge,
  'rules:fields': RulesFields,
  'rules:lint': RulesLint,
  'rules:list': RulesList,
  'rules:show': RulesShow,
  'rules:test': RulesTest,
  scan: Scan,
  seccomp: Seccomp,
  summary: Summary,
};
