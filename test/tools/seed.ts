/**
 * The seed of all properties: one and the same, so that a failure is the change's and not the day's. RUNSIGHT_SEED tries
 * another; `npm run fuzz` tries new ones for as long as it is given.
 */
import fc from 'fast-check';

export const SEED = Number(process.env['RUNSIGHT_SEED'] ?? 20211019);

fc.configureGlobal({ seed: SEED });
