/** A section, mount option or propagation mode of the spec that runsc refuses rather than ignores. */
import { defineRule } from '../rule.js';

export const specValueUnsupported = defineRule({
  id: 'spec-value-unsupported',
  severity: 'high',
  title: 'The spec asks for something that runsc does not support',
  needs: ['failures', 'runs'],
  sources: [
    'runsc/specutils/specutils.go ValidateSpec, validateMount',
    'runsc/specutils/fs.go validatePropagation',
    'runsc/boot/mount_hints.go, runsc/specutils/seccomp, runsc/boot/vfs.go (device files)',
  ],
  when: {
    'spec-section-unsupported': {
      title: 'The spec asks for {section}, which runsc does not support',
      cause:
        'config.json has settings for {section}; runsc refuses to start a container whose confinement it cannot honour.',
      remedy: [
        'Remove the {section} settings for containers of this runtime (for SELinux: --security-opt label=disable, or no seLinuxOptions in the pod).',
      ],
    },
    'propagation-unsupported': {
      title: 'A mount propagation mode is not supported',
      cause:
        'The mount propagation "{value}" of the spec is not supported: the root file system may be private or slave, and a mount may have one mode only.',
      remedy: [
        'Use private or slave (rprivate, rslave) for this mount or for linux.rootfsPropagation; shared mounts do not work with runsc.',
      ],
    },
    'mount-option-unsupported': {
      title: 'Mount option "{option}" is not supported',
      cause: 'A mount of the spec has the option "{option}", which runsc cannot honour and therefore refuses.',
      remedy: [
        'Remove the option "{option}" from mounts[].options in config.json (docker run -v ...:{option}, or the volume of the pod).',
      ],
    },
    'userns-mapping-invalid': {
      title: 'The spec maps user ids without a user namespace',
      cause: 'config.json has linux.uidMappings or gidMappings, but no namespace of type user that they belong to.',
      remedy: ['Add {"type": "user"} to linux.namespaces, or remove the mappings.'],
    },
    'hook-invalid': {
      title: 'A hook of the spec has no usable path',
      cause: 'A hook in config.json has the path "{path|}"; it must be an absolute path on the host.',
      remedy: ['Give the hook an absolute path in hooks of config.json, or remove it.'],
    },
    'mount-hint-invalid': {
      title: 'An annotation about a volume (dev.gvisor.spec.mount) cannot be used',
      cause:
        'Annotations dev.gvisor.spec.mount.NAME.{source,type,share,options} tell runsc which volumes the containers of a pod share, and those of this pod are not complete or not valid: {error}. Each NAME needs source, type (tmpfs or bind) and share (container, pod or shared), and a source may be named once.',
      remedy: [
        'Correct the annotations of the pod (or of config.json), or remove them: volumes then work without that optimisation.',
        'Where the shim writes them (for emptyDir volumes), update containerd-shim-runsc-v1 and runsc together.',
      ],
    },
    'rootfs-hint-invalid': {
      title: 'The annotations about the root file system (dev.gvisor.spec.rootfs) cannot be used',
      cause:
        'Annotations dev.gvisor.spec.rootfs.{type,source,overlay} give a container an image (EROFS) as its root, and these do not work: {error}.',
      remedy: [
        'Give all of them: type erofs, source an absolute path of the image on the host, and overlay (memory, self or dir=...) as needed; an image can be the root only, no other mount.',
        'Remove them to use root.path of the spec; GPU containers set up by the hook of NVIDIA need that.',
      ],
    },
    'rootfs-image-unusable': {
      title: 'The image for the root file system cannot be opened: {path}: {errno}',
      cause:
        'The annotation dev.gvisor.spec.rootfs.source names {path} as image of the root, and opening it on the host failed: {errno}.',
      remedy: ['ls -l {path} on the host, as root; correct the annotation, or make the image (mkfs.erofs {path} DIR).'],
    },
    'bundle-invalid': {
      title: 'A bundle of runsc settings cannot be applied',
      cause: 'Annotations dev.gvisor.bundle.NAME switch on a set of flags, and that does not work here: {error}.',
      remedy: [
        'Give the annotation the value true, or remove it; a flag may come from one bundle only, and a release knows its own bundles.',
      ],
    },
    'shared-mount-differs': {
      title: 'A volume that containers share is {master} in one and {option} in another',
      cause:
        'The containers of a pod share one volume, mounted once in the sandbox, with the options of the container that came first ({master}); this one wants it with {option}, which it cannot get.',
      remedy: ['Mount the volume with the same options in all containers of the pod, the widest ones in the first.'],
    },
    'spec-seccomp-invalid': {
      title: 'The seccomp profile of the spec cannot be used',
      cause:
        'With --oci-seccomp runsc applies linux.seccomp of the spec inside of the sandbox, and it cannot make a filter of this one: {error}. An action, an operator or an architecture that it does not know is refused.',
      remedy: [
        'Leave --oci-seccomp out (the default): gVisor handles all calls of the program itself, and its own filter towards the host stays on.',
        'Or correct the profile: actions of SCMP_ACT_ALLOW, ERRNO, KILL, TRAP, TRACE, and the architecture of this host; docker run --security-opt seccomp=unconfined tells whether it is that.',
      ],
    },
    'device-type-invalid': {
      title: 'The spec makes a device file of a kind that does not exist: {path}',
      cause: 'linux.devices of config.json has {path} with the type "{type}": b, c, u and p are the kinds there are.',
      remedy: ['Correct the type of {path} in linux.devices, or remove the entry.'],
    },
    'sysctl-invalid': {
      title: 'The spec sets {name} to a value that is not valid',
      cause:
        'linux.sysctl of config.json sets {name} to "{value|}", which cannot be used: {error|it has to be a number}.',
      remedy: ['Give {name} a whole number (--sysctl of docker, securityContext.sysctls of the pod), or leave it out.'],
    },
    'working-directory-relative': {
      title: 'The working directory "{path|}" is not absolute',
      cause:
        'A program is to start in the directory "{path|}" (process.cwd of config.json, --cwd of exec), and that has to be a path from the root on.',
      remedy: ['Write it with a slash in front: WORKDIR of the image, docker run -w, workingDir of the pod, --cwd.'],
    },
    'passwd-unusable': {
      title: '/etc/passwd of the image does not give the user an id',
      cause: 'The spec names the user by name, and its id could not be read from /etc/passwd of the image: {error}.',
      remedy: [
        'Look at /etc/passwd in the image: seven fields a line, each name once; or give numbers (docker run --user UID:GID, runAsUser).',
      ],
    },
    'container-type-invalid': {
      title: 'The annotations of the pod do not fit together',
      cause: 'The container type annotations are not complete: {error}.',
      remedy: [
        'Let containerd or CRI-O write them; by hand, set io.kubernetes.cri.container-type and io.kubernetes.cri.sandbox-id.',
      ],
    },
  },
});
