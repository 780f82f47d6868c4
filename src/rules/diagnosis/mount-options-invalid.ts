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

/** Not found is no matter of options: what the file system is made of is not there. */
const WITHOUT_BASE: Said = {
  title: 'The {type} mount at {path} fails since something that it is made from does not exist: {errno}',
  cause:
    'The sentry cannot mount {type} at {path}: {errno}. That answer does not mean a wrong option (that is "invalid argument") but a file or directory that the mount needs and that is not there{base}.',
  confidence: 'likely',
  remedy: [],
};
/** What a file system of the sentry is made from, by type. */
const BASES: Readonly<Record<string, { readonly base: string; readonly remedy: readonly string[] }>> = {
  sysfs: {
    base: ': sysfs is written by the sentry itself, but for accelerators (--tpuproxy, GPUs with --nvproxy) it mirrors PCI devices from /sys/devices, /sys/class and /sys/bus of the host, as far as they are visible in the chroot of the sandbox process',
    remedy: [
      'Start without --tpuproxy (--nvproxy) where no such device is needed: if the mount works then, it is the mirror of the PCI devices that fails.',
      'See that the devices are there on the host (ls /sys/class/accel /sys/class/vfio-dev /sys/bus/pci/devices) and that /sys of whoever starts runsc is whole; runsc do and rootless runs prepare less of it than docker or create with a spec that lists the devices.',
      'Update runsc: what is mirrored for TPUs and PCI devices has been mended several times; report it if it stays.',
    ],
  },
  erofs: {
    base: ': the image file that the mount names as its source',
    remedy: ['See that the image file of the mount (its source in config.json) is there and readable for runsc.'],
  },
  '': {
    base: '',
    remedy: [
      'Look at source, upper and lower directories of the mount in config.json: each must exist on the host, in the mount namespace of whoever starts runsc.',
      'A boot log with --debug shows the last files that were opened before the error.',
    ],
  },
};

/** A Unix socket by its name; the gofer of older releases answers with whatever the host said when it was opened. */
const EIO_OF_HOST: Said = {
  title: 'The {type} mount at {path} fails with an input/output error',
  cause:
    'The sentry cannot mount {type} at {path} ({source}): {errno}. The gofer could not open or map what is mounted. Kernels 5.1 to 5.3.15, 5.4.2 and 5.5 count the memory of io_uring and mappings wrongly against RLIMIT_MEMLOCK, which shows as this error; a disk or network file system that does not deliver gives it, too.',
  confidence: 'likely',
  remedy: [
    'Use a newer kernel of the host (5.3.16, 5.4.3, 5.6 or later), or set LimitMEMLOCK=infinity in the unit of containerd or docker, systemctl daemon-reload, and restart it.',
    'See in dmesg whether the file system below delivers, and in the gofer log (--debug) which call failed.',
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
      ...groupErrors(
        failures,
        (one) => (one.known === 'mount-options-invalid' || one.known === 'mount-source-unreadable') && !isKeptOut(one),
      ).map((group) => {
        const { path, type = '' } = group.failure.captures;
        const mount = specOf(group.failure, runs)?.mounts.find(({ destination }) => destination === path);
        const errno = group.failure.captures['errno'] ?? '';
        const base = BASES[type] ?? BASES[''];
        const said =
          /^no such (?:file|device)/.test(errno) && !FROM_GOFER.has(type)
            ? { ...WITHOUT_BASE, remedy: base?.remedy ?? [] }
            : !FROM_GOFER.has(type)
              ? { ...REFUSED, ...(errno === 'invalid argument' ? {} : { confidence: 'likely' as const }) }
              : errno.startsWith('input/output error')
                ? EIO_OF_HOST
                : OF_HOST;
        return matchOf(group, said, runs, {
          base: base?.base ?? '',
          options: optionsOf(group.failure, mount),
          source: mount?.source ?? 'the source of the mount',
        });
      }),
      ...groupErrors(failures, ({ known }) => known === 'shared-mount-conflict').map((group) =>
        matchOf(group, SHARED, runs),
      ),
    ]),
});
