/** What programs say before they end, by pattern, and what it means; tried on text that a trace shows being written. */

export type LastWord = {
  readonly pattern: RegExp;
  readonly title: string;
  readonly cause: string;
  readonly remedy: readonly string[];
};

export const LAST_WORDS: readonly LastWord[] = [
  {
    // glibc and musl loaders
    pattern: /(?:error while loading shared libraries: |Error loading shared library )(?<name>[^\s:]+)/,
    title: 'The shared library {name} is not in the image',
    cause: 'the dynamic loader does not find the shared library {name} in any library path of the image',
    remedy: [
      'Install the package that holds {name} in the image, or copy it there; LD_LIBRARY_PATH and /etc/ld.so.conf name other directories to look in.',
    ],
  },
  {
    // glibc, on pthread_cancel and pthread_exit
    pattern: /(?<name>libgcc_s\.so\.\d) must be installed/,
    title: '{name} is not in the image',
    cause: 'the C library needs {name} to end threads, and the image does not have it, so the program is aborted',
    remedy: ['Install {name} in the image (package libgcc-s1 or libgcc).'],
  },
  {
    pattern: /(?:ModuleNotFoundError|ImportError): No module named '?(?<name>[\w.]+)/,
    title: 'The Python module {name} is not in the image',
    cause: 'Python does not find the module {name}: it is not installed in the image, or not in sys.path',
    remedy: ['Install {name} in the image (pip install, requirements.txt), or set PYTHONPATH to where it is.'],
  },
  {
    pattern: /Cannot find module '(?<name>[^']+)'/,
    title: 'The Node module {name} is not in the image',
    cause: 'Node does not find the module {name}: it is not installed in the image',
    remedy: ['Run npm install when the image is built, and do not mount a volume over node_modules.'],
  },
  {
    pattern: /(?:^|[\s:])(?<name>[^\s:]+): (?:command )?not found/,
    title: 'The command {name} is not in the image',
    cause: 'a shell does not find the command {name}: it is not in the image, or in no directory of PATH',
    remedy: ['Install {name} in the image, or call it by its absolute path.'],
  },
  {
    // env of coreutils and busybox on a #! line with Windows line ends
    pattern:
      /env: (?:can't execute )?['‘"](?<name>[^'’"\\\r\n]{1,200}?)(?:'\$')?(?:\r|\\r| )['’"]: No such file or directory/,
    title: 'The script has Windows line ends',
    cause:
      'the #! line of a script ends in a carriage return, so that env looks for a program named {name}\\r, and there is none: the script was saved with Windows line ends (CR LF)',
    remedy: [
      'Convert the script to Unix line ends (dos2unix, or sed -i "s/\\r$//") and build the image again; "*.sh text eol=lf" in .gitattributes keeps it so.',
    ],
  },
  {
    // musl, glibc, curl, getent, Go, Node
    pattern:
      /(?:Temporary failure in name resolution|Name or service not known|[Cc]ould ?n[o']t resolve host(?:name)?:? ?["'`]?(?<host>[\w.-]{1,253})?|bad address '(?<host2>[^']{1,253})'|getaddrinfo (?:EAI_AGAIN|ENOTFOUND) (?<host3>[\w.-]{1,253})|lookup (?<host4>[\w.-]{1,253})(?: on \S{1,64})?: (?:no such host|.{0,160}(?:timeout|refused|unreachable|misbehaving)))/,
    title: 'A name could not be resolved{without}',
    cause: 'the program asked for the address of a host name and got none{network}',
    remedy: [
      'With --network=none a sandbox has a loopback only and reaches no name server: give it a network (docker run without --network none, runsc without --network=none), or write the names into /etc/hosts (--add-host).',
      'With a network look at /etc/resolv.conf in the container: is the name server there, and can it be reached from inside the sandbox?',
    ],
  },
  {
    // a shell with noclobber, which asks before it opens: no call fails
    pattern: /(?:^|[\s:'"])(?<name>\/[^\s:'"]{1,200})['"]?: (?:File exists|cannot overwrite existing file)/,
    title: '{name} exists already',
    cause:
      '{name} exists already, and the program wanted to create it anew (a lock or pid file, a target that it does not overwrite)',
    remedy: [
      'Remove {name} before the start (a leftover of an earlier run, in the image or a volume), or mount an empty directory or tmpfs there.',
    ],
  },
  {
    // git clone of a folder, which links the objects and compares device and inode; measured under 20221219 and 20240729
    pattern: /hardlink different from source at '(?<name>[^'\s]{1,200})/,
    title: 'git could not link the objects of the repository that it copies',
    cause:
      'git clone links the objects of a repository of the same machine and checks that link and source are one file; {name} is not: in gVisor the overlay over the root copies a file of the image layer before it gives it a second name, and the copy has another device and inode',
    remedy: [
      'Clone with --no-hardlinks, or by file:// in front of the path, which copies the objects.',
      'Or keep the repository on a volume or tmpfs, or start the sandbox without the overlay (--overlay2=none).',
    ],
  },
  {
    pattern: /[Aa]ssert(?:ion)?\b.{0,80}fail/,
    title: 'An assertion of the program failed',
    cause: 'a check inside of the program failed (an assertion), and it aborted itself',
    remedy: [
      'Debug the program: the assertion names what it did not expect; try the same image with another runtime to see whether gVisor has a part in it.',
    ],
  },
];
