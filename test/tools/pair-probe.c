// A program for make-pairs.sh: does one thing that a sandbox may not have, and some work if it has it.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/perf_event.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void look(const char *path) {
  char data[256];
  int fd = open(path, O_RDONLY);
  if (fd < 0) return;
  if (read(fd, data, sizeof data) < 0) perror(path);
  close(fd);
}

// Files that a sandbox lacks, and that nobody here needs.
static void look_around(void) {
  look("/proc/vmstat");
  look("/proc/diskstats");
  look("/etc/none.conf");
  look("/sys/kernel/mm/ksm/run");
}

static void work(void) {
  for (int i = 0; i < 20; i++) {
    char name[64];
    snprintf(name, sizeof name, "/data/part%d", i);
    int fd = open(name, O_CREAT | O_WRONLY, 0644);
    if (write(fd, "x", 1) != 1) perror(name);
    close(fd);
    unlink(name);
  }
  puts("done");
}

static void *crew(void *number) {
  for (int i = 0; i < 20; i++) {
    char name[64];
    snprintf(name, sizeof name, "/data/crew%ld-%d", (long)number, i);
    close(open(name, O_CREAT | O_WRONLY, 0644));
    unlink(name);
  }
  return NULL;
}

static struct sockaddr_in local(int port) {
  struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port)};
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return at;
}

static void end(int status, const char *who, int error) {
  fprintf(stderr, "%s: %s\n", who, strerror(error));
  exit(status);
}

int main(int count, char **arguments) {
  const char *what = count > 1 ? arguments[1] : "";
  int flags = 0;
  if (!strcmp(what, "ioctl") || !strcmp(what, "ioctl-silent")) {
    int fd = open("/etc/app.conf", O_RDONLY);
    look_around();
    if (ioctl(fd, FS_IOC_GETFLAGS, &flags) < 0) {
      if (what[5] == 0) end(5, "backup: cannot read attributes", errno);
      look("/proc/pressure/cpu");
      exit(5);
    }
    work();
  } else if (!strcmp(what, "device")) {
    look_around();
    int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK);
    if (fd < 0) exit(8);
    work();
  } else if (!strcmp(what, "raw-socket")) {
    if (socket(AF_INET, SOCK_RAW, IPPROTO_ICMP) < 0) end(3, "ping", errno);
    work();
  } else if (!strcmp(what, "low-port")) {
    struct sockaddr_in at = local(80);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(fd, (struct sockaddr *)&at, sizeof at) < 0) end(4, "web", errno);
    work();
  } else if (!strcmp(what, "child")) {
    struct sockaddr_in at = local(5433);
    if (fork() == 0) {
      look("/etc/app.conf");
      int fd = open("/proc/sys/kernel/threads-max", O_RDONLY);
      if (fd < 0) end(3, "db: threads-max", errno);
      int listener = socket(AF_INET, SOCK_STREAM, 0);
      bind(listener, (struct sockaddr *)&at, sizeof at);
      listen(listener, 4);
      close(accept(listener, NULL, NULL));
      _exit(0);
    }
    for (int tries = 0; tries < 10; tries++) {
      usleep(100000);
      int fd = socket(AF_INET, SOCK_STREAM, 0);
      if (connect(fd, (struct sockaddr *)&at, sizeof at) == 0) {
        work();
        wait(NULL);
        return 0;
      }
      close(fd);
    }
    end(1, "app: no database", errno);
  } else if (!strcmp(what, "fallback")) {
    unsigned long how[3] = {0};
    int fd = syscall(437, AT_FDCWD, "/etc/app.conf", how, sizeof how);
    if (fd < 0) fd = open("/etc/app.conf", O_RDONLY);
    work();
  } else if (!strcmp(what, "content")) {
    char data[64] = "";
    int fd = open("/etc/app.conf", O_RDONLY);
    if (read(fd, data, 60) < 0 || strncmp(data, "mode=fast", 9) != 0) {
      fprintf(stderr, "bad configuration\n");
      exit(7);
    }
    work();
  } else if (!strcmp(what, "late")) {
    struct perf_event_attr attributes = {.type = PERF_TYPE_SOFTWARE, .size = sizeof attributes, .config = PERF_COUNT_SW_DUMMY};
    int fd = syscall(SYS_perf_event_open, &attributes, 0, -1, -1, 0);
    int error = errno;
    look_around();
    work();
    if (fd < 0) end(5, "monitor: counter", error);
  } else if (!strcmp(what, "threads")) {
    pthread_t threads[4];
    for (long i = 0; i < 4; i++) pthread_create(&threads[i], NULL, crew, (void *)i);
    for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);
    work();
  }
  return 0;
}
