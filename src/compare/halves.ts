/** The two halves into which strace(1) breaks a call that others interrupt. */

/** Their arguments as those of a whole call: it is broken where the call had printed all that it knew before its end. */
export function nativeText(first: string, second: string): string {
  if (first === '') return second;
  const isOpen = second === '' || /[,({[]\s*$/.test(first) || /^[,)\]}]/.test(second);
  return isOpen ? `${first}${first.endsWith(',') ? ' ' : ''}${second}` : first + second;
}
