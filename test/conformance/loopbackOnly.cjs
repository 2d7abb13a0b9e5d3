// Loaded into Node.js clients before they start: their connections reach this machine only.
const { Socket } = require('node:net');

const loopback = /^(?:127\.\d+\.\d+\.\d+|::1|\[::1\]|localhost)$/;
const { connect } = Socket.prototype;

Socket.prototype.connect = function (...args) {
  const [first] = Array.isArray(args[0]) ? args[0] : args;
  const options = typeof first === 'object' && first !== null ? first : { host: args[1] };
  const host = options.host ?? 'localhost';
  if (options.path === undefined && !loopback.test(host)) {
    const refusal = new Error(`no connection to ${host}: only this machine may be asked here`);
    process.nextTick(() => this.destroy(refusal));
    return this;
  }
  return connect.apply(this, args);
};
