/** Metrics, trace sessions and the settings that a pod starts with: what watches a sandbox keeps it from starting. */
import { defineRule } from '../rule.js';

export const monitoringUnusable = defineRule({
  id: 'monitoring-unusable',
  severity: 'high',
  title: 'Metrics or trace sessions cannot be set up',
  needs: ['failures', 'runs'],
  sources: ['runsc/boot/loader.go', 'runsc/cmd/trace, pkg/sentry/seccheck', 'pkg/metric'],
  when: {
    'trace-session-refused': {
      title: 'The trace session was refused',
      cause:
        "A session of the sentry's event tracing (runsc trace create, or --pod-init-config) was not made: {error}. A point, a field or a sink that this release does not know, or a collector that does not listen on its socket, is refused.",
      confidence: 'likely',
      remedy: [
        'Compare the file with runsc trace metadata, which lists the points, fields and sinks of this release.',
        'Start the collector first; ignore_setup_error in the entry of the sink lets the sandbox start without it.',
      ],
    },
    'pod-init-unusable': {
      title: 'The file of --pod-init-config cannot be used',
      cause:
        'Sandboxes are to start with the trace session of --pod-init-config, and that file cannot be read: {error}.',
      remedy: ['Correct path and JSON of --pod-init-config, or leave the flag out of the runtime arguments.'],
    },
    'metrics-unknown': {
      title: '--profiling-metrics names metrics that cannot be taken',
      cause: 'The metrics that --profiling-metrics lists cannot be recorded: {error}.',
      remedy: [
        'runsc metric-metadata and runsc help list what there is; correct the names, or leave --profiling-metrics out.',
      ],
    },
    'metrics-unwritable': {
      title: 'The final metrics could not be written',
      cause:
        'At its end the sandbox was to write its metrics to the file of --final-metrics-log, which failed: {error}. The program had ended by then.',
      severity: 'medium',
      tier: 'aftermath',
      leads: 'degraded',
      remedy: ['Make the directory of --final-metrics-log and give it room, or leave the flag out.'],
    },
  },
});
