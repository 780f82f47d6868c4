/** The types of wasm.js, for the configuration of the tests. */
import type { Plugin } from 'vite';

export declare const wasmOfTests: Plugin;
