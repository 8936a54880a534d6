import dns from 'node:dns';
import process from 'node:process';

// a name service that knows nobody, so that no question leaves the machine

dns.lookup = (hostname, options, done) => {
  const error = new Error(`getaddrinfo ENOTFOUND ${hostname}`);
  Object.assign(error, { code: 'ENOTFOUND', syscall: 'getaddrinfo', hostname });
  process.nextTick(typeof options === 'function' ? options : done, error);
};
