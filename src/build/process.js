// Stands for `node:process` in the bundle: the same object, without the module whose loading opens stdin.
export default globalThis.process;
