/** Rule files by name: what src/build/rules.js makes of this folder. */
declare module '*/anomaly/folder.rules' {
  const files: Readonly<Record<string, string>>;
  export default files;
}
