/** Too many, too few, or leaked ones. */
import { defineRule } from '../rule.js';

export const descriptorsWrong = defineRule({
  id: 'descriptors-wrong',
  severity: 'high',
  title: 'The descriptors handed to the sandbox do not fit',
  needs: ['failures', 'runs'],
  sources: ['runsc/boot/loader.go', 'pkg/urpc/urpc.go', 'runsc/cmd/gofer.go'],
  when: {
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
