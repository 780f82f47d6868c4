/** A checkpoint is refused for one object that this release cannot save. */
import { SAVED_KINDS } from '../../knowledge/saved-kinds.js';
import { defineRule, matchOfTellings, tellingsOf, verdictOf, type Said } from '../rule.js';

const OBJECT: Said = {
  title: 'The checkpoint failed: {kind} cannot be saved',
  cause:
    'Saving the container met {what}, which this release of runsc cannot put into a checkpoint: {kind} has no code to save and restore it, or is in a state that cannot be saved.',
  remedy: [
    'Update runsc: later releases can save more kinds of objects{update}.',
    'Or make the checkpoint without it: {without}.',
  ],
};

export const checkpointObject = defineRule({
  id: 'checkpoint-object',
  severity: 'high',
  title: 'A checkpoint met an object that cannot be saved',
  remedy: OBJECT.remedy.slice(0, 1),
  needs: ['tellings', 'runs'],
  supersedes: ['checkpoint-failed', 'sentry-panic'],
  sources: [
    'pkg/state/types.go, encode.go (does not implement SaverLoader)',
    'pkg/tcpip/transport (cannot be saved in … state)',
  ],
  judge({ tellings, runs }) {
    const [first, ...rest] = tellingsOf(tellings, ['unsavable']);
    if (first === undefined) return { state: 'clear' };
    const { object = '', state, reason } = first.captures;
    const words = `${object} ${state ?? ''} ${reason ?? ''}`;
    const kind =
      SAVED_KINDS.find(({ pattern }) => pattern.test(words)) ??
      SAVED_KINDS.find(({ pattern }) => pattern.test(first.evidence.text));
    const what =
      state !== undefined
        ? `an endpoint in the state "${state}"`
        : reason !== undefined
          ? `"${reason.trim()}"`
          : `an object of type ${object.trim()}`;
    return verdictOf([
      matchOfTellings([first, ...rest], OBJECT, runs, {
        what,
        kind: kind?.kind ?? 'this object',
        without: kind?.without ?? 'end the program that uses it before the checkpoint',
        update: kind?.update ?? '',
      }),
    ]);
  },
});
