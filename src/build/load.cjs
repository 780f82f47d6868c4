// Becomes dist/load.cjs: runs the program, from the code that V8 made of it when dist/ was built. Another Node refuses that code, and
// compiles the program anew: a tenth of a second, and no other difference.
'use strict';
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { Script } = require('node:vm');

const file = join(__dirname, 'program.cjs');

/** What V8 made of the program as `command` runs it; undefined if nobody asked it to. */
function compiledFor(command) {
  if (!/^[a-z]+$/.test(command)) return compiledFor('help');
  try {
    return readFileSync(join(__dirname, `compiled/${command}`));
  } catch {
    return command === 'help' ? undefined : compiledFor('help');
  }
}

// it is ASCII: the build sees to that
const script = new Script(readFileSync(file, 'latin1'), {
  filename: file,
  cachedData: compiledFor(process.argv[2] ?? ''),
});
script.runInThisContext()(exports, require, module);
/** For the build, which keeps what V8 makes of it. */
module.exports.script = script;
