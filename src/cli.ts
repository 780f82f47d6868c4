/** Starts oclif; bundled with it, so that a start loads one file. */
export { execute, flush, handle, run } from '@oclif/core';
