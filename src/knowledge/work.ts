/** What engines, kubelets and kernels do around a sandbox, for errors that no rule knows: by the ids of grammars/work.ts. */
import type { Phase } from './phases.js';

const RUNSC_LOGS =
  'the debug logs of runsc, if it was started at all: --debug --debug-log=/tmp/runsc/ in the arguments of the runtime';
const JOURNAL =
  'the journal of the engine and of the kubelet at that time (journalctl -u containerd -u kubelet --since ...)';

export const AROUND: Readonly<Record<string, Phase>> = {
  probe: {
    doing: 'probing the container',
    means:
      'The kubelet asks the program in the container whether it is alive or ready, and got no good answer: the program does not listen (yet, or any more), or the network to it is not there. That is no error of runsc.',
    checks: [
      'kubectl logs POD --previous: how the program ended, and whether it listens on the port of the probe.',
      'A program needs longer to start in gVisor: give the probe a longer initialDelaySeconds or a startupProbe.',
    ],
    decides: 'kubectl logs POD --previous and kubectl describe pod POD: exit code and last words of the program',
  },
  'pod-network': {
    doing: 'setting up the network of the pod',
    means:
      'Before any runtime is started, the engine lets a CNI plugin prepare the network namespace of the pod, and that failed: the plugin is not installed, not ready or not configured, or is not allowed to ask the API server. runsc has no part in it; a pod of another runtime fails on this node in the same way.',
    checks: [
      'ls /etc/cni/net.d /opt/cni/bin, and whether the pods of the network plugin run on this node (kubectl -n kube-system get pods -o wide).',
      'The log of the plugin; for files that it names (/run/flannel/subnet.env and the like) whether its daemon has written them.',
      'Start a pod without the RuntimeClass: if it fails, too, the cluster network is what to mend.',
    ],
    decides: 'the log of the network plugin on this node, and crictl info (its part about CNI)',
  },
  image: {
    doing: 'fetching the image',
    means:
      'The image was not pulled or not unpacked, so no runtime was started yet. That is the affair of engine and registry.',
    checks: ['Name, tag and platform of the image, the credentials (imagePullSecrets), and the way to the registry.'],
    decides: 'crictl pull IMAGE on the node',
  },
  volume: {
    doing: 'preparing a volume of the pod',
    means:
      'The kubelet, or a storage driver, did not get a volume ready; the container waits for it, and runsc is not started before.',
    checks: [
      'kubectl describe pod POD and the PVC; that the Secret or ConfigMap exists; the log of the CSI driver on the node.',
    ],
    decides: 'kubectl describe pod POD, kubectl get pvc, and the log of the storage driver',
  },
  ports: {
    doing: 'publishing a port of the container',
    means:
      'The engine itself listens on the published port of the host (or has a rule of the packet filter for it), before and outside of any runtime: the port is taken by another container or service, or may not be bound. runsc has no part in it.',
    checks: [
      'ss -ltnp | grep :PORT on the host, docker ps for another container that publishes it: end that one, or publish another port (-p).',
      'A container that was removed may still hold it: restart the engine if nothing is listed.',
    ],
    decides: 'ss -ltnp and docker ps -a on the host',
  },
  schedule: {
    doing: 'looking for a node',
    means: 'No node takes the pod: resources, taints, or the nodeSelector of the RuntimeClass leave none.',
    checks: [
      'kubectl describe pod POD; scheduling.nodeSelector and tolerations of the RuntimeClass; labels and taints of the nodes.',
    ],
    decides: 'kubectl get runtimeclass -o yaml and kubectl describe node',
  },
  'pod-cgroup': {
    doing: 'working on a cgroup',
    means:
      'A cgroup of the container could not be found, made or read: a controller is not mounted, the drivers of engine, kubelet and runsc differ (systemd or cgroupfs), or the cgroup is not delegated.',
    checks: [
      'mount | grep cgroup and cat /proc/self/cgroup: version 1 or 2, and which hierarchies there are.',
      'One driver on all sides: cgroupDriver of the kubelet, SystemdCgroup of containerd, systemd-cgroup of runsc.toml.',
    ],
    decides: 'stat -fc %T /sys/fs/cgroup, /proc/self/cgroup and the configuration of the engine',
  },
  gpu: {
    doing: 'bringing a GPU into the container',
    means:
      "NVIDIA's libraries and device files are put into a container by the hooks of its container toolkit; inside of gVisor, calls to the driver go through nvproxy (--nvproxy). One of these steps failed.",
    checks: [
      'docker info | grep -i runtimes and nvidia-ctk --version: "could not select device driver" means that the NVIDIA container toolkit is not installed for the engine, or it was not restarted since. nvidia-smi on the host; --nvproxy=true of runsc; docker run --gpus=all or NVIDIA_VISIBLE_DEVICES with the nvidia runtime hooks.',
      'runsc nvproxy list-supported-drivers against the driver of the host.',
    ],
    decides: 'nvidia-smi, runsc --version, and the boot log with --debug (grep nvproxy)',
  },
  checkpoint: {
    doing: 'saving or restoring a container',
    means:
      'The state of the sandbox is encoded object by object; one that cannot be saved or loaded stops it, and so does an image of another release or of another configuration.',
    checks: [
      'The same release, flags and config.json on both sides; open connections, devices and files of the host among what is saved.',
    ],
    decides: 'the boot logs of the saved and of the restored sandbox, and the versions of runsc of both',
  },
  exec: {
    doing: 'starting a further program in the container',
    means: 'The container runs or ran; one more program was to be started in it.',
    checks: [
      'Whether the container still runs, and whether the program, its user and its directory exist in it.',
      'Where a file of the shim is missing (a pid file below /run/containerd): shim and runsc must fit together; use containerd-shim-runsc-v1 and runsc of one release, and update both.',
    ],
    decides: 'the log of runsc exec (runsc.log.*.exec.txt) and the boot log',
  },
  streams: {
    doing: 'passing on input and output of the container',
    means:
      'A pipe between engine, shim and container was closed at its other end: mostly an echo of a container that ended.',
    checks: ['How the container ended: the lines before this one, docker ps -a, the boot log.'],
    decides: JOURNAL,
  },
  stop: {
    doing: 'stopping the container',
    means: 'The container or its sandbox did not end in time, or was gone already.',
    checks: [
      'Processes of the sandbox that are left (ps -ef | grep runsc), and what they wait for (runsc debug --stacks ID).',
    ],
    decides: 'runsc debug --stacks ID, and the boot log of the sandbox',
  },
  cleanup: {
    doing: 'removing what is left of a container',
    means:
      'The clean-up behind a container failed. It mostly follows from how the container ended, which another line says.',
    checks: ['The earlier lines of the same container: how it ended, or why it did not start.'],
    decides: JOURNAL,
  },
  restart: {
    doing: 'starting the container again',
    means:
      'The container ended again and again, and the kubelet waits before the next try. Why it ended is in its own log.',
    checks: ['kubectl logs POD --previous, and the exit code in kubectl describe pod POD.'],
    decides: 'kubectl logs POD --previous and kubectl describe pod POD',
  },
  shim: {
    doing: 'talking to the shim',
    means:
      'The shim (containerd-shim-runsc-v1 for gVisor, another one for other runtimes) stands between containerd and the runtime; it ended, was not found, or did not answer.',
    checks: [
      'runtime_type of the handler in /etc/containerd/config.toml, and containerd-shim-runsc-v1 beside runsc in PATH of containerd, both of the same release.',
      'dmesg | tail for a kill; log_path and log_level = "debug" in runsc.toml make the shim write a log.',
    ],
    decides: 'the log of the shim (log_path in runsc.toml) and the journal of containerd',
  },
  'pod-create': {
    doing: 'creating the sandbox of the pod',
    means:
      'The kubelet asks the engine for a sandbox, which sets up network and cgroup and starts the runtime; this answer says no more than that it failed.',
    checks: [
      'The same moment in the journal of containerd or CRI-O, which holds the inner error.',
      'crictl runp --runtime HANDLER with a plain sandbox config, to see it without the kubelet.',
    ],
    decides: JOURNAL,
  },
  'container-start': {
    doing: 'starting the container',
    means:
      'Whoever started the container gave up or was told of a failure; what the runtime itself said is in its own logs.',
    checks: ['FATAL ERROR in the boot, gofer and create logs of that second; dmesg for a kill.'],
    decides: RUNSC_LOGS,
  },
  gofer: {
    doing: 'serving files by the gofer',
    means: 'The gofer, which opens files on the host for the sandbox, met an error or went away.',
    checks: ['The gofer log (runsc.log.*.gofer.txt) to its end; the state of the file system below.'],
    decides: RUNSC_LOGS,
  },
  mount: {
    doing: 'mounting a file system',
    means: 'A mount failed, on the host or in the sandbox.',
    checks: ['Source, type and options of the mount; findmnt on the host; CAP_SYS_ADMIN inside of another container.'],
    decides: RUNSC_LOGS,
  },
  memory: {
    doing: 'giving memory',
    means: 'Memory, or a limit of it, was used up.',
    checks: ['dmesg | grep -i oom, the limit of the container, and free -m.'],
    decides: 'dmesg at that time, and memory.events of the cgroup',
  },
  fault: {
    doing: 'running a process',
    means: 'A process was ended by the processor or by itself: a bad address or instruction, or a check that failed.',
    checks: ['Which process it was (comm "exe" is mostly runsc itself); its log, and a core dump if there is one.'],
    decides: 'the boot log to its end, dmesg, and uname -r with runsc --version',
  },
  'kernel-stall': {
    doing: 'waiting in the kernel',
    means:
      'A task of the host hangs in the kernel, mostly on a disk, a network file system or a lock: whatever runs there stands still, sandboxes too.',
    checks: ['The call trace below the line, the state of disks and network mounts, and the load of the host.'],
    decides: 'dmesg with the whole trace, uname -r',
  },
  security: {
    doing: 'checking an access',
    means: 'A security module or a filter of the host (AppArmor, SELinux, seccomp) refused something.',
    checks: [
      'The profile and the operation that the line names; try once with the profile in complain mode, or another seccomp profile of the outer container.',
    ],
    decides: 'dmesg or ausearch -m avc,seccomp at that time',
  },
  interface: {
    doing: 'taking over the network of the namespace',
    means:
      'runsc takes addresses and routes of the network namespace over into its own stack, and removes them there. One that holds none gives a sandbox without a way out: the namespace was not prepared (CNI, docker network), or another sandbox took its addresses before, since two sandboxes were given one namespace.',
    checks: [
      'ip addr and ip route in the namespace before runsc is started.',
      'Whether another sandbox uses the same namespace: containers of one pod must share one sandbox (annotations of containerd or CRI-O say so).',
    ],
    decides: 'ip -n NAMESPACE addr, and the debug logs of both sandboxes',
  },
};
