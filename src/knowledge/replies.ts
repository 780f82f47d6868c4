/** What an answer of the host's kernel means when runsc gets it, by Go's text of the errno; what to look at. */

export type Reply = { readonly means: string; readonly check: string };

export const REPLIES: Readonly<Record<string, Reply>> = {
  'operation not permitted': {
    means:
      'the kernel forbids the operation to this caller: a capability is missing, or a seccomp profile, a security module or a user namespace around runsc stands in the way',
    check:
      'Run the same command as root outside of any container; inside one, give it the capability (CAP_SYS_ADMIN above all) and an open seccomp and AppArmor profile.',
  },
  'permission denied': {
    means: 'the rights of a file or of a directory above it, or a security module (AppArmor, SELinux), deny the access',
    check:
      'namei -l PATH shows the rights of every directory on the way; dmesg or ausearch -m avc shows a denial by a security module.',
  },
  'no such file or directory': {
    means: 'a file or directory that runsc names, or one on the way to it, does not exist on the host',
    check: 'ls -ld the path that the error names, in the mount namespace in which runsc is started.',
  },
  'no space left on device': {
    means:
      'a file system is full, has no inodes left, or a limit of namespaces or watches is reached (the kernel gives the same answer for these)',
    check: 'df -h and df -i of the path in the error; sysctl user for limits of namespaces.',
  },
  'read-only file system': {
    means: 'what runsc wants to write to is mounted read-only',
    check:
      'findmnt -T PATH: remount it writable, or move the directory that runsc writes to (--root, --debug-log, the bundle).',
  },
  'too many open files': {
    means: 'the limit of open files of the process is reached',
    check: 'ulimit -n of the service that starts runsc (LimitNOFILE= of its unit), and fs.nr_open.',
  },
  'too many open files in system': {
    means: 'the whole host has no file handles left',
    check: 'cat /proc/sys/fs/file-nr; raise fs.file-max.',
  },
  'cannot allocate memory': {
    means:
      'memory, or a resource that the kernel counts as memory (mappings, the limit of a memory cgroup), is used up',
    check: 'free -m, the memory cgroup of the caller, ulimit -v, vm.max_map_count and vm.overcommit_memory.',
  },
  'resource temporarily unavailable': {
    means: 'a limit of processes or threads is reached, or something is locked by another process at this moment',
    check: 'ulimit -u, pids.max of the cgroup, kernel.threads-max; start once more.',
  },
  'device or resource busy': {
    means: 'something else uses the object at this moment: a mount, a cgroup with processes in it, a device',
    check: 'fuser -vm PATH or lsof PATH; cat cgroup.procs in a cgroup.',
  },
  'directory not empty': {
    means: 'the directory, or the cgroup, still holds something',
    check: 'ls -la PATH, or cat cgroup.procs there.',
  },
  'invalid argument': {
    means:
      'the kernel does not take the value or the combination: an option it does not know, a path that is no mount point, a kernel that is too old for the call',
    check: 'uname -r, and dmesg | tail: file systems and cgroups often log what they did not like.',
  },
  'file exists': {
    means: 'what is to be made is there already, mostly left by an earlier run',
    check: 'Look at the path and remove it if no container uses it.',
  },
  'not a directory': {
    means: 'a part of the path is a file and not a directory',
    check: 'namei -l PATH shows which part.',
  },
  'is a directory': { means: 'a file is wanted where a directory is', check: 'ls -ld PATH.' },
  'function not implemented': {
    means: 'the kernel does not have the system call, or a seccomp profile hides it',
    check: 'uname -r; inside another container start that one with seccomp=unconfined.',
  },
  'operation not supported': {
    means: 'the file system or device does not offer the operation',
    check: 'findmnt -T PATH: try a directory on ext4, xfs or tmpfs.',
  },
  'no such device': {
    means: 'the kernel has no driver or file system of that name',
    check: 'cat /proc/filesystems, lsmod, ls -l /dev.',
  },
  'no such device or address': {
    means: 'nothing stands behind the device or socket',
    check: 'ls -l the path; see whether its owner runs.',
  },
  'no such process': { means: 'the process is gone already', check: 'See in the boot log and in dmesg what ended it.' },
  'connection refused': {
    means: 'nobody listens on the socket any more: the process at its other end has ended',
    check: 'The end of the boot log; dmesg for a kill.',
  },
  'connection reset by peer': {
    means: 'the process at the other end ended in the middle of the call',
    check: 'The end of the boot log; dmesg for a kill.',
  },
  'broken pipe': {
    means: 'the process at the other end ended before it was told everything',
    check: 'The end of the boot and gofer logs; dmesg for a kill.',
  },
  EOF: {
    means: 'the process at the other end ended in the middle of the call',
    check: 'The end of the boot log; dmesg for a kill.',
  },
  'unexpected EOF': {
    means: 'the process at the other end ended in the middle, or a file is cut short',
    check: 'The end of the boot log; the size of the file.',
  },
  'input/output error': {
    means: 'the disk or network file system below does not deliver',
    check: 'dmesg | tail, and the state of that file system.',
  },
  'text file busy': {
    means: 'a program file is open for writing while it is to be started',
    check: 'Wait until whoever copies the binary is done.',
  },
  'argument list too long': {
    means: 'arguments and environment together are longer than the kernel takes',
    check: 'Shorten process.args and process.env.',
  },
  'exec format error': { means: 'the file is no program for this machine', check: 'file PATH, uname -m.' },
  'file name too long': {
    means: 'a path or the name of a socket is longer than allowed (a Unix socket: 107 bytes)',
    check: 'Use shorter directories (--root, the bundle).',
  },
  'too many levels of symbolic links': { means: 'symbolic links lead in a circle', check: 'namei -l PATH.' },
  'context deadline exceeded': {
    means: 'the answer did not come in the time that was given',
    check: 'The load of the host, and the boot log for what it was busy with.',
  },
  'i/o timeout': { means: 'the answer did not come in the time that was given', check: 'The load of the host.' },
  'protocol not supported': { means: 'the kernel is built without that protocol', check: 'uname -r; lsmod.' },
  'address family not supported by protocol': {
    means: 'the kernel has that address family switched off (IPv6, mostly)',
    check: 'ls /proc/net; cat /proc/cmdline.',
  },
};

/** The answer at the end of an error. Go writes errno texts in small letters. */
export function replyOf(error: string): (Reply & { readonly text: string }) | undefined {
  const end = error.trimEnd();
  const texts = Object.keys(REPLIES).filter((text) => end === text || end.endsWith(` ${text}`));
  const text = texts.toSorted((a, b) => b.length - a.length)[0];
  return text === undefined ? undefined : { ...(REPLIES[text] as Reply), text };
}
