/**
 * Which kinds of arguments each syscall has, by architecture and release. Made by test/tools/make-syscall-table.mjs; do not edit.
 *
 *     openat BCST@20190529.1 ACST@2018-10 ACAT@2018-05
 *
 * A line is a name and its lists of kinds, the newest first, `@` and the first release that prints it so where there are
 * several. A list has one letter for each argument (A is the first of ARGUMENT_KINDS, then B to Z, a to z, 0 to 9) or is `-`.
 * Numbers that the tracer does not know print as sys_NNN with six Hex and are not listed.
 *
 * Source: gVisor pkg/sentry/strace/linux64_amd64.go and linux64_arm64.go, 2018-05 to 2026-08
 */
import { ARGUMENT_KINDS, type ArgumentKind } from './kinds.js';
import { releaseNumber } from './releases.js';

export type Architecture = 'amd64' | 'arm64';

/** A list of kinds and the release it came with, as a number that grows: 20190529.1 is 2019052901, 2018-05 is 2018050000. */
export type ArgumentList = { readonly from: number; readonly kinds: readonly ArgumentKind[] };

const CODES = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** The lists of every syscall of an architecture, newest first. Made anew at each call: keep it. */
export function argumentTable(architecture: Architecture): ReadonlyMap<string, readonly ArgumentList[]> {
  const lines = (architecture === 'amd64' ? AMD64 : ARM64).split('\n');
  return new Map(
    lines.map((line) => {
      const [name = '', ...lists] = line.split(' ');
      return [name, lists.map(readList)];
    }),
  );
}

function readList(text: string): ArgumentList {
  const [letters = '', from = '2018-05'] = text.split('@');
  return { from: releaseNumber(from) ?? 0, kinds: letters === '-' ? [] : [...letters].map(kindOf) };
}

function kindOf(letter: string): ArgumentKind {
  return ARGUMENT_KINDS[CODES.indexOf(letter)] ?? 'Hex';
}

const AMD64 = `_sysctl A
accept BQR@20190529.1 AQR@2018-05
accept4 BQRZ@20190529.1 AQRZ@2018-05
access CD
acct A
add_key AAAAA
adjtimex A
afs_syscall AAAAAA
alarm A
arch_prctl AA
bind BPA@20190529.1 APA@2018-05
bpf AAA
brk A
capget xz@20190304.1 AA@2018-05
capset xy@20190304.1 AA@2018-05
chdir C
chmod CT
chown CAA
chroot C
clock_adjtime AA
clock_getres Ar
clock_gettime Ar
clock_nanosleep AAqr
clock_settime Aq
clone UAAAA
clone3 AA
close B@20190529.1 A@2018-05
close_range BBa
connect BPA@20190529.1 APA@2018-05
copy_file_range BABAAA
creat CD
create_module CA
delete_module AA
dup B@20190529.1 A@2018-05
dup2 BB@20190529.1 AA@2018-05
dup3 BBA@20190529.1 AAA@2018-05
epoll_create A
epoll_create1 A
epoll_ctl BfB6@20200323.0 AABA@20190529.1 AAAA@2018-05
epoll_ctl_old AAAAAA
epoll_pwait B7AAmA@20200323.0 AAAAmA@20190304.1 AAAAAA@2018-05
epoll_pwait2 B7Aqm
epoll_wait B7AA@20200323.0 AAAA@2018-05
epoll_wait_old AAAAAA
eventfd A
eventfd2 AA
execve CMM
execveat BCMMA
exit A
exit_group A
faccessat BCDA@20190529.1 ACDA@2018-05
faccessat2 BCDA
fadvise64 BAAA@20190529.1 AAAA@2018-05
fallocate BAAA@20190529.1 AAAA@2018-05
fanotify_init AA
fanotify_mark AAAAA
fchdir B@20190529.1 A@2018-05
fchmod BT@20190529.1 AT@2018-05
fchmodat BCT@20190529.1 ACT@2018-05
fchown BAA@20190529.1 AAA@2018-05
fchownat BCAAA@20190529.1 ACAAA@2018-05
fcntl BAA@20190529.1 AAA@2018-05
fdatasync B@20190529.1 A@2018-05
fgetxattr BCAA@20190529.1 ACAA@2018-05
finit_module AAA
flistxattr BCA@20190529.1 ACA@2018-05
flock BA@20190529.1 AA@2018-05
fork -
fremovexattr BC@20190529.1 AC@2018-05
fsconfig BAAAA
fsetxattr BCAAA@20190529.1 ACAAA@2018-05
fsmount BAA
fsopen CA
fspick BCA
fstat Bv@20190529.1 Av@2018-05
fstatfs BA@20190529.1 AA@2018-05
fsync B@20190529.1 A@2018-05
ftruncate BA@20190529.1 AA@2018-05
futex AVAqAA
futimesat BCA@20190529.1 ACA@2018-05
get_kernel_syms A
get_mempolicy AAAAA
get_robust_list AAA
get_thread_area A
getcpu AAA
getcwd LA@2018-10 AA@2018-05
getdents BAA@20190529.1 AAA@2018-05
getdents64 BAA@20190529.1 AAA@2018-05
getegid -
geteuid -
getgid -
getgroups AA
getitimer g3@2018-10 A3@2018-05
getpeername BQR@20190529.1 AQR@2018-05
getpgid A
getpgrp -
getpid -
getpmsg AAAAAA
getppid -
getpriority AA
getrandom AAA
getresgid AAA
getresuid AAA
getrlimit AA
getrusage A0
getsid A
getsockname BQR@20190529.1 AQR@2018-05
getsockopt BdekR@20200211.0 BAAAA@20190529.1 AAAAA@2018-05
gettid -
gettimeofday tA
getuid -
getxattr CCAA
init_module AAA
inotify_add_watch ACA@20190304.1 AAA@2018-05
inotify_init -
inotify_init1 A
inotify_rm_watch AA
io_cancel AAA
io_destroy A
io_getevents AAAAq
io_pgetevents AAAAqm
io_setup AA
io_submit AAA
io_uring_enter BAAAmA
io_uring_register BAAA
io_uring_setup AA
ioctl BAA@20190529.1 AAA@2018-05
ioperm AAA
iopl A
ioprio_get AA
ioprio_set AAA
kcmp AAAAA
kexec_file_load BBAAA
kexec_load AAAA
keyctl AAAAA
kill Al@20190304.1 AA@2018-05
lchown CAA@20190529.1 AAA@2018-05
lgetxattr CCAA
link CC
linkat BCACA@20190529.1 ACACA@2018-05
listen BA@20190529.1 AA@2018-05
listxattr CCA
llistxattr CCA
lookup_dcookie AAA
lremovexattr CC
lseek AAA
lsetxattr CCAAA
lstat Cv
madvise AAA
mbind AAAAAA
membarrier AA
memfd_create CA
migrate_pages AAAA
mincore AAA
mkdir CD
mkdirat BCA@20190529.1 ACA@2018-05
mknod CTA
mknodat BCTA@20190529.1 ACTA@2018-05
mlock AA
mlock2 AAA
mlockall A
mmap AAWXBA@20210614.0 AAAABA@20190529.1 AAAAAA@2018-05
modify_ldt AAA
mount CCCAC
move_mount BCBCA
move_pages AAAAAA
mprotect AAA
mq_getsetattr AAA
mq_notify AA
mq_open AAAA
mq_timedreceive AAAAA
mq_timedsend AAAAA
mq_unlink A
mremap AAAAA
msgctl AAA
msgget AA
msgrcv AAAAA
msgsnd AAAA
msync AAA
munlock AA
munlockall -
munmap AA
name_to_handle_at BAAAA@20190529.1 AAAAA@2018-05
nanosleep qr
newfstatat BCvA@20190529.1 ACvA@2018-05
nfsservctl AAA
open CST
open_by_handle_at BAA@20190529.1 AAA@2018-05
open_tree BCA
openat BCST@20190529.1 ACST@2018-10 ACAT@2018-05
pause -
perf_event_open AAAAA
personality A
pidfd_getfd AAAAAA
pidfd_open AA
pidfd_send_signal BlAA
pipe N
pipe2 NA
pivot_root CC@20190529.1 AA@2018-05
pkey_alloc AA
pkey_free A
pkey_mprotect AAAA
poll 5AA@20190529.1 AAA@2018-05
ppoll 5AqmA@20190529.1 AAqmA@20190304.1 AAqAA@2018-05
prctl AAAAA
pread64 BEAA@20190529.1 AEAA@2018-05
preadv BGAA@20190529.1 AGAA@2018-05
preadv2 BGAAA
prlimit64 AAAA
process_vm_readv AGAIAA
process_vm_writev AIAHAA
pselect6 AOOOqm@20191213.0 AAAAAA@2018-05
ptrace hAAA
putpmsg AAAAAA
pwrite64 BFAA@20190529.1 AFAA@2018-05
pwritev BHAA@20190529.1 AHAA@2018-05
pwritev2 BHAAA
query_module AAAAAA
quotactl AAAA
read BEA@20190529.1 AEA@2018-05
readahead AAA
readlink CEA
readlinkat BCEA@20190529.1 ACEA@2018-05
readv BGA@20190529.1 AGA@2018-05
reboot AAAA
recvfrom BAAAQR@20190529.1 AAAAQR@2018-05
recvmmsg BAAAA@20190529.1 AAAAA@2018-05
recvmsg BKA@20190529.1 AKA@2018-05
remap_file_pages AAAAA
removexattr CC
rename CC
renameat BCAC@20190529.1 ACAC@2018-05
renameat2 BCACA@20190529.1 ACACA@2018-05
request_key AAAA
restart_syscall -
rmdir C
rseq AAAA
rt_sigaction lopA@20200211.0 lop@20190304.1 AAA@2018-05
rt_sigpending A
rt_sigprocmask imnA@20190304.1 AAAA@2018-05
rt_sigqueueinfo AlA@20190304.1 AAA@2018-05
rt_sigreturn -
rt_sigsuspend A
rt_sigtimedwait mAqA@20190304.1 AAqA@2018-05
rt_tgsigqueueinfo AAlA@20190304.1 AAAA@2018-05
sched_get_priority_max A
sched_get_priority_min A
sched_getaffinity AAA
sched_getattr AAA
sched_getparam AA
sched_getscheduler A
sched_rr_get_interval AA
sched_setaffinity AAA
sched_setattr AAA
sched_setparam AA
sched_setscheduler AAA
sched_yield -
seccomp AAA
security AAAAAA
select AOOOt@20191213.0 AAAAt@2018-05
semctl AAAA
semget AAA
semop AAA
semtimedop AAAA
sendfile BBAA@20190529.1 AAAA@2018-05
sendmmsg BAAA@20190529.1 AAAA@2018-05
sendmsg BJA@20190529.1 AJA@2018-05
sendto BAAAPA@20190529.1 AAAAPA@2018-05
set_mempolicy AAA
set_robust_list AA
set_thread_area A
set_tid_address A
setdomainname AA
setfsgid A
setfsuid A
setgid A
setgroups AA
sethostname AA
setitimer g13@2018-10 A13@2018-05
setns BA@20190529.1 AA@2018-05
setpgid AA
setpriority AAA
setregid AA
setresgid AAA
setresuid AAA
setreuid AA
setrlimit AA
setsid -
setsockopt BdejA@20200211.0 BAAAA@20190529.1 AAAAA@2018-05
settimeofday tA
setuid A
setxattr CCAAA
shmat AAA
shmctl AAA
shmdt A
shmget AAA
shutdown BA@20190529.1 AA@2018-05
sigaltstack AA
signalfd AAA
signalfd4 AAAA
socket bYc
socketpair bYcA
splice BABAAA@20190529.1 AAAAAA@2018-05
stat Cv
statfs CA
statx BCAAA
swapoff A
swapon AA
symlink CC
symlinkat CBC@20220627.0 CAC@2018-05
sync -
sync_file_range BAAA@20190529.1 AAAA@2018-05
syncfs B@20190529.1 A@2018-05
sysfs AAA
sysinfo A
syslog AAA
tee BBAA@20190529.1 AAAA@2018-05
tgkill AAl@20190304.1 AAA@2018-05
time A
timer_create AAA
timer_delete A
timer_getoverrun A
timer_gettime A4@2018-10 AA@2018-05
timer_settime AA24@2018-10 AAAA@2018-05
timerfd_create AA
timerfd_gettime B4@20190529.1 A4@2018-10 AA@2018-05
timerfd_settime BA24@20190529.1 AA24@2018-10 AAAA@2018-05
times A
tkill Al@20190304.1 AA@2018-05
truncate CA
tuxcall AAAAAA
umask A
umount2 CA
uname w
unlink C
unlinkat BCA@20190529.1 ACA@2018-05
unshare U@20190304.1 A@2018-05
uselib A
userfaultfd A
ustat AA
utime Cu
utimensat BCsA@20190529.1 ACsA@2018-05
utimes Ct
vfork -
vhangup -
vmsplice BAAA@20190529.1 AAAA@2018-05
vserver AAAAAA
wait4 AAA0
waitid AAAA0
write BFA@20190529.1 AFA@2018-05
writev BHA@20190529.1 AHA@2018-05`;

const ARM64 = `accept BQR
accept4 BQRZ
acct A
add_key AAAAA
adjtimex A
bind BPA
bpf AAA
brk A
capget xz
capset xy
chdir C
chroot C
clock_adjtime AA
clock_getres Ar
clock_gettime Ar
clock_nanosleep AAqr
clock_settime Aq
clone UAAAA
clone3 AA
close B
close_range BBa
connect BPA
copy_file_range BABAAA
delete_module AA
dup B
dup3 BBA
epoll_create1 A
epoll_ctl BfB6@20200323.0 AABA@20200115.0
epoll_pwait B7AAmA@20200323.0 AAAAmA@20200115.0
epoll_pwait2 B7Aqm
eventfd2 AA
execve CMM
execveat BCAAA
exit A
exit_group A
faccessat BCDA
faccessat2 BCDA
fadvise64 BAAA
fallocate BAAA
fanotify_init AA
fanotify_mark AAAAA
fchdir B
fchmod BT
fchmodat BCT
fchown BAA
fchownat BCAAA
fcntl BAA
fdatasync B
fgetxattr BCAA
finit_module AAA
flistxattr BCA
flock BA
fremovexattr BC
fsconfig BAAAA
fsetxattr BCAAA
fsmount BAA
fsopen CA
fspick BCA
fstat Bv
fstatat BCvA
fstatfs BA
fsync B
ftruncate BA
futex AVAqAA
get_mempolicy AAAAA
get_robust_list AAA
getcpu AAA
getcwd LA
getdents64 BAA
getegid -
geteuid -
getgid -
getgroups AA
getitimer g3
getpeername BQR
getpgid A
getpid -
getppid -
getpriority AA
getrandom AAA
getresgid AAA
getresuid AAA
getrlimit AA
getrusage A0
getsid A
getsockname BQR
getsockopt BAAAA
gettid -
gettimeofday tA
getuid -
getxattr CCAA
init_module AAA
inotify_add_watch ACA
inotify_init1 A
inotify_rm_watch AA
io_cancel AAA
io_destroy A
io_getevents AAAAq
io_pgetevents AAAAqm
io_setup AA
io_submit AAA
io_uring_enter BAAAmA
io_uring_register BAAA
io_uring_setup AA
ioctl BAA
ioprio_get AA
ioprio_set AAA
kcmp AAAAA
kexec_load AAAA
keyctl AAAAA
kill Al
lgetxattr CCAA
linkat BCACA
listen BA
listxattr CCA
llistxattr CCA
lookup_dcookie AAA
lremovexattr CC
lseek AAA
lsetxattr CCAAA
madvise AAA
mbind AAAAAA
membarrier A
memfd_create CA
migrate_pages AAAA
mincore AAA
mkdirat BCA
mknodat BCTA
mlock AA
mlock2 AAA
mlockall A
mmap AAWXBA@20210614.0 AAAABA@20200115.0
mount CCCAC
move_mount BCBCA
move_pages AAAAAA
mprotect AAA
mq_getsetattr AAA
mq_notify AA
mq_open AAAA
mq_timedreceive AAAAA
mq_timedsend AAAAA
mq_unlink A
mremap AAAAA
msgctl AAA
msgget AA
msgrcv AAAAA
msgsnd AAAA
msync AAA
munlock AA
munlockall -
munmap AA
name_to_handle_at BAAAA
nanosleep qr
nfsservctl AAA
open_by_handle_at BAA
open_tree BCA
openat BCST
perf_event_open AAAAA
personality A
pidfd_getfd AAAAAA
pidfd_open AA
pidfd_send_signal BlAA
pipe2 NA
pivot_root CC
pkey_alloc AAAAAA
pkey_free AAAAAA
pkey_mprotect AAAAAA
ppoll 5AqmA
prctl AAAAA
pread64 BEAA
preadv BGAA
preadv2 BGAAA
prlimit64 AAAA
process_vm_readv AGAIAA
process_vm_writev AIAHAA
pselect6 AAAAAA
ptrace hAAA
pwrite64 BFAA
pwritev BHAA
pwritev2 BHAAA
quotactl AAAA
read BEA
readahead AAA
readlinkat BCEA
readv BGA
reboot AAAA
recvfrom BAAAQR
recvmmsg BAAAA
recvmsg BKA
remap_file_pages AAAAA
removexattr CC
renameat BCAC
renameat2 BCACA
request_key AAAA
restart_syscall -
rseq AAAA
rt_sigaction lopA@20200211.0 lop@20200115.0
rt_sigpending A
rt_sigprocmask imnA
rt_sigqueueinfo AlA
rt_sigreturn -
rt_sigsuspend A
rt_sigtimedwait mAqA
rt_tgsigqueueinfo AAlA
sched_get_priority_max A
sched_get_priority_min A
sched_getaffinity AAA
sched_getattr AAA
sched_getparam AA
sched_getscheduler A
sched_rr_get_interval AA
sched_setaffinity AAA
sched_setattr AAA
sched_setparam AA
sched_setscheduler AAA
sched_yield -
seccomp AAA
semctl AAAA
semget AAA
semop AAA
semtimedop AAAA
sendfile BBAA
sendmmsg BAAA
sendmsg BJA
sendto BAAAPA
set_mempolicy AAA
set_robust_list AA
set_tid_address A
setdomainname AA
setfsgid A
setfsuid A
setgid A
setgroups AA
sethostname AA
setitimer g13
setns BA
setpgid AA
setpriority AAA
setregid AA
setresgid AAA
setresuid AAA
setreuid AA
setrlimit AA
setsid -
setsockopt BAAAA
settimeofday tA
setuid A
setxattr CCAAA
shmat AAA
shmctl AAA
shmdt A
shmget AAA
shutdown BA
sigaltstack AA
signalfd4 AAAA
socket bYc
socketpair bYcA
splice BABAAA
statfs CA
statx BCAAA
swapoff A
swapon AA
symlinkat CBC@20220627.0 CAC@20200115.0
sync -
sync_file_range BAAA
syncfs B
sysinfo A
syslog AAA
tee BBAA
tgkill AAl
timer_create AAA
timer_delete A
timer_getoverrun A
timer_gettime A4
timer_settime AA24
timerfd_create AA
timerfd_gettime B4
timerfd_settime BA24
times A
tkill Al
truncate CA
umask A
umount2 CA
uname w
unlinkat BCA
unshare U
userfaultfd A
utimensat BCsA
vhangup -
vmsplice BAAA
wait4 AAA0
waitid AAAA0
write BFA
writev BHA`;
