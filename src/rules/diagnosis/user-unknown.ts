/** exec or the spec names a user that the image does not have. */
import { defineRule } from '../rule.js';

export const userUnknown = defineRule({
  id: 'user-unknown',
  severity: 'high',
  title: 'The user does not exist in the container',
  needs: ['failures', 'runs'],
  sources: ['runsc/cmd/exec.go, pkg/sentry/fsimpl/user/user.go'],
  when: {
    'user-unknown': {
      title: 'User {name} does not exist in the container',
      cause: 'The user or group {name} is not in /etc/passwd or /etc/group of the image.',
      remedy: ['Use a numeric id, or add {name} to the image.'],
    },
  },
});
