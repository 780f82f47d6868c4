/** Too many, too few, or leaked ones. */
import { defineRule } from '../rule.js';

export const descriptorsWrong = defineRule({
  id: 'descriptors-wrong',
  severity: 'high',
  title: 'The descriptors handed to the sandbox do not fit',
  needs: ['failures', 'runs'],
  sources: ['runsc/boot/loader.go', 'pkg/urpc/urpc.go', 'runsc/cmd/gofer.go'],
  when: {
    'release-older': {
      title: 'The running sandbox does not know the call {method|of this command}: it is of another release',
      cause:
        'A runsc command asked the sandbox for {method|something}, and the sandbox knows no such call: command and sandbox are of different releases. A sandbox keeps the binary with which it was started, also after an update of runsc.',
      tier: 'aftermath',
      leads: 'degraded',
      severity: 'medium',
      remedy: [
        'Start the container (with Kubernetes: the pod) again, so that sandbox and command are of one release.',
        'Or call the old binary for old sandboxes; runsc --version of each path in daemon.json, containerd config and PATH tells whether several are installed.',
      ],
    },
    'releases-mixed': {
      title: 'Two processes of runsc do not agree on what they hand over: they are of different releases',
      cause:
        'One process of runsc hands descriptors and settings to another, and the number or form is not what that one expects: {error}. Processes of one release always agree; so a binary was replaced while a sandbox was running, or two installations are mixed (runsc in PATH and in the configuration of the engine, or an old containerd-shim-runsc-v1).',
      confidence: 'likely',
      remedy: [
        'End sandboxes that were started before the update (delete and create the pod or container anew), then try again.',
        'Make sure that there is one runsc, and a shim of the same release: which -a runsc containerd-shim-runsc-v1, runsc --version, the paths in daemon.json and the containerd configuration; restart the engine after an update.',
        'If all are of one release, it is a defect of that release: update it, and report the error with the debug logs.',
      ],
    },
    'descriptor-not-open': {
      title: 'Descriptor {fd}, which is to be passed into the container, is not open',
      cause:
        'A flag of the command (--pass-fd, --exec-fd) names descriptor {fd}, and whoever started runsc did not leave it open for it.',
      remedy: [
        'Open it without close-on-exec for the process that starts runsc (in a shell: exec {fd}< FILE), or correct the number: --pass-fd=HOST:GUEST.',
      ],
    },
    'proc-not-mounted': {
      title: '/proc cannot be used where runsc starts: {errno}',
      cause:
        "runsc looks at its own descriptors in /proc/self, and that failed: {errno}. /proc is not mounted in this chroot or container, or is another process namespace's.",
      confidence: 'likely',
      remedy: [
        'Mount it there: mount -t proc proc /proc (in a container: let the engine mount /proc, unmasked).',
        'Then try again; runsc starts its own processes through /proc/self/exe as well.',
      ],
    },
    'descriptors-leaked': {
      title: 'Descriptor {fd} was already open in the sandbox',
      cause:
        'The boot process could not put its standard streams in place ({error}): whoever started runsc left descriptors open that it inherited.',
      remedy: [
        'Close the leaked descriptors in the program that starts runsc (open files with CLOEXEC); until then start runsc through a shell that closes them.',
      ],
    },
    'descriptors-too-many': {
      title: 'The container has more mounts than one control call can carry',
      cause:
        'Starting the container needs more descriptors than one control call may carry ("too many files"): the spec has too many mounts. This is not the limit of open files.',
      remedy: [
        'Reduce the number of mounts (mount a parent directory, or projected volumes), or update runsc: newer releases raise the limit.',
      ],
    },
    'descriptor-is-directory': {
      title: 'A directory of the host leaked into the sandbox process',
      cause:
        'Descriptor {fd|of the sandbox process} is an open directory, {path}: runsc stops, since a program that broke out could walk the host from there. Whoever started runsc left it open.',
      remedy: [
        'Close it in the program that starts runsc (open directories with O_CLOEXEC); until then start runsc through a shell that closes it: runsc ... {fd|N}<&-',
      ],
    },
    'gofer-descriptors-wrong': {
      title: 'Gofer and sandbox do not agree on their descriptors',
      cause: 'A process got another number of descriptors than it expected: {error}.',
      remedy: ['Use the same runsc binary for all processes: stop old sandboxes after an update, and start again.'],
    },
  },
});
