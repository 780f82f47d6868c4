/** A program unmounted a volume, and the container ended with it. */
import { defineRule, matchOfTellings, tellingsOf, verdictOf, type Said } from '../rule.js';

const UNMOUNTED: Said = {
  title: 'The container ended when its volume {path} was unmounted',
  cause:
    'A program in the container unmounted {path}, and that is the last that is heard of it. A volume is served over a connection to the gofer of its own; unmounting it closes that connection, and runsc releases before 2021-07-20 take a lost connection for a dead gofer and kill the container.',
  confidence: 'likely',
  remedy: [
    'Update runsc: since 2021-07-20 unmounting a volume no longer ends the container.',
    'Until then do not unmount volumes inside the container: leave out the capability SYS_ADMIN, or the umount in its scripts.',
  ],
};

/** What an unmount is about, as the tracer prints it. */
const PATH = /^0x[0-9a-f]+ (\/[^,]*)/;

export const volumeUnmounted = defineRule({
  id: 'volume-unmounted',
  severity: 'high',
  leads: 'sandbox-crash',
  title: 'Unmounting a volume ended the container',
  remedy: UNMOUNTED.remedy,
  needs: ['sentences', 'tellings', 'waits', 'runs'],
  sources: ['runsc/boot/loader.go (monitoring of gofer connections), umount2(2)'],
  judge({ sentences, tellings, waits, runs }) {
    const asked = tellingsOf(tellings, ['unmounted']);
    const ends = tellingsOf(tellings, ['ends-unexpectedly']);
    // umount2 is printed before the call is made: where the container ends with it, it has no exit record
    const [last] = [...waits.values()]
      .flatMap((one) => one.waits)
      .filter(({ name, end }) => end === null && (name === 'umount2' || name === 'umount'))
      .map((one) => ({ ...one, captures: { path: PATH.exec(one.args)?.[1] ?? '' }, kind: 'syscall-enter' as const }));
    const lost = (sentences.get('gofer-disconnected')?.first ?? []).map((one) => ({
      ...one,
      kind: 'warning' as const,
      order: 0,
    }));
    const path = last?.captures['path'] ?? asked[0]?.captures['path'];
    // It never returned, or somebody says that the container ended there.
    const isLast = last !== undefined && !runs.runs.some((run) => run.exit !== null);
    if (path === undefined || (!isLast && lost.length === 0 && ends.length === 0)) return { state: 'clear' };
    const [first, ...rest] = [...(last === undefined ? [] : [last]), ...lost, ...asked, ...ends];
    if (first === undefined) return { state: 'clear' };
    const said: Said = isLast ? UNMOUNTED : { ...UNMOUNTED, confidence: 'possible' };
    return verdictOf([matchOfTellings([first, ...rest], said, runs, { path })]);
  },
});
