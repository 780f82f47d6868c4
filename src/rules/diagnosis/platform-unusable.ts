/** KVM, ptrace, seccomp and page size. */
import { defineRule } from '../rule.js';

export const platformUnusable = defineRule({
  id: 'platform-unusable',
  severity: 'high',
  title: 'The platform does not work on this host',
  needs: ['failures', 'runs'],
  sources: ['pkg/sentry/platform/kvm/kvm.go', 'pkg/sentry/platform/ptrace, systrap subprocess.go', 'runsc/boot/filter'],
  when: {
    'platform-device-unusable': {
      title: 'The kvm platform cannot use {path|/dev/kvm}',
      cause: 'The platform needs {path|/dev/kvm}, which cannot be used: {errno}.',
      remedy: [
        'Load the kernel modules of KVM, switch virtualisation (or nested virtualisation) on, and let runsc open {path|/dev/kvm}.',
        'Or use --platform=systrap, which needs no device.',
      ],
    },
    'ptrace-denied': {
      title: 'ptrace is not allowed on this host',
      cause:
        'The sentry may not trace its own stub processes ({errno|not permitted}): kernel.yama.ptrace_scope is too strict, or the capability SYS_PTRACE is missing.',
      remedy: [
        'Set sysctl kernel.yama.ptrace_scope=1 (or 0).',
        'Inside another container add SYS_PTRACE (docker run --cap-add SYS_PTRACE), or use --platform=kvm.',
      ],
    },
    'seccomp-unusable': {
      title: "The host kernel does not take runsc's seccomp filters",
      cause:
        'runsc could not install its seccomp filters: {errno}. The host kernel is too old for what this release uses, or forbids it.',
      confidence: 'likely',
      remedy: [
        'Update the host kernel (uname -r; 4.14.77 is the oldest that gVisor supports, newer features need 5.x), or use an older release of runsc.',
      ],
    },
    'core-tags-refused': {
      title: 'The host does not group the sandbox on processor cores',
      cause:
        '--enable-core-tags asks the kernel to let nobody else run on the same core, which it refused: {error}. That takes Linux 5.14 with core scheduling built in, and a processor with several threads to a core.',
      remedy: ['Leave --enable-core-tags out, or use a kernel of 5.14 or later with CONFIG_SCHED_CORE.'],
    },
    'kvm-address-space': {
      title: 'The kvm platform could not reserve its address space',
      cause:
        'The kvm platform reserves the whole address space of its process at the start, and the host stopped it: a limit of virtual memory (ulimit -v), strict overcommit (vm.overcommit_memory=2) or of the number of mappings.',
      confidence: 'likely',
      remedy: [
        'Lift them: ulimit -v unlimited, sysctl vm.overcommit_memory=0 or 1, and a larger vm.max_map_count.',
        'Or use --platform=systrap, which reserves less.',
      ],
    },
    'kvm-processor-refused': {
      title: 'KVM gives no further virtual processor: {errno}',
      cause:
        'The kvm platform asked for a further virtual processor (number {number|not printed}), and the host refused: {errno}.',
      confidence: 'likely',
      remedy: [
        'Look at dmesg | grep -i kvm, and at memory and the limits of the cgroup; give the sandbox fewer processors.',
        'Or use --platform=systrap.',
      ],
    },
    'kvm-run-failed': {
      title: 'KVM could not run the sandbox',
      cause:
        'The host gave up running the virtual processor of the sandbox ({errno|without a reason}). Nested virtualisation that is incomplete and processors that KVM does not fully know end like this.',
      confidence: 'likely',
      remedy: [
        'Use --platform=systrap, which needs no virtualisation.',
        'If kvm is needed, run runsc on real hardware or in a virtual machine with full nested virtualisation; dmesg | grep -i kvm tells more.',
      ],
    },
    'kvm-processor-unset': {
      title: 'KVM of this host does not set up a virtual processor as gVisor needs it',
      cause:
        'The kvm platform makes virtual processors and sets their registers, their features (CPUID) and clock, and the kernel refused: {error}. Nested virtualisation that is incomplete, a cloud machine whose hypervisor hides features, and old kernels do so; /dev/kvm being there is not enough.',
      confidence: 'likely',
      remedy: [
        'Use --platform=systrap (the default since mid-2023; ptrace before), which needs no virtualisation.',
        'If kvm is needed, run on real hardware, or switch nested virtualisation on for this machine (cat /sys/module/kvm_*/parameters/nested) with processor type host; dmesg | grep -i kvm tells more.',
      ],
    },
    'stub-not-started': {
      title: 'The platform could not start a stub process on this host',
      cause:
        'Programs of the sandbox run in stub processes, which runsc makes with clone and drives with ptrace, seccomp and shared memory; the host refused: {error}. Kernels of WSL and of some cloud machines, a seccomp or ptrace restriction around runsc, and limits of tasks do so.',
      confidence: 'likely',
      remedy: [
        'Look at dmesg and the audit log, sysctl kernel.yama.ptrace_scope (2 and 3 forbid it inside of containers), pids.max and ulimit -u.',
        'Try another platform (--platform=ptrace, systrap, or kvm where /dev/kvm is there); inside another container give it CAP_SYS_PTRACE and seccomp=unconfined.',
      ],
    },
    'stub-tasks-too-many': {
      title: 'A process has more threads ({count}) than systrap can run at once',
      cause:
        'systrap shares a fixed piece of memory with each process of the sandbox, with room for so many threads, and a process has reached that: {count}.',
      confidence: 'likely',
      remedy: [
        'Let the program start fewer threads (its pool sizes, ulimit -u, docker --pids-limit); a loop that never stops making threads ends like this, too.',
        'Update runsc, or use --platform=kvm or ptrace for this program.',
      ],
    },
    'gpu-device-missing': {
      title: 'The NVIDIA device {path} cannot be opened on the host: {errno}',
      cause:
        'GPU support is on (--nvproxy, or a GPU in the spec), and runsc could not open {path}: {errno}. "no such file or directory" means that the driver is not loaded, or that the outer container was not given the device.',
      confidence: 'likely',
      remedy: [
        'On the host: nvidia-smi, ls -l /dev/nvidia*, modprobe nvidia nvidia-uvm (or nvidia-modprobe -c0 -u), dmesg | grep -i nvidia.',
        'Inside of another container give that the GPU as well (--gpus all, all of /dev/nvidia*).',
        'If the container needs no GPU, leave --nvproxy and NVIDIA_VISIBLE_DEVICES out.',
      ],
    },
    'gpu-devices-invalid': {
      title: 'The container asks for a GPU by a name that nvproxy does not know',
      cause:
        'The list of GPUs of the container cannot be used: {error}. nvproxy takes all, none, numbers, and (in newer releases) UUIDs of whole GPUs.',
      remedy: [
        'Set NVIDIA_VISIBLE_DEVICES to all or to numbers joined by commas (nvidia-smi -L lists them), or let docker run --gpus do it.',
        'Parts of a GPU (MIG) are not taken; update runsc where a UUID (GPU-...) is refused.',
      ],
    },
    'gpu-platform-conflict': {
      title: 'GPU support does not work with the platform {platform}',
      cause:
        '--nvproxy was given with --platform={platform}, and the two exclude each other ({error|the platform manages page tables itself}).',
      remedy: ['Use --platform=systrap for containers with a GPU.'],
    },
    'page-size-wrong': {
      title: 'The host has another page size',
      cause: 'The host kernel uses pages of {host} bytes, this runsc was built for {built}.',
      remedy: ['Use a kernel with pages of {built} bytes, or a build of runsc for {host}.'],
    },
    'address-space-small': {
      title: 'The address space of this kernel is too small',
      cause:
        "The sentry cannot lay out the program's address space: the kernel gives processes fewer address bits than gVisor needs (39 on many arm64 kernels).",
      remedy: ['Use a kernel with 48-bit addresses (CONFIG_ARM64_VA_BITS_48).'],
    },
    'illegal-instruction': {
      title: 'The processor lacks an instruction that gVisor uses',
      cause: 'runsc ran into an instruction that this processor (or virtual machine) does not have.',
      confidence: 'likely',
      remedy: [
        'Look at the top of the stack: xgetbv means that XSAVE is off. Switch the feature on in the virtual machine (CPU type host), or use another platform or machine.',
      ],
    },
    'gpu-driver-unsupported': {
      title: 'The NVIDIA driver set-up does not fit',
      cause: 'GPU support (--nvproxy) failed: {error}.',
      confidence: 'likely',
      remedy: [
        'Compare nvidia-smi with runsc nvproxy list-supported-drivers and update the one that lags behind.',
        'Install the NVIDIA container toolkit if nvidia-container-cli is missing.',
        'permission error, operation not permitted: nvidia-container-cli needs root of the host and cannot work rootless or in a user namespace (--rootless, unshare -r, rootless podman): run as root, or put the devices and libraries into the spec yourself (nvidia-ctk cdi).',
      ],
    },
  },
});
