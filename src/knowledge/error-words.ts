/** What programs print for an error number: the words of glibc (which Python, Node, Go and busybox share, in either case), and of musl where they differ. */

/** Source: glibc 2.36 errlist, musl 1.2 __strerror.h */
const WORDS = `
1 Operation not permitted
2 No such file or directory
3 No such process
4 Interrupted system call
5 Input/output error / I/O error
6 No such device or address
7 Argument list too long
8 Exec format error
9 Bad file descriptor
10 No child processes
11 Resource temporarily unavailable
12 Cannot allocate memory / Out of memory
13 Permission denied
14 Bad address
15 Block device required
16 Device or resource busy / Resource busy
17 File exists
18 Invalid cross-device link / Cross-device link
19 No such device
20 Not a directory
21 Is a directory
22 Invalid argument
23 Too many open files in system
24 Too many open files / No file descriptors available
25 Inappropriate ioctl for device / Not a tty
26 Text file busy
27 File too large
28 No space left on device
29 Illegal seek
30 Read-only file system
31 Too many links
32 Broken pipe
33 Numerical argument out of domain / Domain error
34 Numerical result out of range / Result not representable
35 Resource deadlock avoided / Resource deadlock would occur
36 File name too long / Filename too long
37 No locks available
38 Function not implemented
39 Directory not empty
40 Too many levels of symbolic links / Symbolic link loop
42 No message of desired type
43 Identifier removed
44 Channel number out of range
45 Level 2 not synchronized
46 Level 3 halted
47 Level 3 reset
48 Link number out of range
49 Protocol driver not attached
50 No CSI structure available
51 Level 2 halted
52 Invalid exchange
53 Invalid request descriptor
54 Exchange full
55 No anode
56 Invalid request code
57 Invalid slot
59 Bad font file format
60 Device not a stream
61 No data available
62 Timer expired
63 Out of streams resources
64 Machine is not on the network
65 Package not installed
66 Object is remote
67 Link has been severed
68 Advertise error
69 Srmount error
70 Communication error on send
71 Protocol error
72 Multihop attempted
73 RFS specific error
74 Bad message
75 Value too large for defined data type / Value too large for data type
76 Name not unique on network
77 File descriptor in bad state
78 Remote address changed
79 Can not access a needed shared library
80 Accessing a corrupted shared library
81 .lib section in a.out corrupted
82 Attempting to link in too many shared libraries
83 Cannot exec a shared library directly
84 Invalid or incomplete multibyte or wide character / Illegal byte sequence
85 Interrupted system call should be restarted
86 Streams pipe error
87 Too many users
88 Socket operation on non-socket
89 Destination address required
90 Message too long / Message too large
91 Protocol wrong type for socket
92 Protocol not available
93 Protocol not supported
94 Socket type not supported
95 Operation not supported / Not supported
96 Protocol family not supported
97 Address family not supported by protocol
98 Address already in use / Address in use
99 Cannot assign requested address / Address not available
100 Network is down
101 Network is unreachable / Network unreachable
102 Network dropped connection on reset
103 Software caused connection abort / Connection aborted
104 Connection reset by peer
105 No buffer space available
106 Transport endpoint is already connected / Socket is connected
107 Transport endpoint is not connected / Socket not connected
108 Cannot send after transport endpoint shutdown
109 Too many references: cannot splice
110 Connection timed out / Operation timed out
111 Connection refused
112 Host is down
113 No route to host / Host is unreachable
114 Operation already in progress
115 Operation now in progress
116 Stale file handle
117 Structure needs cleaning
118 Not a XENIX named type file
119 No XENIX semaphores available
120 Is a named type file
121 Remote I/O error
122 Disk quota exceeded / Quota exceeded
123 No medium found
124 Wrong medium type
125 Operation canceled
126 Required key not available
127 Key has expired
128 Key has been revoked
129 Key was rejected by service
130 Owner died
131 State not recoverable
132 Operation not possible due to RF-kill
133 Memory page has hardware error
`;

const BY_NUMBER = new Map(
  WORDS.trim()
    .split('\n')
    .map((line): [number, readonly string[]] => {
      const blank = line.indexOf(' ');
      return [
        Number(line.slice(0, blank)),
        line
          .slice(blank + 1)
          .toLowerCase()
          .split(' / '),
      ];
    }),
);

/**
 * Does a text speak of this error? By its words in any case, by its name (`ENOENT`), or as Python writes it (`[Errno 2]`).
 */
export function speaksOf(text: string, errno: number, name: string): boolean {
  const lower = text.toLowerCase();
  return (
    BY_NUMBER.get(errno)?.some((words) => lower.includes(words)) === true ||
    new RegExp(`\\b${name}\\b|\\berrno[ =:]{1,3}${errno}\\b`, 'i').test(text)
  );
}

/** As glibc prints it, in lower case; undefined for a number that has no words. */
export function wordsOf(errno: number): string | undefined {
  return BY_NUMBER.get(errno)?.[0];
}
