/** The registry of views: what `summary --by` can show. */
import type { View } from '../view.js';
import type { ViewName } from '../index.js';
import { classView } from './class.js';
import { containerView } from './container.js';
import { errnoView } from './errno.js';
import { fileView } from './file.js';
import { histogramView } from './histogram.js';
import { processView } from './process.js';
import { recordView } from './record.js';
import { secondView } from './second.js';
import { socketView } from './socket.js';
import { syscallView } from './syscall.js';
import { threadView } from './thread.js';

/** A view of whatever rows: they are handed from its `rows` to its columns, and nobody else looks at them. */
// oxlint-disable-next-line typescript/no-explicit-any
export type AnyView = View<any>;

export const VIEW: Readonly<Record<ViewName, AnyView>> = {
  syscall: syscallView,
  process: processView,
  thread: threadView,
  container: containerView,
  file: fileView,
  socket: socketView,
  errno: errnoView,
  class: classView,
  second: secondView,
  histogram: histogramView,
  record: recordView,
};
