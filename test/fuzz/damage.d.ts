/** Types of damage.js, which plain node runs, too. */
export function chance(seed: number): () => number;
export function garbage(length: number, random: () => number): Buffer;
export function damaged(bytes: Buffer, random: () => number): Buffer;
export function chunkSizes(random: () => number): () => number;
