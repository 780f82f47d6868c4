/** A mount of the spec has a file system type that runsc does not know: it leaves the mount out and goes on without it. */
import { complaintOf, isBelow, objectOf } from '../complaints.js';
import { endingOf } from '../endings.js';
import { defineRule, verdictOf } from '../rule.js';

const REMEDY = [
  'Mount the file system on the host and give runsc a bind mount of it (type bind, source the folder on the host).',
  'If nothing in the container needs it, remove the mount from the spec.',
];

/** What a program gets where a mount is missing: nothing there, or an empty folder of the image that it may not use. */
const MISSED = new Set([2, 13, 20, 30]);

export const mountTypeUnknown = defineRule({
  id: 'mount-type-unknown',
  severity: 'low',
  tier: 'note',
  leads: 'healthy',
  title: 'A mount was left out: runsc does not know its file system type',
  remedy: REMEDY,
  needs: ['failures', 'sentences', 'runs', 'calls'],
  sources: ['runsc/boot/vfs.go getMountNameAndOptions'],
  judge(products) {
    const { sentences, runs } = products;
    const heard = sentences.get('mount-type-unknown');
    const complaint = complaintOf(products);
    const failed = (complaint?.ending.exit.status ?? 0) !== 0 ? complaint : undefined;
    const missed = failed !== undefined && MISSED.has(failed.call.errno) ? failed : undefined;
    return verdictOf(
      (heard?.first ?? []).map(({ captures, evidence }) => {
        const type = captures['type'] ?? '';
        const mounts = runs.runs.flatMap((run) => run.spec?.mounts ?? []).filter((one) => one.type === type);
        const object = missed === undefined ? '' : objectOf(missed.call);
        const lacking = mounts.find(({ destination }) => isBelow(object, destination));
        const mount = lacking ?? mounts[0];
        const where = mount === undefined ? 'The mount' : `The mount at ${mount.destination}`;
        const left = `${where} has the file system type "${type}", which runsc does not know. It goes on without the mount, so the program finds the folder of the image there, or nothing`;
        const note = {
          title: `A mount of type ${type} was left out`,
          cause: `${left}.`,
          remedy: REMEDY,
          confidence: 'certain' as const,
          evidence: [evidence] as const,
          order: Number.MAX_SAFE_INTEGER,
          // whoever shows this line alone misses the mount; in a whole log the end of the container tells
          ...(endingOf(products) === undefined && runs.runs.every(({ banners }) => banners === 0)
            ? { tier: 'aftermath' as const, leads: 'degraded' as const, severity: 'medium' as const }
            : {}),
        };
        if (missed === undefined || lacking === undefined) return note;
        const { call, words, ending } = missed;
        const quoted = words === undefined ? '' : `; it says: "${words.text.slice(0, 200)}"`;
        return {
          ...note,
          title: `The ${type} mount at ${lacking.destination} was left out, and the program misses ${object}`,
          cause: `${left}: ${call.comm} did not find ${object} (${call.name} gives errno ${call.errno}), and the container ended with exit status ${ending.exit.status}${quoted}.`,
          confidence: 'likely' as const,
          severity: 'high' as const,
          tier: 'cause' as const,
          leads: 'app-failure' as const,
          evidence: [
            evidence,
            call.evidence,
            ...(words === undefined ? [] : [words.evidence]),
            ending.evidence,
          ] as const,
          order: ending.order,
        };
      }),
    );
  },
});
