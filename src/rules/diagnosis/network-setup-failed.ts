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

const DENIED: Said = {
  title: 'runsc may not set up the network of the sandbox: {errno}',
  cause:
    'runsc moves the addresses and routes of the network namespace into the sandbox, for which it asks the kernel over netlink and packet sockets; one step was answered with "{errno}": {error}. CAP_NET_ADMIN or CAP_NET_RAW is missing in the user namespace that owns that network namespace, or a seccomp profile or security module around runsc forbids it.',
  confidence: 'likely',
  remedy: [
    'Run runsc (the engine) as root of the host; inside another container give that CAP_NET_ADMIN, CAP_NET_RAW and CAP_SYS_ADMIN.',
    'Rootless: --network=none or --network=host (podman --runtime-flag network=host).',
    "In the container's network namespace as the same user: ip addr; ip link set lo up; tcpdump -c1 tells which of them is refused.",
  ],
};

const SHORT: Said = {
  title: 'The network of the sandbox could not be set up: {errno}',
  cause:
    'A step of setting up interfaces, sockets and routes of the sandbox was answered with "{errno}": {error}. That is a limit of descriptors or of memory (of the service that starts runsc, or of its cgroup), not a fault of the network.',
  confidence: 'likely',
  remedy: [
    'ulimit -n of the service (LimitNOFILE= of its unit), the memory limit of the cgroup, free -m; --num-network-channels=1 needs fewer sockets.',
    '--network=none tells whether anything else is wrong.',
  ],
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
    'network-interface-gone': {
      title: 'The interface {device|of the network namespace} vanished while the sandbox took it over',
      cause:
        'runsc had listed the interface {device|} in the network namespace of the container, and a moment later it was not there any more ({error}): its other end was deleted (a CNI plugin or docker tore the network down), or another process moved or renamed it.',
      confidence: 'likely',
      remedy: [
        'Look who changed it: the journal of the engine and the CNI plugin at that moment; an earlier failure of the same pod or a time limit leads to a removal in the middle of a start.',
        'ip -d link in that namespace (ip netns exec NAME, nsenter --net=PATH); then start again.',
        '--network=none tells whether anything else is wrong.',
      ],
    },
    'network-netlink-refused': {
      title: 'runsc cannot read the network settings of the namespace: {errno}',
      cause:
        'runsc asks the kernel over netlink for the interfaces, addresses and routes of the network namespace, and the answer was "{errno}". A seccomp profile or security module around runsc (an outer container, a service of systemd with RestrictAddressFamilies) forbids netlink or packet sockets, or no descriptors are left.',
      confidence: 'likely',
      remedy: [
        'In the same place: ip addr; ip route. If that fails as well, allow AF_NETLINK and AF_PACKET (RestrictAddressFamilies of the unit, seccomp=unconfined of the outer container) and CAP_NET_ADMIN.',
        '--network=host or --network=none does without.',
      ],
    },
    'network-bind-refused': {
      title: 'The packet socket of the sandbox cannot be bound to {device}: {errno}',
      cause:
        'The sandbox gets its packets through a packet socket on the interface {device}, and binding it failed: {errno}. "network is down" means that the interface is not up (yet), "no such device" that it was removed, and "operation not permitted" that CAP_NET_RAW is missing.',
      confidence: 'likely',
      remedy: [
        "ip link show {device} in the container's network namespace: set it up (ip link set {device} up), and wait for the CNI plugin before the start.",
        'Run runsc as root with CAP_NET_RAW, or use --network=host or --network=none.',
      ],
    },
    'network-offload-refused': {
      title: 'The interface does not do segmentation offload as runsc wants it',
      cause:
        'runsc hands large packets over in one piece (GSO), for which socket and interface have to offer it, and that failed: {error}. Old kernels and some virtual interfaces do not.',
      confidence: 'likely',
      remedy: [
        'Switch it off: --gso=false in the arguments of the runtime (and --software-gso=false if need be); with several channels also --num-network-channels=1.',
        'uname -r: gVisor asks for 4.14.77 or later.',
      ],
    },
    'network-channels-refused': {
      title: 'The kernel refuses the ring or the fan-out of packets',
      cause:
        'The sandbox receives packets through a ring of shared memory, or spread over several sockets (--num-network-channels above 1), and the kernel refused: {error}.',
      confidence: 'likely',
      remedy: [
        'Use --num-network-channels=1 (the default).',
        'Memory: the ring is locked memory of the sandbox; look at ulimit -l and the limit of the cgroup.',
      ],
    },
    'network-setting-unreadable': {
      title: '{path} cannot be read: {errno}',
      cause:
        'runsc reads {path} to learn whether it stands in the network namespace of the host, and that failed: {errno}. /proc/sys is not mounted or masked where runsc is started.',
      confidence: 'likely',
      remedy: [
        'Mount /proc there, with /proc/sys readable (in an outer container: --privileged, or unmask it).',
        '--network=none or --network=host does without that look.',
      ],
    },
    'network-stack-refused': {
      title: "gVisor's network stack refused an interface or address: {reason|}",
      cause:
        'The interfaces and addresses of the network namespace are set up again in the network stack of the sandbox (netstack), and it refused one: {error}. "duplicate" means that the same address or interface stands there twice.',
      confidence: 'likely',
      remedy: [
        "ip -d addr in the container's network namespace: remove addresses that stand twice, and kinds of interfaces that are no Ethernet.",
        'Update runsc; --network=host uses the stack of the host as it is.',
      ],
    },
    'firewall-copy-failed': {
      title: 'The firewall rules of the namespace could not be taken into the sandbox',
      cause:
        'With --reproduce-nat or --reproduce-nftables runsc copies the rules of the network namespace into the sandbox, and that failed: {error}. The modules of iptables are not loaded, iptables-nft is not installed, or a rule is of a kind that gVisor does not have.',
      confidence: 'likely',
      remedy: [
        'Leave --reproduce-nat and --reproduce-nftables out if the container does not need those rules (service meshes do).',
        'iptables-save and iptables-nft-save in that namespace show them; modprobe ip_tables iptable_nat.',
      ],
    },
    'xdp-failed': {
      title: 'XDP cannot be set up here',
      cause:
        'Packets are to go through an AF_XDP socket (--EXPERIMENTAL-xdp), and that failed: {error}. It takes root with CAP_NET_ADMIN, CAP_NET_RAW and CAP_BPF, a kernel from 5.9 on, /sys/fs/bpf for pinned maps, a driver and a queue that nobody else has bound, and one interface with one IPv4 address.',
      confidence: 'likely',
      remedy: [
        'Leave --EXPERIMENTAL-xdp out: it is an experiment, and the default (packet sockets) needs none of that.',
        'If it is wanted: mount -t bpf bpf /sys/fs/bpf, ip link show of the interface (an xdp program that is attached already), ulimit -l unlimited.',
      ],
    },
    'network-setup-failed:broken pipe': GONE,
    'network-setup-failed:connection reset by peer': GONE,
    'network-setup-failed:connection refused': GONE,
    'network-setup-failed:EOF': GONE,
    'network-setup-failed:unexpected EOF': GONE,
    'network-setup-failed:operation not permitted': DENIED,
    'network-setup-failed:permission denied': DENIED,
    'network-setup-failed:too many open files': SHORT,
    'network-setup-failed:cannot allocate memory': SHORT,
    'rdma-devices-unmoved': {
      title: 'The RDMA interfaces could not be moved into the sandbox',
      cause:
        'With --rdmaproxy-move-netdevs runsc moves the network interfaces of RDMA devices from the host into the network namespace of the container, and that failed: {error}. What had been moved was put back.',
      confidence: 'likely',
      remedy: [
        'Run runsc as root with CAP_NET_ADMIN on the host; ip -d link shows whether the interface is there, and no other container has it.',
        'Leave --rdmaproxy-move-netdevs out if the workload does not need the interfaces in its own namespace.',
      ],
    },
    'network-setup-failed': {
      cause: 'The network of the sandbox could not be set up: {error}.',
      remedy: [
        "Look at ip addr and ip route in the container's network namespace; --network=none tells whether anything else is wrong.",
      ],
      confidence: 'likely',
    },
  },
});
