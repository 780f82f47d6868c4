// Stands for `debug` in the bundle: what oclif does is logged nowhere. That package loads sockets and terminals.
export default () => () => {};
