/** --network=sandbox takes over the interfaces of a namespace; the host's own it refuses. */
import { defineRule } from '../rule.js';

export const networkNamespaceRoot = defineRule({
  id: 'network-namespace-root',
  severity: 'high',
  title: 'The container has no network namespace of its own',
  needs: ['failures', 'runs'],
  sources: ['runsc/sandbox/network.go createInterfacesAndRoutesFromNS'],
  when: {
    'network-namespace-root': {
      cause:
        "The spec gives the container no network namespace of its own, and --network=sandbox will not take over the interfaces of the host's network namespace.",
      remedy: [
        'Add {"type": "network"} to linux.namespaces of config.json, with the path of a prepared namespace if the container is to reach a network.',
        "Or start runsc with --network=host (the host's network) or --network=none (loopback only).",
        'With docker run --net=host, the runtime needs --network=host, too.',
      ],
    },
  },
});
