/** create or run with an id that is in use. */
import { defineRule } from '../rule.js';

export const containerIdExists = defineRule({
  id: 'container-id-exists',
  severity: 'high',
  title: 'A container with this id exists already',
  needs: ['failures', 'runs'],
  sources: ['runsc/container/container.go New', 'runsc/container/state_file.go'],
  when: {
    'container-id-exists': {
      title: 'The container id "{id|}" is already in use',
      cause:
        'A container with the id "{id|given}" exists already under the same --root, so it cannot be created a second time.',
      remedy: ['Choose another id, or remove the old container first: runsc delete --force {id|ID}.'],
    },
  },
});
