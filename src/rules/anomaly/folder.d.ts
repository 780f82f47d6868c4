/** Rule files as src/build/rules.js reads them, without their tests. */
declare module '*/anomaly/folder.rules' {
  const files: readonly import('../../anomaly/prepared.js').PreparedFile[];
  export default files;
}

/** Their texts by name. */
declare module '*/anomaly/tested.rules' {
  const files: Readonly<Record<string, string>>;
  export default files;
}
