/** Saving or restoring a container is refused. */
import { matchesOfSentences } from '../notes.js';
import { defineRule, groupErrors, matchOf, verdictOf, type Said, type Sayings } from '../rule.js';

const SAME_RELEASE =
  'Restore with the release of runsc that made the checkpoint (keep that binary beside the new one), or make a new checkpoint with this release.';

const ERRORS: Sayings = {
  'checkpoint-path-missing': {
    title: 'No directory for the checkpoint is named',
    cause: 'runsc {process|checkpoint or restore} was not told where the checkpoint is: --image-path is missing.',
    remedy: [
      'Add --image-path=DIR behind the command (runsc checkpoint --image-path=DIR ID, runsc restore --image-path=DIR ID); with Docker, docker checkpoint create and docker start --checkpoint name it.',
    ],
  },
  'checkpoint-file-unusable:no such file or directory': {
    title: 'There is no checkpoint at {path|the path that was named}',
    cause:
      'runsc was to read the saved state from {path|--image-path}, and there is no such file: --image-path names a directory without a checkpoint in it (a typing error, a relative path from another directory, a checkpoint that was never finished or has been removed).',
    remedy: [
      'ls -l of the directory that --image-path names: a checkpoint is a file checkpoint.img, beside which newer releases write pages.img and pages_meta.img.',
      'Name the directory, not the file, and by an absolute path; on another host or in another mount namespace copy or mount it there first.',
    ],
  },
  'checkpoint-file-unusable:file exists': {
    title: 'There is a checkpoint already at {path|the path that was named}',
    cause:
      'runsc was to write the saved state to {path|--image-path}, where a file stands already; it does not overwrite one.',
    remedy: ['Name an empty directory with --image-path, or remove the older checkpoint.'],
  },
  'checkpoint-file-unusable': {
    title: 'The checkpoint file cannot be used: {errno}',
    cause: 'The file of the saved state, {path|in the directory of --image-path}, cannot be opened: {errno}.',
    remedy: ['Look at rights and free space of the directory that --image-path names (ls -ld, df -h).'],
  },
  'checkpoint-empty': {
    title: 'The checkpoint is empty',
    cause:
      'The file of the saved state holds nothing: the checkpoint was broken off (no space, a kill), or another process still writes it.',
    remedy: ['Make the checkpoint again and wait until that command ends well; look at free space (df -h).'],
  },
  'checkpoint-release-differs': {
    title: 'The checkpoint was made by another release of runsc',
    cause:
      'The checkpoint was made by runsc {saved} and is to be restored by {current}; the saved state of one release is not that of another.',
    remedy: [SAME_RELEASE],
  },
  'checkpoint-spec-differs': {
    title: 'The container to restore has another spec than the saved one',
    cause:
      'The spec of container {container|to be restored} differs from that of the checkpoint in {field|one of its fields}: {saved|one value} was saved, {current|another} is given.',
    remedy: [
      'Give the same config.json as at the checkpoint: arguments, environment, mounts and the names of containers.',
      'If the difference does no harm, --restore-spec-validation=warning or =ignore restores all the same (since release 20250127.0).',
    ],
  },
  'checkpoint-processor-differs': {
    title: 'This processor lacks features that the saved programs use',
    cause:
      'The checkpoint was made on a processor with features that this one lacks ({error}); the programs in it chose their code by them.',
    remedy: [
      'Restore on a processor of the same or a newer generation; in virtual machines give all hosts one common processor model.',
    ],
  },
  'checkpoint-containers-differ': {
    title: 'The number of containers differs from the checkpoint',
    cause: 'The sandbox to restore holds another number of containers than the saved one: {error}.',
    remedy: ['Create and restore every container of the pod, in the order in which they were created.', SAME_RELEASE],
  },
  'checkpoint-network-unsupported': {
    title: 'A sandbox on the network of the host cannot be saved',
    cause:
      'The sandbox uses {network} networking: its sockets belong to the kernel of the host, and runsc cannot save those.',
    remedy: ['Run the container with --network=sandbox (the default), or without network, if it is to be saved.'],
  },
  'checkpoint-network-differs': {
    title: 'The checkpoint was made with another kind of network',
    cause: 'The checkpoint was made with {saved} networking and is to be restored with {current}.',
    remedy: ['Restore with --network={saved}.'],
  },
  'checkpoint-state-wrong': {
    title: 'A container that is {state} cannot be restored',
    cause: 'A restore needs a sandbox that was created and has not run; this one is {state}.',
    remedy: ['Create a new container for the restore, or call runsc restore with an id that is not in use.'],
  },
  'checkpoint-restored-already': {
    title: 'This container was restored already, or its restore is still going on',
    cause: 'A second restore was asked of the same sandbox: {error}. A restore can be done once in a fresh sandbox.',
    remedy: ['runsc state ID; to restore again delete the container and call runsc restore with a new one.'],
  },
  'checkpoint-root-first': {
    title: 'The sandbox has to be restored before the containers in it',
    cause:
      'A container of a pod was to be restored in a sandbox that was started in the ordinary way: {error}. The first container (the sandbox, pause) has to be restored first, from the same checkpoint.',
    remedy: [
      'Restore the first container of the pod with runsc restore, too, and then the others, in the order of their creation.',
    ],
  },
  'checkpoint-image-foreign': {
    title: 'The file is no checkpoint of runsc, or a damaged one',
    cause:
      'What stands in checkpoint.img does not begin as a saved state of runsc does: {error}. It is a checkpoint of another runtime (CRIU, as runc and podman make it), was cut short or packed (tar, gzip) on the way, or was written by a release with another format.',
    remedy: [
      'Name the directory that runsc checkpoint wrote, unpacked, and compare sizes with the original (ls -l, sha256sum).',
      SAME_RELEASE,
    ],
  },
  'checkpoint-names-differ': {
    title: 'The containers to restore do not have the names of the saved ones',
    cause:
      'Containers of a pod are matched with the checkpoint by name (annotation io.kubernetes.cri.container-name), and the names do not fit: {error}.',
    remedy: [
      'Give each container the name that it had at the checkpoint, or map it with the annotation dev.gvisor.container-name-remap.N: "NEW=SAVED".',
      'Restore as many containers as were saved, each once.',
    ],
  },
  'checkpoint-cores-differ': {
    title: 'The checkpoint was made with {saved} processors and cannot be restored with {current}',
    cause:
      'A platform that binds tasks to processors of the host (as at the checkpoint) cannot get more of them at the restore: {saved} were saved, {current} are given.',
    remedy: [
      'Restore with at most {saved} processors (linux.resources.cpu of the spec, docker --cpus), or make a new checkpoint.',
    ],
  },
  'checkpoint-format-differs': {
    title: 'The saved state does not have the form that this runsc reads',
    cause:
      'The saved state is read object by object, with the types and fields that this build of runsc has, and it does not fit: {error}. It was made by another release, another build (with other plug-ins), or for another architecture, or the file is damaged.',
    confidence: 'likely',
    remedy: [
      SAME_RELEASE,
      'Compare runsc --version and uname -m on both sides, and the sizes and sums (sha256sum) of checkpoint.img, pages.img and pages_meta.img.',
      'With the same release on both sides it is a defect: update, and report it with the whole error.',
    ],
  },
  'checkpoint-unsavable': {
    title: 'Something that the programs hold cannot be saved',
    cause:
      'The checkpoint stopped at something outside of the sandbox, or tied to it: {error}. Pipes and terminals of the host, files of mounts that runsc cannot name again, and mappings of devices are of that kind.',
    confidence: 'likely',
    remedy: [
      'Start the container detached (no terminal, standard streams to files), end exec sessions and what uses devices before the checkpoint.',
      'Update runsc: later releases save more kinds of objects.',
    ],
  },
  'checkpoint-mounts-differ': {
    title: 'The container to restore has other mounts than the saved one',
    cause: 'The saved sandbox had a mount for which the restore brings nothing: {error}.',
    remedy: [
      'Restore with the same mounts (destinations, kinds, order), the same --overlay2 and --file-access, and the same names of containers as at the checkpoint.',
    ],
  },
  'files-checkpoint-unusable': {
    title: 'The checkpoint of the file systems cannot be used',
    cause:
      'File systems of the sandbox (tmpfs, overlays) are to be saved or restored apart from the programs, and that failed: {error}. The directory must hold all four files (manifest, multi-tar, pages and their metadata) of one checkpoint, made by a release that this one understands.',
    remedy: [
      'ls -l of the directory of the checkpoint, and compare it with the one that was written; make it anew where a file is missing or short.',
      'Paths are written as /path or container:/path, joined by commas.',
    ],
  },
  'checkpoint-descriptor-missing': {
    title: 'A restore misses a file descriptor of the host that the saved sandbox had',
    cause:
      'The saved sandbox held the descriptor {name}, which came from the host: the standard streams of the container, or of a runsc exec (docker exec, kubectl exec) that was open at the checkpoint. The restore was given others ({map|their list is not printed}), and a process that needs the missing one cannot be restored.',
    remedy: [
      'End every exec session before the checkpoint (bash in another terminal, probes that use exec), and restore with the same standard streams (with or without a terminal) as the saved container had.',
    ],
  },
  'checkpoint-memory-differs': {
    title: 'The restore was given other memory files than the checkpoint holds',
    cause:
      'Each tmpfs mount and overlay with a file of its own has a memory file in the checkpoint, and the restore has to bring the same ones ({error|the message lists both}). The spec of the container to restore has other mounts, mount hints or --overlay2 settings than the saved one.',
    remedy: [
      'Restore with the same config.json (mounts, their annotations dev.gvisor.spec.mount, names of containers) and the same --overlay2 as at the checkpoint.',
      'Compare both lists in the error: what stands in one only is the mount that differs.',
      'A volume that several containers share (dev.gvisor.spec.mount.NAME.share: pod) has one memory file, owned by the container that mounted it first: releases differ in whether each container is expected to bring one. Update runsc on both sides and make the checkpoint anew, or keep that volume out of the overlay (a plain bind mount, --overlay2=root:...).',
    ],
  },
  'checkpoint-memory-differs:unlisted': {
    title: 'The restore and the checkpoint disagree about private memory files',
    cause:
      'Each container, tmpfs mount and overlay with a file of its own has a private memory file in the checkpoint, and the restore has to bring the same set. Here the sets differ, and the text does not show how: either the spec of the container to restore has other mounts, mount hints or --overlay2 settings than the saved one, or this release of runsc counts them differently at checkpoint and restore (containers added to a pod and shared volumes above all), which is a defect that some releases have.',
    confidence: 'likely',
    remedy: [
      'Update runsc on both sides to a newer release (or go back to the one before, if it came with an update), and make the checkpoint anew: one of another release does not fit.',
      'Restore with the same config.json (mounts, annotations dev.gvisor.spec.mount, names of containers) and the same --overlay2 as at the checkpoint.',
      'If it stays, report it at github.com/google/gvisor/issues with the whole error, which lists both sets.',
    ],
  },
  'checkpoint-deleted-unsavable': {
    title: 'An open, deleted directory or special file cannot be saved: {path|}',
    cause:
      'A program holds {path|a file} open (or works in it), which has been deleted from a file system of the host; the checkpoint can save deleted regular files only: {error}. Files reach the host where no overlay lies over the root (--overlay2=none), or in volumes.',
    remedy: [
      'Leave the root overlay on (the default; do not set --overlay2=none): what is deleted in the overlay is saved with it.',
      'End the program that holds it before the checkpoint (a dockerd in the sandbox that tried its storage drivers leaves such directories), or put its data on tmpfs.',
      'Update runsc: releases since spring 2025 save deleted files of the host file system, too.',
    ],
  },
  'checkpoint-deleted-unrestorable': {
    title: 'A deleted file of the checkpoint cannot be made again: {path}',
    cause:
      'At the checkpoint a program held {path} open, which had been deleted. The restore makes it again in the file system of the host for a moment, and failed: {errno}. The root file system or volume is not in the state that it had at the checkpoint.',
    remedy: [
      'Restore on the same state of the root file system and volumes as at the checkpoint (nothing added, nothing missing); the file {path} must not be there.',
      'Or keep the root overlay on (no --overlay2=none): then the changes of the root are a part of the checkpoint.',
    ],
  },
  'checkpoint-files-differ': {
    title: 'The file system of the restore is not that of the checkpoint',
    cause:
      'The restore opens the files that were open at the checkpoint, in file systems of type {type}, and failed: {error}. A file is missing, has another size or change time, or the mount has another source.',
    remedy: [
      'Restore with the same root file system and volumes, in the same state as at the checkpoint.',
      'Keep the root overlay on (no --overlay2=none): then the changes of the root are a part of the checkpoint.',
    ],
  },
  'checkpoint-failed': {
    cause: 'runsc could not save or restore the container: {cause}.',
    remedy: [
      'Restore with the same release, the same spec and the same kind of network that the checkpoint was made with, on a processor with the same features.',
      'Resources outside of the sandbox cannot be saved (host network, open connections, GPU objects): end them before the checkpoint.',
    ],
  },
};

/** What the sandbox itself says. */
const LINES: Readonly<Record<string, Said>> = {
  'save-failed': {
    title: 'Saving the sandbox failed, and it ends',
    cause:
      'The sandbox could not write its state ({error|no reason is given}) and ends: after a save that broke off it is in no state to go on.',
    leads: 'sandbox-crash',
    remedy: [
      'Look at free space and rights of the directory of the checkpoint; end what cannot be saved first (sockets of the host, GPU objects, terminals).',
      'Start the container anew, or restore an older checkpoint.',
    ],
  },
  'restore-killed': {
    title: 'The sandbox ended itself after a restore that was not complete',
    cause:
      'The programs had been restored, and what follows ({work}) failed: {error}. A sandbox with a part of its memory missing cannot go on, so it is killed.',
    confidence: 'likely',
    leads: 'failed-start',
    remedy: [
      'Look at the file of the pages (pages.img): whole, readable until the restore is over, on storage that delivers (dmesg); do not delete the image while pages are still loaded in the background.',
      'Restore without --background, and with the release that made the checkpoint.',
    ],
  },
  'restore-ended': {
    title: 'A restore failed, and the command that waits for the container ends with it',
    cause:
      'The sandbox reports that its restore failed; the reason stands in an earlier record, or in the answer that the command got.',
    confidence: 'possible',
    tier: 'symptom',
    leads: 'inconclusive',
    remedy: ['Read the boot log above this record, and the error of runsc restore.'],
    collect: ['the log of runsc restore and the whole boot log of the sandbox'],
  },
};

export const checkpointFailed = defineRule({
  id: 'checkpoint-failed',
  severity: 'high',
  title: 'A checkpoint or restore failed',
  remedy: ERRORS['checkpoint-failed']?.remedy ?? [],
  needs: ['failures', 'sentences', 'runs'],
  sources: [
    'runsc/boot/controller.go, runsc/boot/restore.go',
    'runsc/cmd/checkpoint.go, restore.go',
    'runsc/sandbox/sandbox.go',
  ],
  judge(products) {
    const { failures, runs } = products;
    const errors = groupErrors(failures, ({ known }) => known !== null && ERRORS[known] !== undefined).map((group) => {
      const { known, captures } = group.failure;
      const isUnlisted = known === 'checkpoint-memory-differs' && captures['error'] === undefined;
      const variant = isUnlisted ? 'unlisted' : (captures['errno'] ?? '');
      const said = ERRORS[`${known}:${variant}`] ?? ERRORS[known ?? ''];
      return matchOf(group, said as Said, runs, captures['path'] === undefined ? { path: captures['file'] ?? '' } : {});
    });
    return verdictOf(errors.length > 0 ? errors : matchesOfSentences(products, LINES));
  },
});
