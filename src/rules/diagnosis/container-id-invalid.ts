/** Ids become file names: letters, digits, `_`, `+`, `-` and `.` only. */
import { defineRule } from '../rule.js';

export const containerIdInvalid = defineRule({
  id: 'container-id-invalid',
  severity: 'high',
  title: 'The container id has a character that is not allowed',
  needs: ['failures', 'runs'],
  sources: ['runsc/container/state_file.go, runsc/container/container.go validateID'],
  when: {
    'container-id-invalid': {
      title: '"{container}" is no valid container id',
      cause:
        'The container id "{container}" holds a character that is not allowed: only letters, digits, "_", "+", "-" and "." are (a slash, for one, would make it a path).',
      remedy: ['Use another id, made of letters, digits, "_", "+", "-" and "." only.'],
    },
  },
});
