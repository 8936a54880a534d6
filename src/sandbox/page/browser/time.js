// As ISO 8601 has them, in the reader's own time zone: of one width, and read alike everywhere

/**
 * @param {number} number
 * @param {number} [digits]
 */
function padded(number, digits = 2) {
  return String(number).padStart(digits, '0');
}

/** @param {Date} moment */
export function formatDay(moment) {
  return `${padded(moment.getFullYear(), 4)}-${padded(moment.getMonth() + 1)}-${padded(moment.getDate())}`;
}

/** @param {Date} moment */
export function formatTime(moment) {
  return `${padded(moment.getHours())}:${padded(moment.getMinutes())}:${padded(moment.getSeconds())}`;
}

/**
 * Day, time, and the offset from UTC.
 *
 * @param {Date} moment
 */
export function formatMoment(moment) {
  const minutes = -moment.getTimezoneOffset();
  const size = Math.abs(minutes);
  const offset = `${minutes < 0 ? '-' : '+'}${padded(Math.floor(size / 60))}:${padded(size % 60)}`;
  return `${formatDay(moment)} ${formatTime(moment)} ${offset}`;
}
