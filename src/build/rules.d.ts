/** The types of rules.js, for the configuration of the tests. */
import type { Plugin } from 'vite';

export declare const rulesOfTests: Plugin;
