/** Rule files by name: what src/build/rules.js makes of this folder. */
declare module '*/anomaly/folder.rules' {
  const files: Readonly<Record<string, string>>;
  export default files;
}

/** The same with the tests of the rules. */
declare module '*/anomaly/tested.rules' {
  const files: Readonly<Record<string, string>>;
  export default files;
}
