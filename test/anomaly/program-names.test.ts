/** What a process runs, by name: variants, scripts, applets, and programs that call themselves something else. */
import { describe, expect, it } from 'vitest';
import { interpreterOf, namesOf, programOf, scriptProgram } from '../../src/anomaly/program-names.js';

const asIs = (path: string): string => path;

describe('names and what they stand for', () => {
  it.each([
    ['python3.11', ['python3.11', 'python3', 'python']],
    ['x86_64-linux-gnu-gcc-12', ['x86_64-linux-gnu-gcc-12', 'gcc-12', 'gcc']],
    ['aarch64-linux-musl-ld', ['aarch64-linux-musl-ld', 'ld']],
    ['nc.openbsd', ['nc.openbsd', 'nc']],
    ['mawk', ['mawk', 'awk']],
    ['php8.2', ['php8.2', 'php8', 'php']],
    ['bash', ['bash']],
  ])('%s', (name, names) => expect(namesOf(name)).toEqual(names));

  it.each(['7z', 'cc1'])('%s keeps its full name first', (name) => expect(namesOf(name)[0]).toBe(name));
});

describe('programs', () => {
  it('take the script that an interpreter is given, not its options', () => {
    const { names, script } = programOf(
      '/usr/bin/python3.11',
      ['python3', '-u', '-X', 'dev', '/opt/app/job.py', '-x'],
      asIs,
    );
    expect(script).toBe('/opt/app/job.py');
    expect(names).toEqual(expect.arrayContaining(['python3', 'python', 'job.py', 'job']));
  });

  it('have no script where the text of a program is given', () => {
    expect(programOf('/bin/sh', ['sh', '-c', 'ls /x'], asIs).script).toBeNull();
    expect(programOf('/usr/bin/perl', ['perl', '-ne', 'print', 'file'], asIs).script).toBeNull();
  });

  it('are the applet of busybox, by either argument', () => {
    expect(programOf('/bin/busybox', ['busybox', 'wget', '-q'], asIs).exeNames).toEqual(['wget']);
    expect(programOf('/bin/busybox', ['nc', '-l'], asIs).exeNames).toEqual(['nc']);
    expect(programOf('/bin/busybox', ['-sh'], asIs).exeNames).toEqual(['sh']);
  });

  it('are an applet where a shell starts its own executable by another name', () => {
    expect(programOf('/bin/sh', ['httpd', '-f'], asIs, true).exeNames).toEqual(['httpd']);
    // a process may call itself what it likes when it starts another executable
    expect(programOf('/bin/sh', ['httpd', '-f'], asIs, false).exeNames).toEqual(['sh']);
  });

  it('go by the executable, whatever the first argument says', () => {
    expect(programOf('/tmp/x', ['/usr/sbin/sshd'], asIs).exeNames).toEqual(['x']);
  });
});

describe('scripts', () => {
  it.each([
    ['#!/bin/bash\nset -e\n', '/bin/bash'],
    ['#!/usr/bin/env python3\n', '/usr/bin/python3'],
    ['#! /usr/bin/env -S node --no-warnings\n', '/usr/bin/node'],
    ['#!/usr/bin/env FOO=1 perl -w\n', '/usr/bin/perl'],
    ['\x7fELF', undefined],
    ['#!python\n', undefined],
  ])('%j is run by %s', (text, interpreter) => expect(interpreterOf(text)).toBe(interpreter));

  it('keep their name beside that of the interpreter', () => {
    const script = scriptProgram(
      programOf('/usr/local/bin/healthcheck', ['/usr/local/bin/healthcheck'], asIs),
      '/bin/bash',
    );
    expect(script).toMatchObject({ exe: '/bin/bash', script: '/usr/local/bin/healthcheck', exeNames: ['bash'] });
    expect(script.names).toEqual(['bash', 'healthcheck']);
  });
});
