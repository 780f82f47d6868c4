/** A section, mount option or propagation mode of the spec that runsc refuses rather than ignores. */
import { defineRule } from '../rule.js';

export const specValueUnsupported = defineRule({
  id: 'spec-value-unsupported',
  severity: 'high',
  title: 'The spec asks for something that runsc does not support',
  needs: ['failures', 'runs'],
  sources: ['runsc/specutils/specutils.go ValidateSpec, validateMount', 'runsc/specutils/fs.go validatePropagation'],
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
    'container-type-invalid': {
      title: 'The annotations of the pod do not fit together',
      cause: 'The container type annotations are not complete: {error}.',
      remedy: [
        'Let containerd or CRI-O write them; by hand, set io.kubernetes.cri.container-type and io.kubernetes.cri.sandbox-id.',
      ],
    },
  },
});
