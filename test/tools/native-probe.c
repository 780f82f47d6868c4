/*
 * native-probe: the program that make-native-samples.sh traces. It does the same each time: threads and children,
 * signals that interrupt, calls that fail, and texts that look like lines of a trace.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char *const names[] = {
    "/srv/app/data.txt",
    "/srv/app/x) = 3 (y",
    "/srv/app/\" <unfinished ...>",
    "/srv/app/line\nbreak) = 0",
    "/srv/app/na\xc3\xafve \xff",
    "/srv/app/missing/x",
};

static void on_signal(int number) { (void)number; }

static void wait_ms(long ms) {
  struct timespec time = {0, ms * 1000000};
  nanosleep(&time, NULL);
}

static void *thread(void *argument) {
  wait_ms(20);
  close(open("/srv/app/missing", O_RDONLY));
  return argument;
}

static void *forever(void *argument) {
  for (;;) pause();
  return argument;
}

int main(int argc, char **argv) {
  int status;
  pthread_t one;

  for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
    int fd = open(names[i], O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (fd < 0) continue;
    if (write(fd, "a \"quoted\" line) = 0\n\0\x1b\x7f", 24) < 0) return 1;
    close(fd);
  }
  umask(022);
  syscall(999, 1, 2);
  int s = socket(AF_UNIX, SOCK_STREAM, 0);
  close(s);
  if (argc > 1 && strcmp(argv[1], "short") == 0) return 0;

  /* A call that a signal interrupts. */
  struct sigaction action = {.sa_handler = on_signal};
  sigaction(SIGALRM, &action, NULL);
  alarm(1);
  pause();

  pthread_create(&one, NULL, thread, NULL);
  pthread_join(one, NULL);

  if (fork() == 0) {
    wait_ms(30);
    _exit(3);
  }
  wait(&status);

  /* A child with a thread is killed while both wait. */
  pid_t child = fork();
  if (child == 0) {
    pthread_create(&one, NULL, forever, NULL);
    forever(NULL);
  }
  wait_ms(50);
  kill(child, SIGKILL);
  waitpid(child, &status, 0);

  if (write(2, "hello\n", 6) < 0) return 1;

  /* A thread that executes another program ends all others of its process. */
  if (fork() == 0) {
    pthread_create(&one, NULL, forever, NULL);
    wait_ms(20);
    execl("/srv/app/probe", "probe", "short", NULL);
  }
  wait(&status);
  return 5;
}
