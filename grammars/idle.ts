/**
 * Notes that the sentry writes of its own work for a task, at the pace of its calls: nothing of the workload is in them, and no
 * diagnosis rests on them. All of them are debug messages behind a task tag:
 *
 *     D1123 22:27:15.478394       1 usertrap_amd64.go:210] [   1:   1] Apply the binary patch addr 7f3a5c1a2b40 trap addr 62820 ...
 *
 * Their first 16 bytes tell them from each other and from all else: the bulk reader compares those alone.
 *
 * Source: gVisor pkg/sentry/platform/systrap/usertrap, pkg/sentry/kernel/task_stop.go, pkg/sentry/syscalls; read from logs of
 * 20221219 and 20240729.
 */
export const IDLE_NOTES = [
  'Allocate a new trap: ',
  'Allocating stack with size of ',
  'Apply the binary patch addr ',
  'Entering internal stop (',
  'Found the pattern at ip ',
  'Leaving internal stop (',
  'Map a usertrap vma at ',
] as const;
