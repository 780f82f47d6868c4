/*
 * The floor: the same table as table.awk in one pass of C over read(2), nothing checked. Name, calls, errors (restarts among them),
 * time in all and the longest, in nanoseconds.
 *
 *     cc -O2 -o table table.c && ./table FILE
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BLOCK = 256 * 1024, NAMES = 4096 };

static struct {
  char name[64];
  long calls, errors;
  double total, longest;
} table[NAMES];

static int row_of(const char *name, size_t length) {
  unsigned hash = 0;
  for (size_t i = 0; i < length; i++) hash = hash * 31 + (unsigned char)name[i];
  for (unsigned at = hash % NAMES;; at = (at + 1) % NAMES) {
    if (table[at].name[0] == 0) memcpy(table[at].name, name, length);
    if (strncmp(table[at].name, name, length) == 0 && table[at].name[length] == 0) return (int)at;
  }
}

/* 480ns, 53.239us, 2.3ms, 1.5s, 7m35.1s, 1h2m3.5s */
static double nanos(const char *text, const char *end) {
  double sum = 0;
  while (text < end) {
    char *next;
    double value = strtod(text, &next);
    if (next == text) break;
    double unit = 1;
    if (*next == 'h') unit = 3600e9, text = next + 1;
    else if (*next == 'm' && next[1] != 's') unit = 60e9, text = next + 1;
    else {
      unit = *next == 'n' ? 1 : *next == 'm' ? 1e6 : *next == 's' ? 1e9 : 1e3;
      text = end;
    }
    sum += value * unit;
  }
  return (double)(long)(sum + 0.5);
}

static void line(const char *start, const char *end) {
  const char *mark = memmem(start, (size_t)(end - start), " X ", 3);
  if (mark == NULL || end[-1] != ')') return;
  const char *name = mark + 3;
  const char *open = memchr(name, '(', (size_t)(end - name));
  if (open == NULL || open - name > 60) return;
  const char *time = end - 1;
  while (*time != '(') time--;
  int row = row_of(name, (size_t)(open - name));
  double spent = nanos(time + 1, end - 1);
  table[row].calls++;
  table[row].total += spent;
  if (spent > table[row].longest) table[row].longest = spent;
  const char *from = end - start > 260 ? end - 260 : start;
  if (memmem(from, (size_t)(end - from), "errno=", 6) != NULL) table[row].errors++;
}

int main(int count, char **arguments) {
  static char block[BLOCK + 1];
  int file = count > 1 ? open(arguments[1], O_RDONLY) : 0;
  size_t filled = 0;
  for (ssize_t got; (got = read(file, block + filled, BLOCK - filled)) > 0;) {
    filled += (size_t)got;
    char *at = block, *newline;
    while ((newline = memchr(at, '\n', (size_t)(block + filled - at))) != NULL) {
      line(at, newline);
      at = newline + 1;
    }
    filled = (size_t)(block + filled - at);
    memmove(block, at, filled);
  }
  for (int i = 0; i < NAMES; i++)
    if (table[i].calls > 0)
      printf("%s %ld %ld %.0f %.0f\n", table[i].name, table[i].calls, table[i].errors, table[i].total, table[i].longest);
  return 0;
}
