/** Docker, containerd, CRI-O, podman or Kubernetes know no runtime of the name that was asked for, or do not find its program. */
import { defineRule, matchOfTellings, tellingsOf, verdictOf, type Said } from '../rule.js';

const SAYINGS: Readonly<Record<string, Said>> = {
  'handler-unknown': {
    title: 'The container runtime has no handler named {name}',
    cause:
      'The pod asks for the runtime handler {name}, and the CRI runtime of the node (containerd or CRI-O) has none of this name in its configuration: the section was never written, is missing since the file was overwritten (a restart or an update of minikube, k3s or a node image writes its own), or the daemon was not restarted after it.',
    remedy: [
      'Add the handler again and restart the daemon: containerd in /etc/containerd/config.toml, section [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.{handler}] with runtime_type = "io.containerd.runsc.v1"; CRI-O in /etc/crio/crio.conf.d, section [crio.runtime.runtimes.{handler}].',
      'With an add-on or installer, re-enable it (minikube addons disable gvisor, then enable it again; k3s: put the section into config.toml.tmpl), since a restart may write the file anew.',
      'crictl info shows the runtimes that the daemon has loaded; handler of the RuntimeClass must be one of them.',
    ],
  },
  'handler-unsupported': {
    title: "The kubelet's container runtime supports no runtime handlers ({name})",
    cause:
      'The kubelet hands the pod with RuntimeClass handler {name} to Docker (dockershim or cri-dockerd), which knows no runtime handlers. containerd may be installed on the node with runsc, and is not what the kubelet talks to.',
    remedy: [
      'Let the kubelet use containerd or CRI-O: --container-runtime-endpoint=unix:///run/containerd/containerd.sock (before Kubernetes 1.24 with --container-runtime=remote), after draining the node, and register the handler {name} there.',
      'kubectl get nodes -o wide shows which runtime each node uses; pods without RuntimeClass can stay on Docker nodes.',
    ],
  },
  'docker-runtime-unknown': {
    title: 'The Docker daemon knows no runtime named {name}',
    cause:
      'Docker was asked for the runtime {name}, which is not registered with the daemon: daemon.json has no such entry under "runtimes", or the daemon was not restarted since.',
    remedy: [
      'Register it with runsc install --runtime={name}, or add it under "runtimes" in /etc/docker/daemon.json, and restart Docker. docker info lists the runtimes.',
      'A Docker of snap, rootless Docker and Docker Desktop read another daemon.json.',
    ],
  },
  'runtime-class-missing': {
    title: 'The cluster has no RuntimeClass named {name}',
    cause:
      'The pod has runtimeClassName {name}, and there is no such object in the cluster: the pod is refused before any node sees it. A handler of that name in the container runtime of the nodes does not make one.',
    remedy: [
      'Create it: kind RuntimeClass, apiVersion node.k8s.io/v1, metadata.name {name}, handler as registered with containerd or CRI-O on the nodes (kubectl get runtimeclass lists them).',
      'Or correct runtimeClassName in the pod.',
    ],
  },
  'shim-missing': {
    title: 'containerd does not find the shim {binary}',
    cause:
      'containerd starts runsc through the program {binary}, which is not installed on this host or not in the PATH of the containerd daemon: the handler is registered, its shim is missing.',
    remedy: [
      'Install containerd-shim-runsc-v1 of the same release as runsc into /usr/local/bin or /usr/bin, executable for root; it is a file of its own beside runsc.',
      'Look at the PATH of the daemon (systemctl show containerd -p Environment): shells have another one. Restart containerd after the installation.',
    ],
  },
  'runtime-binary-missing': {
    title: 'The program of the runtime {binary|that is configured} was not found',
    cause:
      'The engine is to start {binary|the runtime}{named} and does not find it: the file is not there, not executable, or not in the PATH of the daemon.',
    remedy: [
      'Install runsc, or correct the path in the configuration of the engine (daemon.json of Docker, runsc.toml or config.toml of containerd, [engine.runtimes] of containers.conf for podman, runtime_path for CRI-O), and restart it.',
      'Daemons have another PATH than shells: an absolute path is safe.',
    ],
  },
  'runtime-binary-unusable': {
    title: 'The program {binary} cannot be executed: {errno}',
    cause:
      'The engine found {binary} and could not execute it: {errno}. With "permission denied" the file is not executable, or lies on a file system mounted noexec or is forbidden by SELinux or AppArmor; with "exec format error" it is built for another processor, or is no program at all (an incomplete download, an error page); with "text file busy" it is being written.',
    remedy: [
      'Look at it: ls -lZ {binary}, file {binary}, and run {binary} --version by hand.',
      'Install it again for the architecture of the host (uname -m), compare its checksum, and chmod 755 it.',
    ],
  },
};

export const runtimeNotRegistered = defineRule({
  id: 'runtime-not-registered',
  severity: 'high',
  title: 'The runtime is not registered or not installed',
  remedy: SAYINGS['handler-unknown']?.remedy ?? [],
  needs: ['tellings', 'runs'],
  sources: [
    'containerd pkg/cri getSandboxRuntime, core/runtime/v2 resolveRuntimePath; kubernetes dockershim, runtimeclass admission',
    'moby daemon/runtime_unix.go; CRI-O pkg/config; podman libpod',
  ],
  judge({ tellings, runs }) {
    const matches = Object.entries(SAYINGS).flatMap(([id, said]) => {
      const [first, ...rest] = tellingsOf(tellings, [id]);
      if (first === undefined) return [];
      const name = first.captures['name'] ?? '';
      const handler = /^[\w.-]+$/.test(name) ? name : name.startsWith('untrusted') ? 'untrusted' : 'runsc';
      return [matchOfTellings([first, ...rest], said, runs, { name, handler, named: name === '' ? '' : ` ${name}` })];
    });
    return verdictOf(matches);
  },
});
