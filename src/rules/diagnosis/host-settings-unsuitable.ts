/** Settings of the host's kernel that runsc checks before it starts (--host-settings). */
import { defineRule } from '../rule.js';

export const hostSettingsUnsuitable = defineRule({
  id: 'host-settings-unsuitable',
  severity: 'high',
  title: 'A setting of the host is not as runsc needs it',
  needs: ['failures', 'runs'],
  sources: ['runsc/hostsettings (since 20241021.0), runsc/config --host-settings'],
  when: {
    'host-settings-unsuitable': {
      cause:
        'runsc checks settings of the kernel before it starts, such as the number of mappings a process may have and what ptrace may trace, and one of them will not do: {error}.',
      remedy: [
        'Set what the error names by sysctl -w, and in /etc/sysctl.d for the next boot.',
        '--host-settings=adjust lets runsc set it itself (as root); =check only warns, =ignore does not look. Sandboxes with much memory or many threads may fail later on a host that was not set.',
      ],
    },
  },
});
