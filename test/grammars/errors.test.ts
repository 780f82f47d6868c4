/** Error chains: where they part, what wraps, what is left, and that nothing hostile makes them slow. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readErrorChain, splitChain } from '../../grammars/errors.js';

describe('splitChain', () => {
  it.each([
    ['a: b: c', ['a', 'b', 'c']],
    ['no colon at all', ['no colon at all']],
    ['open "/a: b": denied', ['open "/a: b"', 'denied']],
    ['in PATH [/bin: /usr/bin]: no such file', ['in PATH [/bin: /usr/bin]', 'no such file']],
    ['mounting {Destination:/a: b Options:[rw]}: gone', ['mounting {Destination:/a: b Options:[rw]}', 'gone']],
    ['call([a: b], &{[c: d]}): refused', ['call([a: b], &{[c: d]})', 'refused']],
    // a lone bracket is an ordinary character, and so is a quote that nothing closes
    ['absolute path: &{[ bind /src [rbind]}: unknown', ['absolute path', '&{[ bind /src [rbind]}', 'unknown']],
    ['say "hello: world', ['say "hello', 'world']],
    ['escaped "a\\": b": c', ['escaped "a\\": b"', 'c']],
  ])('%s', (text, parts) => {
    expect(splitChain(text)).toEqual(parts);
  });

  it('parts joined again are the text, whatever it is', () => {
    const nasty = fc.string({
      unit: fc.constantFrom(':', ' ', '"', '\\', '{', '}', '[', ']', '(', ')', 'a'),
      maxLength: 200,
    });
    fc.assert(fc.property(nasty, (text) => splitChain(text).join(': ') === text));
  });

  it('hostile nesting costs no more than its length', () => {
    const started = performance.now();
    for (const text of [
      '{'.repeat(16_000),
      '"'.repeat(16_000),
      '[{('.repeat(5_000),
      ': '.repeat(8_000),
      '\\"'.repeat(8_000),
    ])
      splitChain(text);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

describe('readErrorChain', () => {
  it.each([
    // 20240729
    [
      'running container: starting container: starting root container: starting sandbox: creating process: failed to load /bin/x: exec format error',
      'failed to load /bin/x: exec format error',
    ],
    // 2018
    [
      'error running container: error starting container: error starting root container [/bin/x --port=80]: failed to start sandbox: failed to create init process: no such file or directory',
      'no such file or directory',
    ],
    // with its callers around it
    [
      'docker: Error response from daemon: failed to create shim task: OCI runtime create failed: creating container: invalid container id: a/b: unknown.',
      'invalid container id: a/b',
    ],
    [
      'rpc error: code = Unknown desc = failed to create containerd task: OCI runtime create failed: creating container: no luck: unknown',
      'no luck',
    ],
    // an unknown error stays whole
    ['something else: entirely', 'something else: entirely'],
  ])('%s', (text, cause) => {
    expect(readErrorChain(text).cause).toBe(cause);
  });

  it('keeps what wrappers name and the lines behind the first', () => {
    const chain = readErrorChain(
      'executing processes for container: executing command "/bin/sh -c id" in sandbox: failed to load /bin/sh: no such file or directory\nstdout: a\nstderr: b',
    );
    expect(chain.wrappers).toEqual(['exec', 'exec-command']);
    expect(chain.captures).toEqual({ command: '/bin/sh -c id' });
    expect(chain.last).toBe('no such file or directory');
    expect(chain.detail).toBe('stdout: a\nstderr: b');
  });
});
