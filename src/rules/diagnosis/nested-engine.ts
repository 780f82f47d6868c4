/** An engine inside the sandbox (dockerd, podman, a sidecar) cannot set up its network or storage there. */
import type { Captures } from '../../model/event.js';
import { defineRule, matchOfTellings, tellingsOf, verdictOf, type Said } from '../rule.js';

const NFT: Said = {
  title: 'nftables does not work inside the sandbox: {errno}',
  cause:
    'A program in the sandbox (dockerd, iptables, a sidecar) uses the nftables variant of iptables, which talks to the kernel over the netlink family of netfilter; gVisor does not offer it here, so that it fails with "{errno}". Only the legacy interface of iptables is partly there, and only with raw sockets (--net-raw) and the capabilities NET_ADMIN and NET_RAW.',
  confidence: 'likely',
  remedy: [
    'Start the inner dockerd with --iptables=false --ip6tables=false, and give the inner containers a network by an SNAT rule of iptables-legacy or with --network=host.',
    'Or switch to the legacy variant in the image: update-alternatives --set iptables /usr/sbin/iptables-legacy (and ip6tables).',
    'Run the outer runsc with --net-raw and the outer container with the capabilities NET_ADMIN, NET_RAW and SYS_ADMIN.',
  ],
};

const LEGACY: Said = {
  title: 'iptables does not work inside the sandbox: {errno}',
  cause:
    'A program in the sandbox (dockerd, iptables, a sidecar) wants to change packet filter rules and fails with "{errno}": gVisor implements a part of the legacy iptables interface only, and offers it only to containers with the capabilities NET_ADMIN and NET_RAW under a runsc with raw sockets (--net-raw).',
  confidence: 'likely',
  remedy: [
    'Run the outer runsc with --net-raw and give the container the capabilities NET_ADMIN and NET_RAW.',
    'Start an inner dockerd with --iptables=false --ip6tables=false; use iptables-legacy for rules of your own (tables nat and filter; no MASQUERADE and no connection tracking matches).',
  ],
};

const TABLE: Said = {
  ...LEGACY,
  title: 'The table {table} of iptables is not there in the sandbox',
  cause:
    'A program in the sandbox (an init container of a service mesh such as Istio, dockerd, kube-proxy, a VPN) wants the table {table} of iptables, and gVisor has not got it: its netfilter knows nat, mangle and filter, and raw (with a CT target that does nothing) since March 2026 only; security never. The rest of its rules is not set either, since iptables-restore stops there.',
  remedy: [
    'Update runsc: releases since mid-March 2026 have the table raw, which Istio uses to catch DNS (ISTIO_META_DNS_CAPTURE).',
    'Or switch the feature off that writes to the table (Istio: DNS capture off, or the CNI plugin of Istio, which sets the rules outside of the sandbox).',
    'iptables works at all only with --net-raw of the outer runsc and the capabilities NET_ADMIN and NET_RAW.',
  ],
};

const RULE: Said = {
  ...LEGACY,
  title: 'gVisor refuses a rule of iptables: {errno}',
  cause:
    'A program in the sandbox sets a packet filter rule and fails with "{errno}"{asked}. The netfilter of gVisor takes a part of the legacy rules only: matches by protocol, port, address, interface and owner, and the targets ACCEPT, DROP, REDIRECT, DNAT and SNAT. Connection tracking (-m state, -m conntrack), MASQUERADE, LOG, user-defined policies other than those of built-in chains, and rule sets above a size limit (8 KiB until March 2026) are refused, mostly as "Invalid argument"; dmesg in the sandbox says nothing more.',
  remedy: [
    'Leave rules with connection tracking and MASQUERADE out inside the sandbox, and set them on the host (or by the CNI plugin), in the network namespace of the container.',
    'Start an inner dockerd with --iptables=false --ip6tables=false; let a service mesh use its CNI plugin instead of an init container.',
    'Update runsc: matches and targets are added from time to time. --debug of runsc names what it refused ("netfilter: ...").',
  ],
};

/** What the words around the error name. */
function askedOf(lines: readonly string[]): string {
  const asked = lines.map(
    (line) => /-m (?:state|conntrack)\b|MASQUERADE|--ctstate|-P (?:FORWARD|INPUT|OUTPUT) \w+/.exec(line)?.[0],
  );
  const first = asked.find((one) => one !== undefined);
  return first === undefined ? '' : ` (the rule holds ${first})`;
}

const STORAGE: Said = {
  title: 'The storage driver of an engine inside the sandbox does not work: {errno}',
  cause:
    'An engine inside the sandbox wants to mount an overlay for its images and fails with "{errno}": the file system below it in the sandbox cannot be the upper layer of an overlay, or the container lacks the capability SYS_ADMIN.',
  confidence: 'likely',
  remedy: [
    'Put the data directory of the inner engine (/var/lib/docker) on a tmpfs or an emptyDir volume, or use the storage driver vfs or fuse-overlayfs.',
    'Give the outer container the capability SYS_ADMIN.',
  ],
};

const RELATIVE: Said = {
  ...STORAGE,
  title: 'The overlay of the sandbox refuses relative directories of its layers (lowerdir={lower}...): {errno}',
  cause:
    'An engine inside the sandbox (containerd, dockerd with its image store) mounts an overlay whose lower directories are given relative to its working directory, and gets "{errno}". It shortens the paths so when the options of many image layers would not fit into one page (4 KiB); images of few layers get whole paths and work. The overlay of gVisor takes absolute paths only in this release, where Linux takes both.',
  remedy: [
    'Update runsc: a newer release may take relative paths; report it if the newest one does not.',
    'Use images of fewer layers (docker build --squash, multi-stage builds, docker export and import), or a shorter data root, so that the options fit.',
    'Or use another snapshotter or storage driver inside (native, vfs, fuse-overlayfs), or the classic overlay2 driver instead of the image store of containerd ("features": {"containerd-snapshotter": false}).',
  ],
};

/** Which part of iptables is missing: a table, a rule, or the whole of it. */
function ruleOf(captures: Captures, text: string): Said {
  if (captures['table'] !== undefined && !/^(?:nat|filter|mangle)$/.test(captures['table'])) return TABLE;
  return captures['table'] === undefined && RULE_WORDS.test(text) ? RULE : LEGACY;
}
const RULE_WORDS =
  /ip6?tables(?:-\S{1,16})?:? .{0,80}?Invalid argument|line \d+ failed|Extension|Couldn't (?:load|find)/i;

export const nestedEngine = defineRule({
  id: 'nested-engine',
  severity: 'high',
  leads: 'app-failure',
  title: 'An engine or network tool inside the sandbox cannot do its set-up',
  remedy: NFT.remedy,
  needs: ['tellings', 'runs'],
  sources: ['iptables (nft and legacy), moby libnetwork', 'pkg/sentry/socket/netfilter, pkg/sentry/socket/netlink'],
  judge({ tellings, runs }) {
    const [nft, ...moreNft] = tellingsOf(tellings, ['nft-unusable']);
    const legacy = tellingsOf(
      tellings,
      ['iptables-unusable'],
      (one) => !one.evidence.text.includes('No chain/target/match'),
    );
    const [first, ...more] = legacy;
    const [storage, ...moreStorage] = tellingsOf(tellings, ['inner-storage']);
    return verdictOf([
      ...(nft !== undefined
        ? [matchOfTellings([nft, ...moreNft, ...legacy], NFT, runs)]
        : first !== undefined
          ? [
              matchOfTellings([first, ...more], ruleOf(first.captures, first.evidence.text), runs, {
                errno: first.captures['errno'] ?? 'a rule that it does not know',
                asked: askedOf([first, ...more].map(({ evidence }) => evidence.text)),
              }),
            ]
          : []),
      ...(storage === undefined
        ? []
        : [
            matchOfTellings(
              [storage, ...moreStorage],
              /invalid/i.test(storage.captures['errno'] ?? '') && storage.captures['lower'] !== undefined
                ? RELATIVE
                : STORAGE,
              runs,
            ),
          ]),
    ]);
  },
});
