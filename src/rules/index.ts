/** The registry: every rule, sorted by id. A rule is added here, in its own file, and in test/rules; nowhere else. */
import { acceleratorUnusable } from './diagnosis/accelerator-unusable.js';
import { applicationCallFailed } from './diagnosis/application-call-failed.js';
import { applicationExit } from './diagnosis/application-exit.js';
import { applicationFault } from './diagnosis/application-fault.js';
import { callInterrupted } from './diagnosis/call-interrupted.js';
import { callStuck } from './diagnosis/call-stuck.js';
import { capabilityUnknown } from './diagnosis/capability-unknown.js';
import { cgroupUnusable } from './diagnosis/cgroup-unusable.js';
import { checkpointFailed } from './diagnosis/checkpoint-failed.js';
import { checkpointObject } from './diagnosis/checkpoint-object.js';
import { checkpointStateBroken } from './diagnosis/checkpoint-state-broken.js';
import { cleanupIncomplete } from './diagnosis/cleanup-incomplete.js';
import { commandFailed } from './diagnosis/command-failed.js';
import { commandRefused } from './diagnosis/command-refused.js';
import { consoleMissing } from './diagnosis/console-missing.js';
import { containerIdExists } from './diagnosis/container-id-exists.js';
import { containerIdInvalid } from './diagnosis/container-id-invalid.js';
import { containerRunning } from './diagnosis/container-running.js';
import { containerStateWrong } from './diagnosis/container-state-wrong.js';
import { containerUnknown } from './diagnosis/container-unknown.js';
import { controlSocketInUse } from './diagnosis/control-socket-in-use.js';
import { controlSocketLost } from './diagnosis/control-socket-lost.js';
import { descriptorsWrong } from './diagnosis/descriptors-wrong.js';
import { endUnknown } from './diagnosis/end-unknown.js';
import { endedWell } from './diagnosis/ended-well.js';
import { environmentInvalid } from './diagnosis/environment-invalid.js';
import { errorTold } from './diagnosis/error-told.js';
import { featureMissing } from './diagnosis/feature-missing.js';
import { filestoreDirectoryMissing } from './diagnosis/filestore-directory-missing.js';
import { filestoreNotCreatable } from './diagnosis/filestore-not-creatable.js';
import { filestoreStale } from './diagnosis/filestore-stale.js';
import { flagAnnotationUnknown } from './diagnosis/flag-annotation-unknown.js';
import { flagConflict } from './diagnosis/flag-conflict.js';
import { flagOverrideDenied } from './diagnosis/flag-override-denied.js';
import { flagUnknown } from './diagnosis/flag-unknown.js';
import { flagValueInvalid } from './diagnosis/flag-value-invalid.js';
import { forgedRecords } from './diagnosis/forged-records.js';
import { goferLost } from './diagnosis/gofer-lost.js';
import { gpuCallUnknown } from './diagnosis/gpu-call-unknown.js';
import { hookFailed } from './diagnosis/hook-failed.js';
import { hostFileRefused } from './diagnosis/host-file-refused.js';
import { hostKernelOld } from './diagnosis/host-kernel-old.js';
import { hostSettingsUnsuitable } from './diagnosis/host-settings-unsuitable.js';
import { hostTasksMany } from './diagnosis/host-tasks-many.js';
import { kvmGuestFailed } from './diagnosis/kvm-guest-failed.js';
import { logCut } from './diagnosis/log-cut.js';
import { logIncomplete } from './diagnosis/log-incomplete.js';
import { logUnwritable } from './diagnosis/log-unwritable.js';
import { memoryKill } from './diagnosis/memory-kill.js';
import { monitoringUnusable } from './diagnosis/monitoring-unusable.js';
import { mountDestinationRelative } from './diagnosis/mount-destination-relative.js';
import { mountFailed } from './diagnosis/mount-failed.js';
import { mountKindMismatch } from './diagnosis/mount-kind-mismatch.js';
import { mountOptionsInvalid } from './diagnosis/mount-options-invalid.js';
import { mountPointMissing } from './diagnosis/mount-point-missing.js';
import { mountSourceMissing } from './diagnosis/mount-source-missing.js';
import { mountSymlink } from './diagnosis/mount-symlink.js';
import { mountTypeUnknown } from './diagnosis/mount-type-unknown.js';
import { namespaceMissing } from './diagnosis/namespace-missing.js';
import { nestedEngine } from './diagnosis/nested-engine.js';
import { networkNamespaceRoot } from './diagnosis/network-namespace-root.js';
import { networkSetupFailed } from './diagnosis/network-setup-failed.js';
import { overlayFailed } from './diagnosis/overlay-failed.js';
import { platformUnusable } from './diagnosis/platform-unusable.js';
import { podSandboxMissing } from './diagnosis/pod-sandbox-missing.js';
import { programFormatForeign } from './diagnosis/program-format-foreign.js';
import { programHint } from './diagnosis/program-hint.js';
import { programInterpreterMissing } from './diagnosis/program-interpreter-missing.js';
import { programMissing } from './diagnosis/program-missing.js';
import { programNotExecutable } from './diagnosis/program-not-executable.js';
import { programNotInPath } from './diagnosis/program-not-in-path.js';
import { programNotLoaded } from './diagnosis/program-not-loaded.js';
import { programTrouble } from './diagnosis/program-trouble.js';
import { resolverUnreachable } from './diagnosis/resolver-unreachable.js';
import { rlimitUnknown } from './diagnosis/rlimit-unknown.js';
import { rootfsMissing } from './diagnosis/rootfs-missing.js';
import { rootfsUnreadable } from './diagnosis/rootfs-unreadable.js';
import { runtimeNotRegistered } from './diagnosis/runtime-not-registered.js';
import { runtimeOther } from './diagnosis/runtime-other.js';
import { runtimePathUnwritable } from './diagnosis/runtime-path-unwritable.js';
import { sandboxLockWait } from './diagnosis/sandbox-lock-wait.js';
import { sandboxPrivileges } from './diagnosis/sandbox-privileges.js';
import { sandboxStartHang } from './diagnosis/sandbox-start-hang.js';
import { sandboxStopHang } from './diagnosis/sandbox-stop-hang.js';
import { sandboxVanished } from './diagnosis/sandbox-vanished.js';
import { seccompKill } from './diagnosis/seccomp-kill.js';
import { seccompProfileRefusal } from './diagnosis/seccomp-profile-refusal.js';
import { sentryMemory } from './diagnosis/sentry-memory.js';
import { sentryPanic } from './diagnosis/sentry-panic.js';
import { settingDoubtful } from './diagnosis/setting-doubtful.js';
import { sharedMemoryMode } from './diagnosis/shared-memory-mode.js';
import { shimFailed } from './diagnosis/shim-failed.js';
import { specArgsEmpty } from './diagnosis/spec-args-empty.js';
import { specFieldMissing } from './diagnosis/spec-field-missing.js';
import { specMalformed } from './diagnosis/spec-malformed.js';
import { specUnreadable } from './diagnosis/spec-unreadable.js';
import { specValueUnsupported } from './diagnosis/spec-value-unsupported.js';
import { stackLogged } from './diagnosis/stack-logged.js';
import { startEcho } from './diagnosis/start-echo.js';
import { startStalled } from './diagnosis/start-stalled.js';
import { startSurroundings } from './diagnosis/start-surroundings.js';
import { stubFault } from './diagnosis/stub-fault.js';
import { stubLost } from './diagnosis/stub-lost.js';
import { tasksDeadlocked } from './diagnosis/tasks-deadlocked.js';
import { troubleNoted } from './diagnosis/trouble-noted.js';
import { unrecognisedError } from './diagnosis/unrecognised-error.js';
import { unsupportedNotice } from './diagnosis/unsupported-notice.js';
import { userFault } from './diagnosis/user-fault.js';
import { userUnknown } from './diagnosis/user-unknown.js';
import { volumeUnmounted } from './diagnosis/volume-unmounted.js';
import { watchdogStuckTasks } from './diagnosis/watchdog-stuck-tasks.js';
import { workingDirectoryUnusable } from './diagnosis/working-directory-unusable.js';
import type { Rule } from './rule.js';

export const DIAGNOSIS_RULES: readonly Rule[] = [
  acceleratorUnusable,
  applicationCallFailed,
  applicationExit,
  applicationFault,
  callInterrupted,
  callStuck,
  capabilityUnknown,
  cgroupUnusable,
  checkpointFailed,
  checkpointObject,
  checkpointStateBroken,
  cleanupIncomplete,
  commandFailed,
  commandRefused,
  consoleMissing,
  containerIdExists,
  containerIdInvalid,
  containerRunning,
  containerStateWrong,
  containerUnknown,
  controlSocketInUse,
  controlSocketLost,
  descriptorsWrong,
  endUnknown,
  endedWell,
  environmentInvalid,
  errorTold,
  featureMissing,
  filestoreDirectoryMissing,
  filestoreNotCreatable,
  filestoreStale,
  flagAnnotationUnknown,
  flagConflict,
  flagOverrideDenied,
  flagUnknown,
  flagValueInvalid,
  forgedRecords,
  goferLost,
  gpuCallUnknown,
  hookFailed,
  hostFileRefused,
  hostKernelOld,
  hostSettingsUnsuitable,
  hostTasksMany,
  kvmGuestFailed,
  logCut,
  logIncomplete,
  logUnwritable,
  memoryKill,
  monitoringUnusable,
  mountDestinationRelative,
  mountFailed,
  mountKindMismatch,
  mountOptionsInvalid,
  mountPointMissing,
  mountSourceMissing,
  mountSymlink,
  mountTypeUnknown,
  namespaceMissing,
  nestedEngine,
  networkNamespaceRoot,
  networkSetupFailed,
  overlayFailed,
  platformUnusable,
  podSandboxMissing,
  programFormatForeign,
  programHint,
  programInterpreterMissing,
  programMissing,
  programNotExecutable,
  programNotInPath,
  programNotLoaded,
  programTrouble,
  resolverUnreachable,
  rlimitUnknown,
  rootfsMissing,
  rootfsUnreadable,
  runtimeNotRegistered,
  runtimeOther,
  runtimePathUnwritable,
  sandboxLockWait,
  sandboxPrivileges,
  sandboxStartHang,
  sandboxStopHang,
  sandboxVanished,
  seccompKill,
  seccompProfileRefusal,
  sentryMemory,
  sentryPanic,
  settingDoubtful,
  sharedMemoryMode,
  shimFailed,
  specArgsEmpty,
  specFieldMissing,
  specMalformed,
  specUnreadable,
  specValueUnsupported,
  stackLogged,
  startEcho,
  startStalled,
  startSurroundings,
  stubFault,
  stubLost,
  tasksDeadlocked,
  troubleNoted,
  unrecognisedError,
  unsupportedNotice,
  userFault,
  userUnknown,
  volumeUnmounted,
  watchdogStuckTasks,
  workingDirectoryUnusable,
];
