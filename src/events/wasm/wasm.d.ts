/** The compiled module (src/build/wasm.js). */
declare module '*/wasm/module.wasm' {
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}
