/** The Go flag package prints this with the usage text; no log file is opened. */
import { FLAGS, knows, nearest, PASSED } from '../../knowledge/flags.js';
import { releaseName } from '../../../grammars/releases.js';
import { defineRule, factsOf, groupErrors, matchOf, tellingsOf, verdictOf, type Said } from '../rule.js';

const WHERE =
  'the runtime arguments (runtimeArgs in /etc/docker/daemon.json, [runsc_config] in runsc.toml of containerd, the command line)';

const UNKNOWN: Said = {
  title: 'Unknown flag --{flag}',
  cause:
    'runsc was given the flag --{flag}, which this release{yours} does not know, and no release of runsc is known to have it: it is misspelt or belongs to another runtime.',
  remedy: [
    `Remove or correct --{flag} in ${WHERE}.`,
    'If documentation names it, compare its release with `runsc --version`, and `runsc flags` for what this one knows.',
  ],
};

const MISSPELT: Said = {
  title: 'Unknown flag --{flag}; --{near} is one',
  cause:
    'runsc was given the flag --{flag}, which no release of runsc knows. It comes next to --{near}, so it is probably misspelt.',
  remedy: [
    `Write --{near} in place of --{flag} in ${WHERE}.`,
    '`runsc flags` lists what this release knows; names are told apart by case and by hyphens.',
  ],
};

const NEWER: Said = {
  title: 'Flag --{flag} is newer than this runsc',
  cause:
    'runsc was given the flag --{flag}, which came with {since}: this runsc{yours} is older and does not know it, or is a build without it.',
  remedy: [
    'Update runsc to {since} or later: see which one is started (`runsc --version` of the path in the configuration), an old binary may stand before the new one.',
    `Or remove --{flag} from ${WHERE}.`,
  ],
};

const REMOVED: Said = {
  title: 'Flag --{flag} was removed from runsc',
  cause:
    'runsc was given the flag --{flag}, which existed from {since} on and was removed in {removed}: this runsc{yours} does not know it any more.',
  remedy: [`{instead} The flag is set in ${WHERE}.`],
};

const MISPLACED: Said = {
  title: 'Flag --{flag} stands behind the command {subcommand}',
  cause:
    '--{flag} is a flag of runsc itself and was given behind the command {subcommand}, which does not know it: global flags stand before the command.',
  remedy: [
    'Move --{flag} before {subcommand}: runsc --{flag}=... {subcommand} ID; runsc help {subcommand} lists its own flags.',
  ],
};

const ENGINE: Said = {
  title: 'The engine passes --{flag}, which this runsc does not know',
  cause: 'runsc was given the flag --{flag}. It is not one that somebody wrote into the configuration of runsc: {by}.',
  confidence: 'likely',
  remedy: [],
};

const OF_SHIM: Said = {
  title: 'The shim {binary} does not know the flag --{flag}, which containerd passes',
  cause:
    'The usage text is that of {binary}: containerd starts this shim in place of its own and passes --{flag} (for systemd cgroups: systemd_cgroup = true of the CRI plugin, a setting of containerd for its own shim and runc). The old shim of gVisor does not know it and ends, so that nothing starts.',
  confidence: 'likely',
  remedy: [
    'Take the setting back in /etc/containerd/config.toml (systemd_cgroup = false in [plugins.cri]), and restart containerd.',
    'Better: use the shim of today, containerd-shim-runsc-v1 (runtime_type = "io.containerd.runsc.v1"), which is released with runsc, and set systemd-cgroup = "true" in its runsc.toml if the kubelet uses systemd.',
  ],
};

export const flagUnknown = defineRule({
  id: 'flag-unknown',
  severity: 'high',
  title: 'runsc does not know a flag that it was given',
  remedy: UNKNOWN.remedy,
  needs: ['failures', 'tellings', 'runs'],
  sources: ['Go flag package, runsc/cli/main.go; runsc/config/flags.go of each release'],
  judge({ failures, tellings, runs }) {
    return verdictOf(
      groupErrors(failures, ({ known }) => known === 'flag-unknown').map((group) => {
        const { flag: name = '', subcommand = '' } = group.failure.captures;
        const told = tellingsOf(tellings, ['runsc-release'])[0]?.captures['release'];
        const version = factsOf(group.failure, runs)['version'] || (told ?? '');
        const flag = FLAGS.get(name);
        const passed = PASSED[name];
        const near = flag === undefined && passed === undefined ? nearest(name) : undefined;
        const isKnown = flag === undefined ? false : knows(version, flag);
        const values = {
          yours: version === '' ? '' : ` (${version})`,
          subcommand,
          by: passed?.by ?? '',
          near: near?.name ?? '',
          since: releaseName(flag?.since ?? ''),
          removed: releaseName(flag?.removed ?? ''),
          instead: flag?.instead ?? '',
        };
        const said: Said =
          passed !== undefined
            ? { ...ENGINE, remedy: passed.remedy }
            : flag?.removed !== undefined
              ? REMOVED
              : flag !== undefined && subcommand !== '' && isKnown !== false
                ? MISPLACED
                : flag !== undefined
                  ? NEWER
                  : near !== undefined
                    ? MISSPELT
                    : UNKNOWN;
        const [shim] = tellingsOf(tellings, ['usage-of-shim']);
        if (shim !== undefined) {
          const binary = shim.captures['binary'] ?? '';
          return matchOf({ ...group, evidence: [...group.evidence, shim.evidence] }, OF_SHIM, runs, { binary });
        }
        return matchOf(group, said, runs, values);
      }),
    );
  },
});
