/** The library: everything the command line does, as functions and values. */
export { readEvents, analyze, type Analysis, type Input, type InputProblem, type ReadOptions } from './pipeline.js';
export { summarize, summarizePartially, type PartialOptions, type SummaryOptions } from './summarize.js';
export { merge, mergePartially, type MergeOptions } from './merge.js';
export { diagnose } from './diagnose.js';
export { listRules, showRule } from './catalogue.js';
export { splitArguments, type Argument } from './events/arguments.js';
export { splitNativeArguments } from './events/native-arguments.js';
export { INPUT_FORMATS, type InputFormat } from './events/stream.js';
export { assertNever, isRestart, KINDS } from './model/event.js';
export type * from './model/event.js';
export type * from './model/analyzer.js';
export type * from './model/finding.js';
export type * from './model/partial.js';
export type * from './model/reading.js';
export type * from './model/report.js';
export type * from './model/rule-page.js';
