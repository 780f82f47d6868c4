/** Routes, raw sockets, helper commands and address families. */
import { defineRule, type Said } from '../rule.js';

const GONE: Said = {
  title: 'The sandbox died while its network (links and routes) was set up: {errno}',
  cause:
    'runsc was handing the interfaces, links and routes of the network namespace to the sandbox, and the answer was "{errno}": the sandbox process (boot) had ended by then, in the middle of its start. The network is only where it was missed; why it ended stands in its own log.',
  tier: 'symptom',
  severity: 'medium',
  confidence: 'likely',
  remedy: [
    'Read the boot log of this start to its end (--debug --debug-log=/tmp/runsc/), --panic-log, and dmesg (SIGSYS of the seccomp filter, OOM killer).',
    'Try --network=none or --network=host, --directfs=false (releases since mid-2023), another --platform: what starts tells which part ends the sandbox.',
    'Compare with another release of runsc, newer or older; uname -r: kernels below 4.14.77 end it here over segmentation offload (--gso=false).',
  ],
  collect: ['the boot log of this start (runsc.log.*.boot.txt), and dmesg of that moment'],
};

export const networkSetupFailed = defineRule({
  id: 'network-setup-failed',
  severity: 'high',
  title: 'The network of the sandbox could not be set up',
  needs: ['failures', 'runs'],
  sources: ['runsc/sandbox/network.go', 'runsc/boot/network.go', 'runsc/cmd/do.go setupNet'],
  when: {
    'network-routes-unusable': {
      title: 'The routes of the network namespace do not fit',
      cause:
        "The routes of the container's network namespace cannot be taken over: {error}. The sandbox needs one default route with a gateway for each address family, and runsc do one on the host.",
      remedy: [
        'Look at ip route in that namespace and leave one default route (check what the CNI plugin or docker network set up).',
        "If no network is needed, use --network=none; --network=host uses the host's stack as it is.",
      ],
    },
    'network-route-missing': {
      title: 'The network namespace has no default route',
      cause:
        'runsc asked for the default route ("ip route list default") of the network namespace in which it was started, to set up its network from it, and there is none: the namespace is empty (unshare -n, ip netns add) or its network is not up yet.',
      remedy: [
        'Start it with --network=none if no network is needed, or --network=host to use what the namespace has.',
        'Or give the namespace an interface and a default route first (ip addr, ip route show).',
        'Newer releases of runsc do go on with an internal network where the set-up fails.',
      ],
    },
    'network-raw-socket': {
      title: 'A raw socket was refused',
      cause: "runsc could not open the raw socket that carries the sandbox's packets: {error}.",
      remedy: ['Run runsc as root with CAP_NET_RAW, or use --network=host or --network=none.'],
    },
    'network-command-failed': {
      title: 'A helper command for the network failed',
      cause: 'runsc could not prepare the network, since "{command}" failed: {error}.',
      remedy: ['Install iproute2 and iptables and run as root, or use --network=host or --network=none.'],
    },
    'network-family-unsupported': {
      title: 'The host kernel has an address family switched off',
      cause:
        'Setting up the network failed with "{errno}": the host lacks an address family that runsc asks for, mostly IPv6 switched off by ipv6.disable=1.',
      remedy: [
        'Switch IPv6 on again (remove ipv6.disable=1 from the kernel command line; net.ipv6.conf.all.disable_ipv6=1 may stay), or use --network=none.',
        'Newer releases of runsc go on without it.',
      ],
      confidence: 'likely',
    },
    'network-address-kept': {
      title: 'The address {address} could not be taken over from {device}',
      cause:
        'runsc takes the addresses of the network namespace away from their interfaces, so that the sandbox alone answers for them; removing {address} from {device} failed: {errno}.',
      remedy: [
        'Run runsc as root with CAP_NET_ADMIN in that namespace; ip addr del {address} dev {device} by hand gives the same answer.',
        'If the address was gone at that moment, the CNI plugin still worked on the interface: start again.',
      ],
    },
    'xdp-unusable': {
      title: 'XDP cannot be set up here',
      cause:
        'Packets are to go through XDP (--EXPERIMENTAL-xdp), for which runsc needs /proc/sys/net/core/dev_weight, and that failed: {error}.',
      remedy: ['Leave --EXPERIMENTAL-xdp out, or run runsc where /proc/sys is neither masked nor read-only.'],
    },
    'network-setup-failed:broken pipe': GONE,
    'network-setup-failed:connection reset by peer': GONE,
    'network-setup-failed:connection refused': GONE,
    'network-setup-failed:EOF': GONE,
    'network-setup-failed:unexpected EOF': GONE,
    'network-setup-failed': {
      cause: 'The network of the sandbox could not be set up: {error}.',
      remedy: [
        "Look at ip addr and ip route in the container's network namespace; --network=none tells whether anything else is wrong.",
      ],
      confidence: 'likely',
    },
  },
});
