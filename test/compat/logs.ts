/** Small logs for tests of what a workload uses: a boot log of one release, and native traces. */

/** The lines of a boot log; calls are written as `name(args) = result`, exits of the process as `exit N`. */
export function bootLog(
  calls: readonly string[],
  options: { readonly version?: string; readonly args?: string } = {},
): string {
  const { version = 'release-20240729.0', args = 'boot --bundle=/b web' } = options;
  let micros = 100_000;
  const head = (site: string): string => `I0410 09:12:03.${String(micros++)}       1 ${site}] `;
  const lines = [
    `${head('main.go:201')}***************************`,
    `${head('main.go:202')}Args: [runsc-sandbox ${args}]`,
    `${head('main.go:203')}Version ${version}`,
    `${head('main.go:204')}GOOS: linux`,
    `${head('main.go:205')}GOARCH: amd64`,
  ];
  const task = '[   1:   1] app';
  for (const call of calls) {
    const exit = /^exit (\d+)$/.exec(call)?.[1];
    if (exit !== undefined) {
      lines.push(`${head('strace.go:561')}${task} E exit_group(0x${Number(exit).toString(16)})`);
      lines.push(`${head('boot.go:534')}application exiting with exit status ${exit}`);
    } else if (call.startsWith('Unsupported ')) lines.push(`${head('compat.go:120')}${call}`);
    else {
      const entered = call.slice(0, call.lastIndexOf(') = ') + 1);
      lines.push(`${head('strace.go:567')}${task} E ${entered}`, `${head('strace.go:605')}${task} X ${call} (2.1µs)`);
    }
  }
  return `${lines.join('\n')}\n`;
}

export const ENOSYS = '0 (0x0) errno=38 (invalid system call number)';

/** As a stream of bytes: what the library reads. */
export async function* bytesOf(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text);
}
