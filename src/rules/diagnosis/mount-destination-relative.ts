/** A mount destination of the spec is not an absolute path: a VOLUME instruction of the image that is no JSON array, or a typo. */
import { defineRule, groupErrors, matchOf, verdictOf, type Said } from '../rule.js';

/** An anonymous volume has a name of 64 hexadecimal digits; a named one that of its user. */
const VOLUME = /\/volumes\/([^/]+)\/_data\/?$/;
const ANONYMOUS = /^[0-9a-f]{64}$/;
/** Words that a JSON array falls apart into at its blanks: `[`, `]`, `["/data",`, `'/data']`. */
const SHARD = /^[[\]"',]|[[\]"',]$/;

const ANONYMOUS_VOLUME: Said = {
  title: 'A volume of the image is mounted at "{destination}", which is not an absolute path',
  cause:
    'The mount that runsc refuses is an anonymous Docker volume ({volume}...) with the destination "{destination}". Its name is an id of Docker, so it comes from the image and not from a -v or --mount option of the command line: a VOLUME instruction in the Dockerfile that is not a JSON array of strings (VOLUME [ /data ] without double quotes) is split at its blanks, and its bracket becomes a destination.',
  why: 'runc takes a relative destination as relative to the root of the container and starts; runsc refuses a mount destination that is not absolute. The message prints destination, type, source and options of the mount in this order.',
  remedy: [
    'Write the VOLUME instruction of the image as a JSON array with double quotes, VOLUME ["/data"], or without brackets, VOLUME /data, and rebuild the image. docker image inspect -f "{{json .Config.Volumes}}" IMAGE shows the destinations.',
    'If the image is not yours, derive one that repairs it, or start another image: an option of docker run cannot remove a volume of the image.',
  ],
};

const SHARD_OF_NAMED: Said = {
  title: 'A mount has the destination "{destination}", which is not an absolute path',
  cause:
    'The mount of {source} has the destination "{destination}": a list that should have been a JSON array was split at its blanks (a VOLUME instruction in a Dockerfile, a volume list in a script or template), and a bracket or quote became a destination.',
  why: 'runc takes a relative destination as relative to the root of the container; runsc refuses a mount destination that is not absolute.',
  remedy: [
    'Correct the list where it is written: in a Dockerfile VOLUME ["/data"] with double quotes, elsewhere one absolute path a mount.',
  ],
};

const TYPO: Said = {
  title: 'Mount destination "{destination}" is not an absolute path',
  cause:
    'The spec mounts {source|something} at the destination "{destination}", which is relative: it does not start with a slash, and runsc refuses the spec before it creates anything.',
  why: 'runc takes such a destination as relative to the root of the container; runsc refuses it.',
  remedy: [
    'Make the destination absolute, /{destination} for example: mounts[].destination in config.json, or the part behind the colon of -v, target= of --mount, mountPath of the pod.',
  ],
};

export const mountDestinationRelative = defineRule({
  id: 'mount-destination-relative',
  severity: 'high',
  title: 'A mount destination is not an absolute path',
  remedy: ['Write VOLUME instructions as JSON arrays with double quotes, and mount destinations as absolute paths.'],
  needs: ['failures', 'runs'],
  sources: ['runsc/specutils/specutils.go ValidateSpec, validateMount (with the index of the mount in 2018)'],
  judge({ failures, runs }) {
    const groups = groupErrors(failures, (failure) => failure.known === 'spec-mount-relative');
    return verdictOf(
      groups.map((group) => {
        const { destination = '', source = '', cause = '' } = group.failure.captures;
        const volume = VOLUME.exec(source)?.[1] ?? '';
        if (destination === '')
          return matchOf(group, { ...TYPO, cause: `${cause}.` }, runs, { destination: 'of a mount' });
        if (ANONYMOUS.test(volume)) return matchOf(group, ANONYMOUS_VOLUME, runs, { volume: volume.slice(0, 12) });
        return matchOf(group, SHARD.test(destination) ? SHARD_OF_NAMED : TYPO, runs);
      }),
    );
  },
});
