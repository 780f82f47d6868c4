/** Who speaks in a loose line: a program that prints an error, or a person who tells of it. By its form alone. */

/** Words with which people begin a sentence, and programs no message. */
const OPENING =
  /^(?:[-*>#•]{1,3} {1,3}|\d{1,2}[.)] )?(?:(?:I|I'm|I've|I'd|We|We're|You|It|It's|This|That|These|Those|There|When|Whenever|While|If|After|Before|Since|Because|As|But|And|So|However|Also|Although|Though|Sometimes|Now|Then|Here|Any|Does|Do|Did|Is|Are|Was|Can|Could|Should|How|What|Why|Which|Who|Thanks?|Hi|Hello|Hey|Please|My|Our|The|For|On|In|At|With|Without|Using|Try|Trying|Tried|Running|Steps|Note|Tested|Seems|Looks|Unfortunately|Meanwhile|Only|Even|Both|Some|Same|Just|Once|Where) [a-z0-9`"'(A-Z]|(?:i|we|it|this|that|there|when|but|and|so|did not find|does not seem|not sure) )/;
/** Words of telling: they speak of the teller, or judge what was seen. */
const OF_TELLER =
  /\b(?:I|we|my|our|us|I'm|I've|tried|trying|noticed|noticing|wondering|seems?|looks? like|looked|works? (?:fine|well|ok|okay|correctly|as expected)|expected|reproduc\w+|workaround|please|thanks|unfortunately|sometimes|apparently|probably|maybe|likely|actually|indefinitely|clues?|attached|following|above|below|got|getting|saw|see(?:ing)?|happens?|cannot|can't|ends? up|fails with|failed with|for example|e\.g\.|because|although|whereas|while|again|instead|default)\b/gi;
/** Words of everyday language between others, as no message strings them together. */
const SMALL =
  /\b(?:the|a|an|of|with|to|in|on|is|are|was|it|but|and|or|not|for|that|which|when|from|at|by|be|has|have)\b/gi;

const NAMED =
  /^\s{0,16}(?:[\w./+-]{1,80}(?:\[\d{1,10}\]| \([\w -]{1,32}\))?: \S|[IWEFD]\d{4} |\[?(?:ERROR|ERRO|FATAL|FATA|WARN|WARNING|PANIC)\b|[\w.]{0,80}(?:Error|Exception)(?::|\b)|Warning {2,}|time="|\{"|E: |Traceback|Caused by)/;
const FIELDS = /\b(?:level|msg|error|err|reason|code|errno)=\S|"(?:msg|error|err|level)": ?"|\brpc error: |\bdesc = /;
const LABEL =
  /\b(?:FATAL ERROR|[Ee]rror response from daemon|OCI runtime \w+ failed|panic|fatal error|[Ee]rror|ERROR): \S/;
/** How the C library and Go end an error. */
const ANSWER =
  /(?:permission denied|not permitted|no such (?:file or directory|device(?: or address)?|process)|invalid argument|not (?:implemented|supported)|file exists|broken pipe|connection (?:refused|reset by peer|timed out)|device or resource busy|resource temporarily unavailable|cannot allocate memory|no space left on device|read-only file system|(?:bad|inappropriate) [a-z ]{3,40}|too many [a-z ]{3,40}|input\/output error|exec format error|\bEOF|deadline exceeded|exit status \d{1,3}|not found|not a directory|is a directory|address already in use|unreachable|interrupted system call|unknown)\)?["'`.]{0,3}\s*$/i;

/** How much speaks for a program's message. */
function messageSigns(line: string): number {
  const parts = line.split(/: (?=\S)/).length - 1;
  return (
    (NAMED.test(line) ? 2 : 0) +
    (FIELDS.test(line) ? 2 : 0) +
    (LABEL.test(line) ? 1 : 0) +
    (ANSWER.test(line) ? 2 : 0) +
    Math.min(parts, 2)
  );
}

/** How much speaks for a person's sentence. */
function sentenceSigns(line: string): number {
  return (
    (OPENING.test(line) ? 2 : 0) +
    Math.min((line.match(OF_TELLER) ?? []).length, 3) +
    ((line.match(SMALL) ?? []).length >= 4 ? 1 : 0) +
    (/[a-z)`"'][.!?,]\s*$/.test(line) || /[a-z]:\s*$/.test(line) ? 1 : 0) +
    (/[a-z]{2}[.?!] [A-Z][a-z]/.test(line) ? 1 : 0)
  );
}

/** Longest beginning of a line that is looked at. */
const LINE_LIMIT = 2048;

/**
 * Is a line a sentence of somebody who tells, and not what a program printed?
 *
 *     When I start it with another platform it works, but with this one I get the error below.
 */
export function isProse(text: string): boolean {
  const line = text.slice(0, LINE_LIMIT);
  const told = sentenceSigns(line);
  return told >= 2 && told > messageSigns(line);
}

/** Each mark with its partner, however short what stands between: so that no gap between two is taken for one. */
const MARKED =
  /`{1,3}([^`\n]{1,600})`{1,3}|"((?:[^"\\\n]|\\.){1,600})"|\u201c([^\u201d\n]{1,600})\u201d|(?<=[\s(:])'([^'\n]{1,600})'/g;
/** No message is shorter. */
const MESSAGE_LENGTH = 12;

/**
 * What a line quotes, between backticks or quotation marks, as long as a message.
 *
 *     The second container fails with `mount submount "/x": no such device` each time.
 */
export function quotedIn(text: string): readonly string[] {
  return [...text.slice(0, LINE_LIMIT).matchAll(MARKED)].flatMap(([, ...groups]) => {
    const quoted = groups.find((one) => one !== undefined)?.trim();
    return quoted === undefined || quoted.length < MESSAGE_LENGTH || !/\S \S/.test(quoted) ? [] : [quoted];
  });
}
