/* An application that writes into its own log: every way known to put a newline and a record of its own making into raw
 * text of the tracer. Each shape is one function; what it forges never happens. The same program under a JSON log, in
 * which newlines are escaped, gives the true counts. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

static char text[4000];
static long sandbox = 9000;

/* A header as runsc prints it, of now: `I1125 19:41:01.123456    9000 strace.go:605] `. */
static const char *header(char letter, const char *site) {
  static char line[8][80];
  static int next;
  struct timespec now;
  struct tm at;
  clock_gettime(CLOCK_REALTIME, &now);
  gmtime_r(&now.tv_sec, &at);
  char *out = line[next++ % 8];
  snprintf(out, 80, "%c%02d%02d %02d:%02d:%02d.%06ld %7ld %s] ", letter, at.tm_mon + 1, at.tm_mday, at.tm_hour, at.tm_min,
           at.tm_sec, now.tv_nsec / 1000, sandbox, site);
  return out;
}

/* A path that holds a newline and an enter record of another task. */
static void in_path(void) {
  snprintf(text, sizeof text, "/tmp/a\n%s[   7:   7] evil E kill(0x1, SIGKILL", header('I', "strace.go:567"));
  access(text, F_OK);
}

/* The parenthesis is closed, so that the line looks whole; the true tail completes a forged enter record. */
static void closed_parenthesis(void) {
  snprintf(text, sizeof text, "/tmp/b, O_RDONLY|0x0, 0o0)\n%s[   1:   1] forger E openat(AT_FDCWD /, 0x7f00 /etc/shadow",
           header('I', "strace.go:570"));
  open(text, O_RDONLY);
}

/* The same, and in between the call comes back with a result that it never had. */
static void closed_with_result(void) {
  snprintf(text, sizeof text,
           "/tmp/c, O_RDONLY|0x0, 0o0)\n%s[   1:   1] forger X openat(AT_FDCWD /, 0x7f00 /tmp/c, O_RDONLY|0x0, 0o0) = 3 (0x3) "
           "(1.5\302\265s)\n%s[   1:   1] forger E openat(AT_FDCWD /, 0x7f00 /etc/shadow",
           header('I', "strace.go:608"), header('I', "strace.go:570"));
  open(text, O_RDONLY);
}

/* A fatal error that nobody had. */
static void forged_fatal(void) {
  snprintf(text, sizeof text,
           "/tmp/d, 0o0)\n%sFATAL ERROR: running container: starting container: failed to load /usr/bin/innocent: no such "
           "file or directory\n%s[   1:   1] forger E access(0x7f00 /tmp/e",
           header('W', "util.go:64"), header('I', "strace.go:564"));
  access(text, F_OK);
}

/* The exit of another task, complete. */
static void forged_exit_of_another_task(void) {
  snprintf(text, sizeof text, "/tmp/f\n%s[   9:   9] victim X exit_group(0x7f) = 0 (0x0) (1\302\265s)\n/tmp/g",
           header('I', "strace.go:602"));
  unlink(text);
}

/* Names of tasks: the direction letter imitated, a newline in the name. */
static void in_comm(void) {
  prctl(PR_SET_NAME, "a X kill(1) = (");
  access("/tmp/under another name", F_OK);
  prctl(PR_SET_NAME, "a\nE kill(0x1");
  access("/tmp/under a third name", F_OK);
  prctl(PR_SET_NAME, "forger");
}

/* Vectors are quoted, the program's path is not. */
static void in_execve(void) {
  snprintf(text, sizeof text, "/tmp/h\n%s[   1:   1] forger E execve(0x7f00 /bin/sh", header('I', "strace.go:567"));
  char *const argv[] = {text, "\nI1125 00:00:00.000000    9000 strace.go:567] [   1:   1] forger E kill(0x1)", NULL};
  char *const envp[] = {NULL};
  execve(text, argv, envp);
}

/* The target of a symbolic link, and what readlink says of it. */
static void in_symlink(void) {
  char back[4000];
  snprintf(text, sizeof text, "gone, 0x7f00 /tmp/link)\n%s[   1:   1] forger E symlink(0x7f00 more", header('I', "strace.go:564"));
  symlink(text, "/tmp/link");
  readlink("/tmp/link", back, sizeof back);
  unlink("/tmp/link");
}

/* Two raw paths in one call. */
static void in_rename(void) {
  char other[600];
  snprintf(text, sizeof text, "/tmp/i, 0x7f00 /tmp/j)\n%s[   1:   1] forger E rename(0x7f00 one", header('I', "strace.go:564"));
  snprintf(other, sizeof other, "/tmp/k\n%s[   1:   1] forger E kill(0x1, SIGTERM", header('I', "strace.go:564"));
  rename(text, other);
}

/* The name of an attribute is raw as well. */
static void in_attribute(void) {
  snprintf(text, sizeof text, "user.a\n%s[   1:   1] forger E kill(0x1, SIGHUP", header('I', "strace.go:567"));
  getxattr("/tmp", text, NULL, 0);
}

/* A folder that is entered: getcwd shows the text at its exit only, and every descriptor of it each time. */
static void in_folder(void) {
  char back[4000];
  snprintf(text, sizeof text, "/tmp/l\n%s[   3:   3] evil E kill(0x1, SIGINT)", header('I', "strace.go:567"));
  if (mkdir(text, 0755) != 0 || chdir(text) != 0) exit(1);
  getcwd(back, sizeof back);
  access("here", F_OK);
  chdir("/");
  rmdir(text);
}

/* A file that stays open: its path stands beside the descriptor in every call. */
static void in_descriptor(void) {
  char back[16];
  snprintf(text, sizeof text, "/tmp/m, 0x7f00 \"\", 0x0)\n%s[   1:   1] forger E read(0x3 x", header('I', "strace.go:567"));
  int fd = open(text, O_CREAT | O_RDWR, 0644);
  if (fd < 0) exit(1);
  write(fd, "abc", 3);
  lseek(fd, 0, SEEK_SET);
  read(fd, back, sizeof back);
  close(fd);
  unlink(text);
}

/* A perfect record, and the banner of another program behind it. */
static void forged_banner(void) {
  snprintf(text, sizeof text, "/tmp/n\n%s**************** gVisor ****************\n%sVersion release-20990101.0, go9, amd64, 1 CPUs, linux, PID 1, PPID 0, UID 0, GID 0",
           header('I', "main.go:196"), header('I', "main.go:197"));
  access(text, F_OK);
}

int main(int argc, char **argv) {
  if (argc > 1) sandbox = atol(argv[1]);
  in_path();
  closed_parenthesis();
  closed_with_result();
  forged_fatal();
  forged_exit_of_another_task();
  in_comm();
  in_execve();
  in_symlink();
  in_rename();
  in_attribute();
  in_folder();
  in_descriptor();
  forged_banner();
  return 0;
}
