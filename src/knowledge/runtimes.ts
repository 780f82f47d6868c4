/** Errors of other container runtimes (runc, crun, youki, Kata, Sysbox), by what stands in them. */

export type OtherError = { readonly pattern: RegExp; readonly means: string; readonly remedy: string };

/** The first that fits decides: from the specific to the general. */
export const OTHER_ERRORS: readonly OtherError[] = [
  {
    pattern: /executable file [`']?\S{0,200}?[`']? ?not found(?: in \$PATH)?/i,
    means: 'the program to start is not in the PATH of the image',
    remedy: 'Correct the command (entrypoint, CMD, the command of the pod), or install the program in the image.',
  },
  {
    pattern: /exec format error/i,
    means: 'the program is built for another processor, or is a script without a #! line',
    remedy: 'Use an image for the architecture of the host (docker image inspect shows it), or add the #! line.',
  },
  {
    pattern: /are you trying to mount a directory onto a file|not a directory/i,
    means: 'one side of a mount is a file and the other a directory',
    remedy: 'Mount a file onto a file and a directory onto a directory; a missing source becomes a directory.',
  },
  {
    pattern: /cgroup|systemd unit|scope/i,
    means: 'it could not set up the cgroup of the container',
    remedy:
      'Compare the cgroup driver of engine, kubelet and runtime with the cgroup version of the host (stat -fc %T /sys/fs/cgroup). On cgroup v2 a file that is missing (cpuset.cpus and the like) means that its controller is not enabled in cgroup.subtree_control of the directories above; older releases of the runtime know v1 only: update it.',
  },
  {
    pattern: /seccomp|apparmor|selinux|keyring/i,
    means: 'it could not apply a security profile',
    remedy: 'Check that the profile is loaded on the host and that the kernel knows it; update the runtime.',
  },
  {
    pattern: /nvidia-container-cli|nvidia-container-runtime|nvidia/i,
    means: 'the GPU hook of NVIDIA failed',
    remedy: 'Run nvidia-container-cli info on the host; driver and container toolkit must fit.',
  },
  {
    pattern: /(?:mount|mounting|rootfs).{0,200}(?:no such file|not permitted|denied|invalid argument|failed|busy)/i,
    means: 'it could not mount something into the container',
    remedy: 'Check that the source of the mount is there and that its options and permissions fit.',
  },
  {
    pattern: /console|tty/i,
    means: 'it could not set up a terminal',
    remedy: 'Start it without a terminal, or correct the console socket of the caller.',
  },
  {
    pattern: /qemu|hypervisor|vsock|grpc server|QMP|firecracker|cloud-hypervisor|kvm/i,
    means: 'its virtual machine did not start or did not answer',
    remedy: 'Check /dev/kvm and nested virtualisation on the host, and the logs of the virtual machine.',
  },
  {
    pattern: /permission denied/i,
    means: 'the program or a directory may not be used by the user of the container',
    remedy: 'Make the program executable (chmod +x) and its directories searchable for that user.',
  },
  {
    pattern: /no such file or directory/i,
    means: 'a file that it needs is missing: the program, its interpreter, or a path of the spec',
    remedy: 'Check the path that the message names, and the interpreter in the #! line of a script.',
  },
  {
    pattern: /operation not permitted/i,
    means: 'the kernel or a security module refused it an operation',
    remedy: 'Compare capabilities, user namespaces and security modules with what it needs.',
  },
  {
    pattern: /namespace|clone|unshare|nsexec/i,
    means: 'it could not create or enter a namespace',
    remedy: 'Check the limits of user namespaces (/proc/sys/user) and whether the container it joins still runs.',
  },
];
