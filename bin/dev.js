#!/usr/bin/env node
// Builds, then runs: for work on the code. `bin/run.js` is what users get.
'use strict';
const { execFileSync } = require('node:child_process');
const { join } = require('node:path');

execFileSync(process.execPath, [join(__dirname, '../src/build/build.js')], { stdio: 'inherit' });
require('./run.js');
