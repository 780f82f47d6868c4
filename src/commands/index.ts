/** The registry of commands (oclif's explicit strategy: one bundle, nothing searched for at start). */
import Diagnose from './diagnose.js';
import Events from './events.js';
import Summary from './summary.js';

export const COMMANDS = { diagnose: Diagnose, events: Events, summary: Summary };
