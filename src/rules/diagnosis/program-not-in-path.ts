/** The first argument has no slash, and no directory of PATH holds it. */
import { defineRule, groupErrors, matchOf, verdictOf, type Said } from '../rule.js';

const MISSING: Said = {
  title: '{name} is not in PATH of the container',
  cause:
    'The program {name} is in none of the directories that PATH of the container names ({directories}): the image does not hold it, or PATH lacks its directory.',
  remedy: [
    'Install {name} in the image, or start it with its absolute path.',
    'If it is in the image, add its directory to PATH (ENV PATH in the Dockerfile, process.env in config.json).',
  ],
};

const NO_PATH: Said = {
  title: 'PATH is not set, so that {name} is not found',
  cause:
    'The program {name} has no slash in it, so it is looked for in the directories of PATH, and the environment of the container has no PATH (or an empty one): there is nowhere to look.',
  remedy: [
    'Set PATH in process.env of config.json (ENV PATH in the Dockerfile; exec has --env), mostly to /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin.',
    'Or start {name} with its absolute path.',
  ],
};

/** Tools of the driver: no image holds them. */
const DRIVER: Said = {
  title: "{name} is missing in the container: the GPU driver's files were not put into it",
  cause:
    "{name} is in no directory of PATH ({directories}). It belongs to the driver of the host and is in no image: the hooks of NVIDIA's container toolkit put it, the libraries and the device files into a container that asks for a GPU. They did not do so here: the runtime was started past them (a RuntimeClass of runsc in place of one of the nvidia runtime), NVIDIA_VISIBLE_DEVICES is not set, or the container got no GPU.",
  remedy: [
    'Start runsc with --nvproxy=true, and let the toolkit prepare the container: docker run --gpus=all; on Kubernetes the device plugin with nvidia.com/gpu in the limits of the container, and NVIDIA_VISIBLE_DEVICES and NVIDIA_DRIVER_CAPABILITIES=compute,utility in its environment.',
    'Or let nvidia-container-runtime call runsc: runtimes = ["runsc"] in /etc/nvidia-container-runtime/config.toml (a wrapper that adds --nvproxy), or mount driver libraries by a CDI spec (nvidia-ctk cdi generate).',
    'Compare nvidia-smi on the host with runsc nvproxy list-supported-drivers.',
  ],
};

export const programNotInPath = defineRule({
  id: 'program-not-in-path',
  severity: 'high',
  title: 'The program to run is in no directory of PATH',
  remedy: MISSING.remedy,
  needs: ['failures', 'runs'],
  sources: ['runsc/boot/loader.go, pkg/sentry/fsimpl/user/path.go ResolveExecutablePath'],
  judge: ({ failures, runs }) =>
    verdictOf(
      groupErrors(failures, ({ known }) => known === 'program-not-in-path').map((group) =>
        matchOf(
          group,
          group.failure.captures['name']?.startsWith('nvidia-') === true
            ? DRIVER
            : (group.failure.captures['directories'] ?? 'unknown').trim() === ''
              ? NO_PATH
              : MISSING,
          runs,
        ),
      ),
    ),
});
