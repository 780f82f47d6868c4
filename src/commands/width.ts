/** How many columns text may take. */

/** Less is no screen, more cannot be read. */
const LEAST = 40;
const MOST = 160;
/** Of a pipe, a file, or a terminal that does not say. */
const USUAL = 80;

/** What COLUMNS says, as the user's own word; else the terminal. */
export function textWidth({ isTTY, columns }: { readonly isTTY?: boolean; readonly columns?: number }): number {
  const asked = Number(process.env['COLUMNS']);
  // A pseudo terminal may say that it has no columns.
  const wanted = asked > 0 ? Math.floor(asked) : isTTY === true ? columns : undefined;
  return Math.min(Math.max(LEAST, wanted || USUAL), MOST);
}
