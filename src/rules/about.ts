/** What an error that no rule knows is about, by the words of its innermost parts. */
import { splitChain } from '../../grammars/errors.js';
import { subjectOf } from '../../grammars/subjects.js';
import { replyOf } from '../knowledge/replies.js';

/** A structure that is printed whole: its field names say nothing of what the error is about. */
const DUMPED = /\{[^{}]{0,2048}\}/g;

/** Id in knowledge/subjects.ts; empty where no words tell. */
export function subjectOfError(error: string): string {
  // what the host answered (`no such device`) tells nothing of what it was asked
  const parts = splitChain(error)
    .filter((part) => replyOf(part)?.text !== part)
    .map((part) => part.replace(DUMPED, ''));
  return subjectOf(parts) ?? '';
}
