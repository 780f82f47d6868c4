/** The program is built for another processor, or is no program. */
import { hintsOf, isExec, loadErrors, withHint } from '../programs.js';
import { defineRule, matchOf, verdictOf, type Said } from '../rule.js';

const FOREIGN: Said = {
  title: '{path} is built for {machine}, the sandbox runs {platform}',
  cause:
    '{path} is an executable for the architecture {machine}, and this sandbox runs {platform}: the image (or this file in it) was built for another processor.',
  remedy: [
    'Use the image for linux/{platform} (docker pull --platform linux/{platform}), or rebuild {path} for {platform} (docker buildx build --platform linux/{platform}, GOARCH={platform}).',
    'gVisor does not emulate other processors, and binfmt_misc handlers of the host (qemu) do not work inside of it.',
  ],
};

const NO_PROGRAM: Said = {
  title: '{path} has no format that can be executed',
  cause:
    '{path} exists and is neither an ELF executable for this processor nor a script that begins with #!: "exec format error".',
  confidence: 'likely',
  remedy: [
    'If it is a script, put #!/bin/sh (or its interpreter) into the first line, without a byte order mark before it.',
    'If it is a binary, look what it is for (file {path}) and rebuild it for the architecture of the host; an empty or cut-off file gives the same error.',
  ],
};

/** ELF machine numbers that older releases print. */
const MACHINES: Readonly<Record<string, string>> = {
  '3': '386',
  '40': 'arm',
  '62': 'amd64',
  '183': 'arm64',
  '243': 'riscv64',
  '21': 'ppc64le',
  '22': 's390x',
};

export const programFormatForeign = defineRule({
  id: 'program-format-foreign',
  severity: 'high',
  title: 'The program to run has a format that this sandbox does not execute',
  remedy: FOREIGN.remedy,
  needs: ['failures', 'sentences', 'runs'],
  sources: ['pkg/sentry/loader/elf.go parseHeader, pkg/sentry/loader/loader.go'],
  judge(products) {
    const [mismatch] = hintsOf(products, 'elf-machine-mismatch');
    const [unsupported] = hintsOf(products, 'elf-machine-unsupported');
    const [bits] = hintsOf(products, 'elf-class-unsupported');
    const hint = mismatch ?? unsupported ?? bits;
    return verdictOf(
      loadErrors(products, /exec format error/).map((group) => {
        const number = unsupported?.captures['machine'] ?? '';
        const machine =
          mismatch?.captures['machine'] ?? MACHINES[number] ?? (bits === undefined ? `machine ${number}` : '32 bits');
        const platform = mismatch?.captures['platform'] ?? (number === '62' ? 'arm64' : 'amd64');
        const match = matchOf(withHint(group, hint), hint === undefined ? NO_PROGRAM : FOREIGN, products.runs, {
          machine,
          platform,
        });
        return isExec(group.failure) ? { ...match, severity: 'medium', tier: 'aftermath' } : match;
      }),
    );
  },
});
