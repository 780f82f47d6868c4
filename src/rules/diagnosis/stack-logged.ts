/** A warning of the sentry with a stack behind it looks like a crash and is none. */
import { defineRule, matchOfTellings, tellingsOf, verdictOf, type Said } from '../rule.js';

const LOGGED: Said = {
  title: 'The sentry logged a warning with its stack, which is no crash: {short}',
  cause:
    'The record "{words}" is a warning, and the stack behind it was printed by the function that logs (pkg/log): it shows where the sentry noticed something that it does not expect, for whoever mends it. It went on; the program at most got an error from the call that it made.',
  confidence: 'likely',
  remedy: [
    'Ignore it where the program works. If one fails at that moment, the errno of its own call decides: run it with --debug --strace.',
    'Update runsc; if the newest release writes it, too, report the record with its stack at github.com/google/gvisor/issues.',
  ],
};

export const stackLogged = defineRule({
  id: 'stack-logged',
  severity: 'low',
  tier: 'note',
  leads: 'healthy',
  title: 'A warning with a stack is no crash',
  remedy: LOGGED.remedy,
  needs: ['tellings', 'runs'],
  sources: ['pkg/log/log.go Traceback, TracebackAll, Stacks'],
  judge({ tellings, runs }) {
    const [first, ...rest] = tellingsOf(tellings, ['stack-logged']);
    if (first === undefined) return { state: 'clear' };
    const words = first.captures['words'] ?? '';
    return verdictOf([
      matchOfTellings([first, ...rest], LOGGED, runs, { words: words.slice(0, 300), short: words.slice(0, 100) }),
    ]);
  },
});
