#!/usr/bin/env node
'use strict';
require('../dist/load.cjs').start(require('node:path').dirname(__dirname));
