/** The compiled module (src/build/wasm.js). */
declare module '*/wasm/scan.wasm' {
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}
