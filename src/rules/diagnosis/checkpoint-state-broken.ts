/** Saving or loading the state stopped in the code of one object: the error comes with the stack of that code. */
import type { Failure } from '../../analyzers/failures.js';
import type { Frame, Goroutine } from '../../analyzers/tellings.js';
import { subsystemOf } from '../../knowledge/packages.js';
import { SAVED_KINDS } from '../../knowledge/saved-kinds.js';
import { frameText } from '../frames.js';
import { defineRule, matchOf, matchOfTellings, tellingsOf, verdictOf, type Match, type Said } from '../rule.js';

const SAVE: Said = {
  title: 'The checkpoint failed while {kind} was saved: {short}',
  cause:
    'Saving the state of the sandbox stopped with "{words}"{place}. The state is written object by object, and the code of this one gave up: it was in a state for which this release has no way to save it{doing}. That is a limit or a defect of runsc, not of the program.',
  confidence: 'likely',
  remedy: [
    'Make the checkpoint without it: {without}.',
    'Try the checkpoint again a moment later: what is in the middle of something (a connection in its handshake, a call on a device) may be over by then.',
    'Update runsc: later releases save more kinds and states of objects; if it stays, report it at github.com/google/gvisor/issues with this stack.',
  ],
};

const LOAD: Said = {
  title: 'The restore failed while {kind} was loaded: {short}',
  cause:
    'Loading the saved state stopped with "{words}"{place}. The state is read object by object, and this one does not fit what the sandbox has made before{doing}: the image is of another release, configuration or host, or this release of runsc has a defect in saving or loading it.',
  confidence: 'likely',
  remedy: [
    'Restore with the same release of runsc, the same platform and flags, the same config.json and the same root file system as at the checkpoint.',
    'Update runsc on both sides to a newer release and make the checkpoint anew; if it stays, report it at github.com/google/gvisor/issues with this stack.',
    'Or make the checkpoint without it: {without}.',
  ],
};

/** Functions of an object that save or load it. */
const OWN_WORK = /(?:StateSave|StateLoad|beforeSave|afterLoad|(?:^|\.)(?:save|load)[A-Z]\w*|\.(?:Save|Load)\b)/;
const OF_STATE = /^pkg\/state\b/;

/** The function of the object that failed: the innermost frame that is none of the encoder's. */
function failing(stack: Goroutine | undefined): readonly Frame[] {
  return (stack?.frames ?? []).filter(({ package: path }) => !OF_STATE.test(path));
}

function isOfState(stack: Goroutine | undefined): boolean {
  return (
    stack !== undefined &&
    (stack.frames.some(({ package: path }) => OF_STATE.test(path)) ||
      stack.frames.some(({ name }) => OWN_WORK.test(name)))
  );
}

function valuesOf(words: string, stack: Goroutine | undefined): Record<string, string> {
  const frames = failing(stack);
  const shown = frames.slice(0, 3);
  const names = frames.map(frameText).join(' ');
  // the text may name the type, else the innermost function's package
  const [first] = frames;
  const kind =
    SAVED_KINDS.find(({ pattern }) => pattern.test(words)) ??
    SAVED_KINDS.find(({ pattern }) => first !== undefined && pattern.test(`${first.package}.${first.name}`)) ??
    SAVED_KINDS.find(({ pattern }) => pattern.test(names));
  const area = frames.flatMap((frame) => subsystemOf(frame.package) ?? [])[0];
  const short = words.replace(/[:\s]+$/, '');
  return {
    words: short.slice(0, 300),
    short: short.replace(/^(?:(?:en|de)coding error|runtime error): /g, '').slice(0, 120),
    kind: kind?.kind ?? (area === undefined ? 'an object' : `an object of ${area}`),
    without: kind?.without ?? 'end the program that uses it first',
    place:
      shown.length === 0
        ? ''
        : ` in ${shown.map(frameText).join(' ← ')}${area === undefined ? '' : `, that is ${area}`}`,
    doing: /handshake|resetConnection|cannot be saved in/i.test(`${words} ${names}`)
      ? ' (a connection that is not established yet, or is being closed)'
      : '',
  };
}

export const checkpointStateBroken = defineRule({
  id: 'checkpoint-state-broken',
  severity: 'high',
  title: 'Saving or loading an object of the sandbox failed',
  remedy: SAVE.remedy.slice(1),
  needs: ['failures', 'tellings', 'runs'],
  supersedes: ['unrecognised-error', 'error-told', 'start-echo', 'sentry-panic'],
  sources: ['pkg/state/state.go (safely, ErrState: encoding error, decoding error, state path)'],
  judge({ failures, tellings, runs }) {
    if (tellings.signs.has('unsavable')) return { state: 'clear' };
    const stackBehind = (source: string, line: number): Goroutine | undefined =>
      tellings.goroutines.find(
        ({ evidence }) => evidence.source === source && evidence.line >= line && evidence.line <= line + 8,
      );
    const matches: Match[] = [];
    const [told, ...more] = tellingsOf(tellings, ['state-error']);
    if (told !== undefined) {
      const { source, line } = told.evidence;
      const stack = stackBehind(source, line);
      const words = told.captures['words'] ?? told.evidence.text;
      const said = told.captures['direction'] === 'decoding' ? LOAD : SAVE;
      const proof = stack === undefined ? [] : [{ ...stack, captures: {}, kind: 'goroutines' as const }];
      matches.push(matchOfTellings([told, ...proof, ...more], said, runs, valuesOf(words, stack)));
    } else {
      const failure = failures.failures.find(
        ({ known, captures, evidence }: Failure) =>
          known === 'unknown-error' &&
          /\brestore\b/.test(captures['wrappers'] ?? '') &&
          isOfState(stackBehind(evidence.source, evidence.line)),
      );
      if (failure !== undefined) {
        const { evidence, captures } = failure;
        const stack = stackBehind(evidence.source, evidence.line);
        const isSave = /checkpointing container/.test(evidence.text);
        const proof = stack === undefined ? [] : [stack.evidence];
        matches.push(
          matchOf(
            { failure, evidence: [evidence, ...proof] },
            isSave ? SAVE : LOAD,
            runs,
            valuesOf(captures['cause'] ?? failure.error, stack),
          ),
        );
      }
    }
    return verdictOf(matches);
  },
});
