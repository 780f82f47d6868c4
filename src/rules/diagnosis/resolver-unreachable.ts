/** Names do not resolve: Docker's embedded resolver stands on the loopback of a network stack that the sandbox does not use. */
import { endingOf } from '../endings.js';
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

const LOOSE = new Set(['text', 'continuation', 'stderr']);
const OF_ENGINE = /\b(?:pull|registry|manifest)\w*\b.{0,200}lookup|OCI runtime|FATAL ERROR|\blevel=/;

/** Neither the network nor the resolver is told. */
const UNRESOLVED: Said = {
  title: 'DNS fails in the sandbox: {host|a host name} does not resolve',
  cause:
    'A program asked for the address of {host|a host name} and got none ("{words}"). It asks the name servers of /etc/resolv.conf over UDP, through the network stack of the sandbox, which has the addresses and routes that its network namespace had at the start. Either that server cannot be reached from there (an address on a loopback such as 127.0.0.53 or 127.0.0.11, an IPv6 address without a route, --network=none, a firewall), or no packet gets out at all.{network}',
  confidence: 'possible',
  remedy: [
    'cat /etc/resolv.conf in the container, then try that server from inside (nslookup NAME SERVER, or nc -vz SERVER 53), and a bare address (curl http://1.1.1.1): that separates DNS from the whole network.',
    'Give the container a name server that is reachable from it: docker run --dns=SERVER, dns in daemon.json, dnsConfig of the pod; no address of a loopback.',
    'For comparison --network=host of runsc (the stack of the host) or runc: if names resolve there, look at GSO and offloading of the host interface (--gso=false), IP forwarding and firewall rules, and update runsc.',
  ],
};

export const resolverUnreachable = defineRule({
  id: 'resolver-unreachable',
  severity: 'medium',
  leads: 'app-failure',
  title: 'Names do not resolve in the sandbox',
  remedy: UNREACHABLE.remedy,
  needs: ['failures', 'tellings', 'runs'],
  sources: ['moby libnetwork/resolver.go (127.0.0.11)', 'pkg/tcpip, runsc/sandbox/network.go'],
  judge(products) {
    const { tellings, runs } = products;
    // Of engines that pull an image, or of runsc's own start, the sandbox has no part in it.
    const unresolved = tellingsOf(
      tellings,
      ['name-unresolved'],
      ({ kind, evidence: { text } }) => LOOSE.has(kind) && !OF_ENGINE.test(text),
    );
    const networks = tellingsOf(tellings, ['user-network']);
    const resolvers = tellingsOf(tellings, ['embedded-resolver']);
    const [first, ...rest] = unresolved;
    if (first === undefined) return { state: 'clear' };
    // A name that does not resolve has many reasons; the network or the resolver must be told.
    if (networks.length === 0 && resolvers.length === 0) {
      const exit = endingOf(products)?.exit;
      if (exit?.status === 0 || runs.runs.some(({ banners }) => banners > 0)) return { state: 'clear' };
      const isolated = tellings.signs.has('network-none');
      return verdictOf([
        matchOfTellings([first, ...rest], { ...UNRESOLVED, tier: 'aftermath' }, runs, {
          words: first.evidence.text.slice(0, 200),
          network: isolated ? ' This one was started without a network.' : '',
        }),
      ]);
    }
    const network = networks[0]?.captures['network'];
    return verdictOf([
      matchOfTellings([first, ...resolvers, ...networks, ...rest], UNREACHABLE, runs, {
        network: network === undefined ? '' : `(${network})`,
      }),
    ]);
  },
});
