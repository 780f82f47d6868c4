/** The page about the language of rules, made of what the language itself says of its events and fields. */
import { RULE_FIELDS } from '../../src/anomaly/fields.js';
import { EVENTS } from '../../src/anomaly/moment.js';

const HEAD = `# The language of rules

Each file here holds rules of one category; the folder is the registry. A file of your own has the same form
(\`runsight scan --rules FILE\`), and can use the lists and macros of [lists.yaml](lists.yaml). \`runsight rules lint FILE\` tells
every error with line and column, \`runsight rules test FILE\` runs the tests. This page is made of the code.

## A file

| key        | holds                                                                                             |
| ---------- | ------------------------------------------------------------------------------------------------- |
| \`category\` | of its rules; \`own\` without                                                                       |
| \`lists\`    | names of words, for \`program in $name\`; a list may name others                                    |
| \`macros\`   | names of conditions, for use in conditions; one may use others                                    |
| \`rules\`    | the rules                                                                                         |

## A rule

| key                                        | says                                                                                                   |
| ------------------------------------------ | ------------------------------------------------------------------------------------------------------ |
| \`id\`, \`title\`, \`severity\`                  | needed; critical, high, medium, low or info                                                            |
| \`on\`                                       | the event that it is about (below); \`exit\`, a call that came back, without                             |
| \`when\`                                     | the condition                                                                                          |
| \`any\`                                      | several clauses instead, each with \`on\`, \`when\`, \`threshold\`, \`sequence\`, and its own severity and message |
| \`threshold\`                                | how often: \`by\` (fields that part the counts), \`within\`, \`count\`, \`distinct\`, \`share\` of these, \`all\`, \`minus\`, \`reset\` |
| \`sequence\`                                 | one after the other: \`within\`, \`same\` (fields that must be equal), \`steps\`, each with \`on\` and \`when\`      |
| \`variants\`                                 | other severities, each with \`when\`                                                                     |
| \`key\`                                      | fields whose values make two findings one; without, what the message says                              |
| \`message\`                                  | what happened: \`{field}\`; what stands in \`[...]\` is left out where its field has no value; of \`[reads\\|tried to read]\` the second is said of a call that failed, with its error |
| \`counts\`                                   | \`most\`: the clauses of \`any\` are about the same happenings, and how often is what one of them says; without, all are added up |
| \`cites\`                                    | records of the past that prove it, too: exec, parent, fork, accept, listen, socket, made, carries, memfd, terminal |
| \`explains\`                                 | rules whose findings in the same processes, and their relatives, become parts of this one; its own id: those of lower severity |
| \`includes\`                                 | rules whose findings in the very same process do, unless they are worse                                |
| \`needs\`                                    | \`debug\`: records of debug level                                                                        |
| \`description\`, \`false_positives\`, \`look\`   | what it means and how to tune it, who does it lawfully, what to look at next                           |
| \`attack\`, \`k8s_matrix\`                     | techniques of ATT&CK, cells of the Kubernetes threat matrix                                            |
| \`tests\`                                    | \`fires\` and \`quiet\`: lines of a log; \`+30s\` moves the clock on, \`x40: LINE\` is a line 40 times            |

A condition compares fields (\`==\`, \`!=\`, \`<\`, \`<=\`, \`>\`, \`>=\`, \`in (a, b)\`, \`in $list\`, \`startsWith\`, \`endsWith\`, \`contains\`,
\`matches\`, \`imatches\`, \`under\`, \`exists\`) and joins with \`and\`, \`or\`, \`not\` and parentheses. A field without a value fits no
comparison. Of a list (\`argv\`, \`ancestors\`) one fitting element is enough. \`under\` is for paths: \`target under (/etc, /root)\`.
`;

/** \`- \`name\` (type): what it is\`, sorted by name; prettier would change nothing. */
export function ruleLanguage(): string {
  const events = Object.entries(EVENTS).map(([name, says]) => `- \`${name}\`: ${says}`);
  const fields = [...RULE_FIELDS.values()]
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, type, says }) => `- \`${name}\` (${type}): ${says}`);
  return [HEAD, `## Events\n\n${events.join('\n')}\n`, `## Fields\n\n${fields.join('\n')}\n`].join('\n');
}
