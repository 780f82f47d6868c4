/** Names that somebody may have meant by a name that is none: near by edits, or holding its words. */

/** Suggestions, and edits in each three characters that are still a slip of the hand. */
const SUGGESTED = 3;
const PER_EDIT = 3;

/** The nearest first; none where nothing comes near. */
export function nearest(wanted: string, names: readonly string[]): readonly string[] {
  const word = wanted.slice(0, 80).toLowerCase();
  if (word.trim() === '') return [];
  const near = names
    .map((name) => ({ name, edits: edits(word, name) }))
    .filter(({ name, edits: n }) => n <= Math.max(1, Math.floor(word.length / PER_EDIT)) || name.includes(word))
    .toSorted((a, b) => a.edits - b.edits || (a.name < b.name ? -1 : 1));
  // beside one that is near for certain, what is far away is no suggestion
  const limit = Math.max(PER_EDIT, (near[0]?.edits ?? 0) + 1);
  return near
    .filter(({ name, edits: n }) => n <= limit || name.includes(word))
    .slice(0, SUGGESTED)
    .map(({ name }) => name);
}

/** How many insertions, deletions, replacements and neighbours that changed places make one of the other. */
function edits(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwapped ? (before[j - 2] ?? 0) + 1 : replaced;
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, replaced, swapped));
    }
    before = row;
    row = next;
  }
  return row[b.length] ?? 0;
}
