/** A mount of the spec has a file system type that runsc does not know: it leaves the mount out and goes on without it. */
import { defineRule, verdictOf } from '../rule.js';

const REMEDY = [
  'Mount the file system on the host and give runsc a bind mount of it (type bind, source the folder on the host).',
  'If nothing in the container needs it, remove the mount from the spec.',
];

export const mountTypeUnknown = defineRule({
  id: 'mount-type-unknown',
  severity: 'low',
  tier: 'note',
  leads: 'healthy',
  title: 'A mount was left out: runsc does not know its file system type',
  remedy: REMEDY,
  needs: ['sentences', 'runs'],
  sources: ['runsc/boot/vfs.go getMountNameAndOptions'],
  judge({ sentences, runs }) {
    const heard = sentences.get('mount-type-unknown');
    return verdictOf(
      (heard?.first ?? []).map(({ captures, evidence }) => {
        const type = captures['type'] ?? '';
        const mount = runs.runs.flatMap((run) => run.spec?.mounts ?? []).find((one) => one.type === type);
        const where = mount === undefined ? 'The mount' : `The mount at ${mount.destination}`;
        return {
          title: `A mount of type ${type} was left out`,
          cause: `${where} has the file system type "${type}", which runsc does not know. It goes on without the mount, so the program finds the folder of the image there, or nothing.`,
          remedy: REMEDY,
          confidence: 'certain' as const,
          evidence: [evidence] as const,
          order: Number.MAX_SAFE_INTEGER,
        };
      }),
    );
  },
});
