/** The sentry mounts it, with options that its file system does not take. */
import type { Failure } from '../../analyzers/failures.js';
import type { SpecMount } from '../../analyzers/spec.js';
import { defineRule, groupErrors, matchOf, specOf, verdictOf, type Said } from '../rule.js';
import { FROM_GOFER, isKeptOut } from './host-file-refused.js';

const REFUSED: Said = {
  title: 'The {type} mount at {path} is refused: {errno}',
  cause:
    'The sentry cannot mount {type} at {path} ({errno}); its options are {options}, and one of them has a value that {type} does not take.',
  remedy: [
    'Correct the options of the mount at {path} in config.json (docker run --tmpfs {path}:OPTIONS, --mount): sizes are numbers with k, m or g, modes octal.',
  ],
};

/** What comes from the gofer may be refused for its options as well as for what it is. */
const OF_HOST: Said = {
  title: 'The {type} mount at {path} is refused: {errno}',
  cause:
    'The sentry cannot mount {type} at {path}: {errno}. What is to be mounted comes from the host ({source}), through the gofer: either that cannot be opened there, or an option of the mount is not taken.',
  confidence: 'likely',
  remedy: [
    'See on the host what {source} is, and whether the user who runs runsc may open it (stat, namei -l); the gofer log has its own words for it.',
    'Compare the options of the mount at {path} in config.json with those of a mount that works.',
  ],
};

const SHARED: Said = {
  title: 'A volume that containers share is read-only, and one of them wants to write',
  cause:
    'A volume of the pod is shared between its containers by annotations (dev.gvisor.spec.mount.NAME.*), the first mount of it is read-only, and this container mounts it read-write.',
  remedy: [
    'Make both alike: leave ro out of dev.gvisor.spec.mount.NAME.options (or readOnly out of the first mount), or mount it read-only here as well.',
  ],
};

/** The options as a person wrote them: of the spec, else what is legible in the Go struct of the error. */
function optionsOf({ captures }: Failure, mount: SpecMount | undefined): string {
  if (mount !== undefined && mount.options.length > 0) return `"${mount.options.join(',')}"`;
  const legible = (captures['options'] ?? '').match(/(?<![\w.=-])[a-z][\w.-]*=[^\s{}]+/g);
  return legible === null ? 'in config.json' : `"${legible.join(',')}"`;
}

export const mountOptionsInvalid = defineRule({
  id: 'mount-options-invalid',
  severity: 'high',
  title: 'A file system of the sandbox refuses its mount options',
  remedy: REFUSED.remedy,
  needs: ['failures', 'runs'],
  sources: ['runsc/boot/vfs.go mountSubmount'],
  judge: ({ failures, runs }) =>
    verdictOf([
      ...groupErrors(failures, (one) => one.known === 'mount-options-invalid' && !isKeptOut(one)).map((group) => {
        const { path, type = '' } = group.failure.captures;
        const mount = specOf(group.failure, runs)?.mounts.find(({ destination }) => destination === path);
        return matchOf(group, FROM_GOFER.has(type) ? OF_HOST : REFUSED, runs, {
          options: optionsOf(group.failure, mount),
          source: mount?.source ?? 'the source of the mount',
        });
      }),
      ...groupErrors(failures, ({ known }) => known === 'shared-mount-conflict').map((group) =>
        matchOf(group, SHARED, runs),
      ),
    ]),
});
