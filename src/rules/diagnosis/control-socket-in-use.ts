/** The id is free under this --root, but a sandbox of the same name under another --root holds the control socket. */
import { defineRule } from '../rule.js';

export const controlSocketInUse = defineRule({
  id: 'control-socket-in-use',
  severity: 'high',
  title: 'Another sandbox with this id is running',
  needs: ['failures', 'runs'],
  sources: ['runsc/sandbox/sandbox.go createSandboxProcess', 'runsc/boot/controller.go ControlSocketAddr'],
  when: {
    'control-socket-in-use': {
      title: 'A sandbox "{container}" is running under another --root',
      cause:
        'The control socket of sandbox "{container}" is already in use: a container with the same id runs under another --root, where this command does not see it.',
      remedy: [
        'Choose another id, or remove the other container: find its --root with `ps ax | grep runsc-sandbox` and run runsc --root=DIR delete --force {container}.',
      ],
    },
  },
});
