import { Socket } from 'node:net';
import process from 'node:process';

// sets the clock, as this process sees it, by JUMP_MS while it waits for its first answer

const jumpMs = Number(process.env['JUMP_MS']);
const connect = Socket.prototype.connect;
const Real = Date;
let now = () => Real.now();

Socket.prototype.connect = function (...parts) {
  this.once('connect', () => {
    now = () => Real.now() + jumpMs;
  });
  return connect.apply(this, parts);
};

globalThis.Date = class extends Real {
  constructor(...parts) {
    super(...(parts.length === 0 ? [now()] : parts));
  }

  static now() {
    return now();
  }
};
