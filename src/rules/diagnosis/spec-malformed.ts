/** config.json cannot be parsed; the record goes on with the whole file. */
import { defineRule, groupErrors, matchOf, verdictOf, type Said } from '../rule.js';

const SYNTAX: Said = {
  cause: '{path|config.json} is not a valid JSON document of an OCI spec: {error}.',
  remedy: [
    'Correct the syntax: `jq . {path|config.json}` shows the place. A comma behind the last entry, a missing bracket and a file that was cut off while it was written are the usual reasons.',
    'If an engine wrote the file, check that the disk is not full and start the container again.',
  ],
};

/** Go's decoder comes to the end before the document does. */
const CUT: Said = {
  title: 'config.json is empty, or was cut off',
  cause:
    '{path|config.json} ends before the JSON document of the spec is complete ({error}): it is empty, or it was cut off while it was written.',
  remedy: [
    'See how long it is: ls -l {path|config.json}. A file of 0 bytes was made and never written; `runsc spec` in the bundle writes a new one.',
    'If an engine wrote the file, check that the disk is not full (df -h, df -i) and start the container again.',
  ],
};

const TYPE: Said = {
  title: '{field} of config.json has the wrong type: {got} where {want} is wanted',
  cause:
    '{path|config.json} is valid JSON, but its field {field} holds {got}, and the OCI spec wants {want} there (Go type {type}).',
  remedy: ['Write {field} as {want}: {example}.', '`runsc spec` in an empty folder writes a spec to compare with.'],
};

/** The engine reads files of its own in the same words. */
const OF_ENGINE = /daemon\.json|Docker daemon with file|config\.toml|containers\.conf|runsc\.toml/;
const ENGINE: Said = {
  title: 'The configuration of the engine is not valid: {error}',
  cause:
    'The engine cannot read its own configuration ("{error}"), so that it does not start, or goes on without what stands there (the runtime runsc, for instance). No spec of a container is concerned, and runsc was not started.',
  confidence: 'likely',
  remedy: [
    'Check the file that the line names: python3 -m json.tool /etc/docker/daemon.json shows the place (a comma behind the last entry, a missing brace, two objects); dockerd --validate does it with the names of the options.',
    'Then systemctl restart docker (or containerd), and docker info | grep -i runtimes.',
  ],
};

/** Before version 1.0 of the OCI spec the capabilities were one list. */
const OLD_ENGINE: Said = {
  title: 'The engine is too old for runsc: it writes a spec from before version 1.0',
  cause:
    '{path|config.json} holds its capabilities ({field}) as one list. That was the form of the release candidates of the OCI spec (ociVersion 1.0.0-rc2 and before), which Docker until 17.06 and containerd of that time write; runsc reads version 1.0 and later, where they are an object of five lists.',
  confidence: 'likely',
  remedy: [
    'Update Docker to 17.09 or later (docker version shows client and server), or containerd, and restart the daemon.',
    'For a spec of your own: runsc spec writes one of the current form; see ociVersion at its beginning.',
  ],
};

const WRONG_TYPE =
  /cannot unmarshal (?<got>[\w ]+?) (?:[-\d.e+]+ )?into Go (?:struct field (?<field>\S+)|value) of type (?<type>\S+)/;

const GOT: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  bool: 'true or false',
  array: 'a list',
  object: 'an object',
};

/** What the fields look like that are most often written wrong. */
const EXAMPLES: Readonly<Record<string, string>> = {
  'process.args': '"args": ["/bin/sh", "-c", "echo hello"], one string for each argument',
  'process.env': '"env": ["PATH=/usr/bin:/bin", "TERM=xterm"], one string for each variable',
  'process.user': '"user": {"uid": 0, "gid": 0}',
  'mounts.options': '"options": ["rbind", "ro"]',
  root: '"root": {"path": "rootfs", "readonly": true}',
};

/** A Go type as JSON has it, with an example. */
function wanted(type: string): readonly [string, string] {
  const bare = type.replace(/^\*/, '');
  if (bare === '[]string') return ['a list of strings', '["one", "two"]'];
  if (/^\[\](?:u?int|float)\d*$/.test(bare)) return ['a list of numbers', '[1, 2]'];
  if (bare.startsWith('[]')) return ['a list of objects', '[{...}, {...}]'];
  if (bare.startsWith('map[')) return ['an object of names and values', '{"name": "value"}'];
  if (bare === 'string') return ['a string', '"text"'];
  if (bare === 'bool') return ['true or false', 'true, without quotes'];
  if (/^(?:u?int|float)\d*$/.test(bare)) return ['a number', '1000, without quotes'];
  return ['an object', '{...}'];
}

export const specMalformed = defineRule({
  id: 'spec-malformed',
  severity: 'high',
  title: 'config.json is not valid JSON',
  remedy: SYNTAX.remedy,
  needs: ['failures', 'runs'],
  sources: ['runsc/specutils/specutils.go ReadSpecFromFile'],
  judge: ({ failures, runs }) =>
    verdictOf(
      groupErrors(failures, ({ known }) => known === 'spec-malformed').map((group) => {
        const { error = '' } = group.failure.captures;
        if (OF_ENGINE.test(group.failure.evidence.text)) return matchOf(group, ENGINE, runs, { error });
        if (/unexpected (?:end of JSON input|EOF)/.test(error)) return matchOf(group, CUT, runs);
        const found = WRONG_TYPE.exec(error)?.groups;
        if (found === undefined) return matchOf(group, SYNTAX, runs);
        const { got = '', type = '' } = found;
        // Go names the struct first: `Process.process.args`, `Spec.hostname`
        const field = (found['field'] ?? '').replace(/^[A-Z]\w*\./, '');
        const [want, example] = wanted(type);
        if (type === 'specs.LinuxCapabilities') return matchOf(group, OLD_ENGINE, runs, { field });
        return matchOf(group, TYPE, runs, {
          field: field === '' ? 'the whole' : field,
          got: GOT[got] ?? got,
          want,
          type,
          example:
            EXAMPLES[field] ?? `${field === '' ? '' : `"${field.slice(field.lastIndexOf('.') + 1)}": `}${example}`,
        });
      }),
    ),
});
