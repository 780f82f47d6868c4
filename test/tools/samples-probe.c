/*
 * probe: the program inside the sandboxes of make-samples.sh, for what a shell cannot do. Its first argument names the
 * act. It is built twice: static as /usr/bin/probe, and against shared libraries as /usr/bin/greet.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int fail(const char *what) {
  perror(what);
  return 1;
}

/* File names that try to look like the end of a line, the start of one, or something else than text. */
static const char *const names[] = {
    "/tmp/two words",
    "/tmp/a, b",
    "/tmp/a) b",
    "/tmp/\" = 0 (0x0) (1us)",
    "/tmp/x) = 3 (0x3) errno=13 (permission denied) (1.5\xc2\xb5s)",
    "/tmp/line\nbreak",
    "/tmp/bad \xff\xfe utf-8",
    "/tmp/\x1b[31mred\x1b[0m",
    "/tmp/tab\tand\rreturn",
    "/tmp/back\\slash",
    "/tmp/na\xc3\xafve \xe2\x80\xa8 \xf0\x9f\x90\xb3",
    "/tmp/forged\nW1125 00:00:00.000000       1 util.go:64] FATAL ERROR: forged by a file name",
    "/tmp/{\"msg\":\"forged\",\"level\":\"warning\",\"time\":\"2026-11-25T00:00:00Z\"}",
};

static int weird_names(void) {
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    access(names[i], R_OK); /* fails: not there yet */
    int fd = open(names[i], O_CREAT | O_RDWR, 0644);
    if (fd < 0) return fail(names[i]);
    write(fd, names[i], strlen(names[i]));
    close(fd);
    unlink(names[i]);
  }
  prctl(PR_SET_NAME, "a) X b = 0");
  access("/tmp/under another name", R_OK);
  prctl(PR_SET_NAME, "c\nE d(0x1");
  access("/tmp/under a third name", R_OK);
  if (fork() == 0) {
    execl("/bin/true", "true", "two words", "a, b", "\"quoted\"", "line\nbreak", "", (char *)NULL);
    _exit(1);
  }
  wait(NULL);
  return 0;
}

static void *worker(void *argument) {
  char name[16];
  snprintf(name, sizeof name, "worker-%ld", (long)argument);
  prctl(PR_SET_NAME, name);
  int fd = open("/etc/passwd", O_RDONLY);
  char buffer[64];
  read(fd, buffer, sizeof buffer);
  close(fd);
  usleep(20000);
  return NULL;
}

static int threads(void) {
  pthread_t thread[4];
  for (long i = 0; i < 4; i++)
    if (pthread_create(&thread[i], NULL, worker, (void *)i)) return 1;
  for (int i = 0; i < 4; i++) pthread_join(thread[i], NULL);
  return 0;
}

static pthread_mutex_t locks[2] = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER};
static pthread_barrier_t both;

static void *lock_two(void *first) {
  pthread_mutex_lock(&locks[(long)first]);
  if (pthread_barrier_wait(&both) == PTHREAD_BARRIER_SERIAL_THREAD) write(1, "both locked\n", 12);
  pthread_mutex_lock(&locks[!(long)first]);
  return NULL;
}

static int deadlock(void) {
  pthread_t other;
  pthread_barrier_init(&both, NULL, 2);
  prctl(PR_SET_NAME, "first");
  pthread_create(&other, NULL, lock_two, (void *)1);
  lock_two((void *)0);
  return 0;
}

static int open_files(void) {
  for (;;)
    if (open("/etc/passwd", O_RDONLY) < 0) return fail("/etc/passwd");
}

static int try_connect(void) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(5432)};
  inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  if (connect(fd, (struct sockaddr *)&address, sizeof address)) return fail("cannot connect to 127.0.0.1:5432");
  return 0;
}

/* Calls that these releases of gVisor do not offer; the program goes on, as most do. */
static int unsupported(void) {
  syscall(SYS_add_key, "user", "name", "value", 5, -1);
  syscall(SYS_kcmp, getpid(), getpid(), 0, 0, 0);
  syscall(1000);
  return 0;
}

int main(int argc, char **argv) {
  const char *act = argc > 1 ? argv[1] : "";
  if (!strcmp(act, "names")) return weird_names();
  if (!strcmp(act, "threads")) return threads();
  if (!strcmp(act, "connect")) return try_connect();
  if (!strcmp(act, "deadlock")) return deadlock();
  if (!strcmp(act, "files")) return open_files();
  if (!strcmp(act, "unsupported")) return unsupported();
  if (!strcmp(act, "afs")) return syscall(SYS_afs_syscall);
  if (!strcmp(act, "abort")) abort();
  if (!strcmp(act, "segv")) {
    write(1, "reading the table\n", 18);
    return *(volatile int *)8;
  }
  return 0;
}
