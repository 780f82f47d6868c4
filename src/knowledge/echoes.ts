/** Errors that only repeat that another process died: what each saw, by the id it has in grammars/messages.ts. */

export type Echo = {
  readonly says: string;
  /** Harmless where nothing else is wrong: then it is set aside and explains nothing. */
  readonly quiet?: true;
};

export const ECHOES: Readonly<Record<string, Echo>> = {
  'runtime-without-words': { says: 'The engine saw runsc end with an error and found no message of it.' },
  'oom-score-failed': { says: 'runsc wanted to set the memory priority of a process that had ended already.' },
  'sandbox-start-eof': { says: 'The command saw the pipe to the boot process close before it was ready.' },
  'sandbox-gone-at-start': { says: 'The command found the boot process gone while it waited for it to be ready.' },
  'mounts-pipe-closed': { says: 'The boot process got no list of mounts, since the gofer had ended.' },
  'root-mount-point-pipe': {
    says: 'The command lost the gofer while it prepared the root file system: a broken pipe means that the gofer had died.',
  },
  'urpc-closed': { says: 'A control call broke off since the sandbox ended during it.' },
  'control-refused': { says: 'The sandbox did not answer a command any more.', quiet: true },
  'sync-descriptor-closed': { says: 'A helper of the boot process saw it end.', quiet: true },
  'sandbox-not-running': { says: 'A later command found no sandbox.', quiet: true },
  'context-canceled': { says: 'Docker gave up waiting after the start had failed.', quiet: true },
  'gofer-connection-closed': { says: 'The gofer saw the sandbox close its connection.', quiet: true },
  'exit-status-unavailable': { says: 'A wait came too late to learn how the sandbox ended.', quiet: true },
  'filestore-already-gone': { says: 'The clean-up found the backing file of the overlay gone.', quiet: true },
};
