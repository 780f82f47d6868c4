// Writes src/knowledge/request-names.ts from the headers of Linux on this machine (libc6-dev, linux-libc-dev, gcc).
//
//   node test/tools/make-request-names.mjs > src/knowledge/request-names.ts
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

const INCLUDE = '/usr/include';
/** Devices that no container sees: cameras, sound, video, buses. */
const LEFT = /^(?:COUNTER|DFL|FSI_|RPROC|BT_|NVRAM|KVM_(?!GET_API|CREATE_VM|CHECK|CREATE_VCPU|RUN)|VHOST_(?:SCSI|NET|VDPA)|VIDIOC|SNDRV|SNDCTL|SOUND|DRM|DMX|FE_|CA_|CEC|AUDIO_|VIDEO_|NET_|OSD|LIRC|V4L|MEDIA|IVTV|HIDIOC|USBDEVFS|I2OP|ATM|SONET|CM_|JSIOC|PMU_|APM_|HPET|IPMI|MT|CAPI|AGPIOC|SW_|NTSYNC|KCOV|IOCTL_|CDROM|DVD|PP[A-Z]|RFKILL|MSHV|HV_|BC_|BR_|BINDER|CXL|UI_|OMAP|MEI|CCISS|SPI|GPIO|EVIOC|FBIO|HOT_|SISFB|MATROX|VDUSE|IIO|PHN|PTP|PMEM|PFRU|RPMSG|SSAM|SSP|SYNC_|UDMABUF|VBG|WDIOC|WSI|XSDFEC|BTRFS|FDP|FDM|FDS|FDG|FDR|FDE|FDW|FDF|FDC|FDT|AUTOFS|ND_|NVME|OCXL|TEE|IOC_|REISER|RIO|COMEDI|MMTIMER|MGSL|GSMIOC|CYGET|CYSET|TIOCSER|STP|SWITCHTEC|NILFS|HIDIOC|VHOST_VDPA|FSL|AMDKFD|KFD|ACRN|ASHMEM|NE_|SNP|SEV|TDX|DEF_|DM_|VFIO|IOMMU|PPP|PPPIO|ISDN|IMA|CACHEFILES|FW_|IB_|ISST|SGX|MMC|MEM[A-Z]|MTD|UBI|OTP|RAID|PRINT|START_|STOP_|SET_|GET_|ADD_|HOT|WRITE_|CLEAR_|RUN_|PROTECT|REGISTER|UNPROTECT|CLUSTERED|RESTART|LPG|LPS|LP[A-Z]|HDIO|ZATM|ENI|IDT|NS_ADJ|NS_SET|PATM|HE_|FORE|SIOCDEVPRIVATE|SIOCPROTOPRIVATE|SIOCX|SIOCAX|SIOCNR|SIOCRS|SIOCATM|SIOCMK|SIOCSIFATM|SIOCLANE|SIOCIWFIRST)/;

/** Names of macros in a header whose text fits. */
function macros(header, fits) {
  let text;
  try {
    text = execFileSync('gcc', ['-E', '-dM', '-'], { input: `#include <sys/types.h>\n#include <${header}>\n`, encoding: 'utf8', stdio: ['pipe', 'pipe', 'ignore'] });
  } catch {
    return [];
  }
  return text.split('\n').flatMap((line) => {
    const [, name, value] = /^#define ([A-Z][A-Z0-9_a-z]*) (.+)$/.exec(line) ?? [];
    return name !== undefined && fits(name, value) ? [name] : [];
  });
}

/** Their numbers, as the compiler has them; a header that does not compile by itself is left out. */
function numbersOf(header, names) {
  const list = names.map((name) => `printf("%s %llx\\n", "${name}", (unsigned long long)(unsigned int)(${name}));`).join('\n');
  const program = `#define _GNU_SOURCE\n#include <stdio.h>\n#include <stdint.h>\n#include <sys/types.h>\n#include <sys/socket.h>\n#include <signal.h>\n#include <linux/fiemap.h>\n#include <${header}>\nint main(void){${list}}\n`;
  try {
    execFileSync('gcc', ['-w', '-x', 'c', '-o', '/tmp/request-names', '-'], { input: program, stdio: ['pipe', 'ignore', 'ignore'] });
    return execFileSync('/tmp/request-names', { encoding: 'utf8' }).trim().split('\n').filter((line) => line !== '').map((line) => line.split(' '));
  } catch {
    return names.length > 1 ? names.flatMap((name) => numbersOf(header, [name])) : [];
  }
}

function collect(headers, fits) {
  const found = new Map();
  for (const header of headers) {
    const names = macros(header, fits);
    if (names.length === 0) continue;
    for (const [name, number] of numbersOf(header, names)) if (!found.has(name)) found.set(name, number);
  }
  return [...found].sort(([, a], [, b]) => Number.parseInt(a, 16) - Number.parseInt(b, 16));
}

const own = (header) => new Set([...readFileSync(`${INCLUDE}/${header}`, 'utf8').matchAll(/#\s*define\s+([A-Z][A-Za-z0-9_]*)/g)].map(([, name]) => name));
const ioctls = new Map(collect(['asm/ioctls.h', 'linux/sockios.h', 'asm/sockios.h'], (name) => /^(?:T|FIO|SIOC)/.test(name) && !/^TIOC(?:PKT_|M_|SER_|.*_STATE)/.test(name)));
for (const folder of ['linux', 'linux/netfilter_ipv4', 'asm']) {
  for (const file of readdirSync(`${INCLUDE}/${folder === 'asm' ? 'x86_64-linux-gnu/asm' : folder}`).filter((name) => name.endsWith('.h'))) {
    const header = `${folder}/${file}`;
    let names;
    try {
      names = own(folder === 'asm' ? `x86_64-linux-gnu/${header}` : header);
    } catch {
      continue;
    }
    for (const [name, number] of collect([header], (macro, value) => names.has(macro) && /\b_IO[RW]*\(/.test(value) && !/^_/.test(macro))) ioctls.set(name, number);
  }
}
const sorted = [...ioctls].filter(([name]) => !LEFT.test(name)).sort(([a, x], [b, y]) => Number.parseInt(x, 16) - Number.parseInt(y, 16) || (a < b ? -1 : 1));
const fcntl = collect(['fcntl.h', 'linux/fcntl.h'], (name) => /^F_(?:DUPFD|GET|SET|OFD|NOTIFY|CANCELLK|ADD_SEALS)/.test(name) && !/64$/.test(name));
const prctl = collect(['linux/prctl.h'], (name) => /^PR_(?:GET|SET|CAP|MCE|TASK|MPX|SVE|SME|SPEC|PAC|TAGGED|IO|SCHED|RISCV|SYS|UNALIGN|CAPBSET|SECCOMP)/.test(name) && !/^PR_(?:SET_MM_|MCE_KILL_|SVE_(?:SET_VL_|VL_)|SME_(?:SET_VL_|VL_)|PAC_AP|SPEC_|CAP_AMBIENT_|SCHED_CORE_|SET_PTRACER_|RISCV_V_|RISCV_(?:CTX|SCOPE))/.test(name));

function text(list) {
  const lines = [''];
  for (const [name, number] of list) {
    const word = `${name}:${number}`;
    if (lines.at(-1).length + word.length > 115) lines.push('');
    lines[lines.length - 1] += `${lines.at(-1) === '' ? '' : ' '}${word}`;
  }
  return lines.join('\n');
}

process.stdout.write(`/**
 * Names of requests by number: ioctl, fcntl and prctl. runsc prints numbers, strace(1) names. Made by
 * test/tools/make-request-names.mjs; do not edit. A word is \`name:number\`, the number in hexadecimal; cameras, sound and other
 * devices that no container sees are left out.
 *
 * Source: Linux 6.1 uapi headers, as gcc on amd64 has them (asm-generic on arm64 alike)
 */
const TABLES = {
  ioctl: \`
${text(sorted)}
\`,
  fcntl: \`
${text(fcntl)}
\`,
  prctl: \`
${text(prctl)}
\`,
} as const;

export type RequestCall = keyof typeof TABLES;

type Names = { readonly numbers: ReadonlyMap<string, number>; readonly names: ReadonlyMap<number, string> };
const read = new Map<RequestCall, Names>();

function namesOf(call: RequestCall): Names {
  let known = read.get(call);
  if (known !== undefined) return known;
  const pairs = TABLES[call]
    .trim()
    .split(/\\s+/)
    .map((word): [string, number] => {
      const [name = '', number = ''] = word.split(':');
      return [name, Number.parseInt(number, 16)];
    });
  // of several names of a number the first counts
  known = { numbers: new Map(pairs), names: new Map(pairs.map(([name, number]): [number, string] => [number, name]).toReversed()) };
  read.set(call, known);
  return known;
}

/** The number of a request that strace(1) names; undefined for a name that is not in the table. */
export function requestNumber(call: RequestCall, name: string): number | undefined {
  return namesOf(call).numbers.get(name);
}

/** The name of a request; undefined for a number that is not in the table. */
export function requestName(call: RequestCall, number: number): string | undefined {
  return namesOf(call).names.get(number);
}
`);
