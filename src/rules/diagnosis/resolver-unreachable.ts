/** Names do not resolve: Docker's embedded resolver stands on the loopback of a network stack that the sandbox does not use. */
import { defineRule, matchOfTellings, tellingsOf, verdictOf, type Said } from '../rule.js';

const UNREACHABLE: Said = {
  title: "Docker's embedded DNS resolver is out of the sandbox's reach",
  cause:
    'The name {host|of a host} does not resolve: on a user-defined network {network|} Docker writes its embedded resolver 127.0.0.11 into resolv.conf, which listens on the loopback of the network namespace and is reached by iptables rules there. The sandbox has a network stack of its own with its own loopback, so that queries to 127.0.0.11 never leave it. Names of other containers, which only that resolver knows, cannot be found.',
  confidence: 'likely',
  remedy: [
    'Give the container a resolver with an address outside: --dns does not replace 127.0.0.11 on such a network, so mount a resolv.conf of your own (-v ./resolv.conf:/etc/resolv.conf:ro).',
    'For names of containers use --add-host or --link, fixed addresses, or a DNS server in a container.',
    "Or use the default bridge, which has the host's resolver in resolv.conf, or --network=host for the container (runsc with --network=host uses the stack of the host).",
  ],
};

export const resolverUnreachable = defineRule({
  id: 'resolver-unreachable',
  severity: 'medium',
  leads: 'app-failure',
  title: "Docker's embedded DNS resolver is out of the sandbox's reach",
  remedy: UNREACHABLE.remedy,
  needs: ['tellings', 'runs'],
  sources: ['moby libnetwork/resolver.go (127.0.0.11)', 'pkg/tcpip, runsc/sandbox/network.go'],
  judge({ tellings, runs }) {
    const unresolved = tellingsOf(tellings, ['name-unresolved']);
    const networks = tellingsOf(tellings, ['user-network']);
    const resolvers = tellingsOf(tellings, ['embedded-resolver']);
    const [first, ...rest] = unresolved;
    // A name that does not resolve has many reasons; the network or the resolver must be told.
    if (first === undefined || (networks.length === 0 && resolvers.length === 0)) return { state: 'clear' };
    const network = networks[0]?.captures['network'];
    return verdictOf([
      matchOfTellings([first, ...resolvers, ...networks, ...rest], UNREACHABLE, runs, {
        network: network === undefined ? '' : `(${network})`,
      }),
    ]);
  },
});
