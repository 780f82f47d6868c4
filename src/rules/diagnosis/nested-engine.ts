/** An engine inside the sandbox (dockerd, podman, a sidecar) cannot set up its network or storage there. */
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
          ? [matchOfTellings([first, ...more], LEGACY, runs)]
          : []),
      ...(storage === undefined ? [] : [matchOfTellings([storage, ...moreStorage], STORAGE, runs)]),
    ]);
  },
});
