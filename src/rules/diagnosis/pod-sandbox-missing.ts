/** A container of a pod is created in a sandbox that runsc does not find. */
import { defineRule } from '../rule.js';

export const podSandboxMissing = defineRule({
  id: 'pod-sandbox-missing',
  severity: 'high',
  title: 'The pod sandbox of this container does not exist',
  needs: ['failures', 'runs'],
  sources: ['runsc/container/container.go New, runsc/container/state_file.go'],
  when: {
    'pod-sandbox-ended': {
      title: 'The pod sandbox of this container is not running any more',
      cause:
        'A container was to be created in the pod sandbox {sandbox|that its annotations name}, and that sandbox is there but its process has ended: a crash, a kill for memory, or the end of its first container. Every container of the pod lives in that one process.',
      confidence: 'likely',
      remedy: [
        'Look why the sandbox ended: the end of its boot log, dmesg (OOM killer), kubectl describe pod; this error only follows from it.',
        'Delete the pod, so that the kubelet makes a new sandbox.',
        'Where the engine keeps on trying in the old sandbox, update containerd and runsc with its shim.',
      ],
    },
    'pod-sandbox-missing': {
      title: 'Pod sandbox {sandbox|of this container} does not exist',
      cause:
        'The container belongs to the pod sandbox {sandbox|named in its annotations}, and no sandbox of that name exists under {path|this --root}: it was never created, was deleted, or was created with another --root.',
      remedy: [
        'Create the pod again (delete it; the kubelet or crictl runp starts a new sandbox).',
        'If you use runsc by hand, create the sandbox container first, with the same --root, and compare io.kubernetes.cri.sandbox-id in the annotations.',
      ],
    },
  },
});
