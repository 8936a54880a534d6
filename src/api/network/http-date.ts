const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const month = `(?<month>${months.join('|')})`;
const time = String.raw`(?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d)`;
const day = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
const longDay = '(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day';

/** The three forms that a reader has to know: today's, that of RFC 850, and that of C's `asctime`. */
const forms = [
  String.raw`${day}, (?<date>\d\d) ${month} (?<year>\d{4}) ${time} GMT`,
  String.raw`${longDay}, (?<date>\d\d)-${month}-(?<year>\d\d) ${time} GMT`,
  String.raw`${day} ${month} (?<date>[ \d]\d) ${time} (?<year>\d{4})`,
].map((form) => new RegExp(`^${form}$`));

/**
 * Reads a date of HTTP. `Date.parse` would take much else for one, and 31 February for 3 March.
 *
 * @returns milliseconds since the epoch; undefined for anything else. Source: RFC 9110 section 5.6.7
 */
export function parseHttpDate(text: string, nowMs: number): number | undefined {
  for (const form of forms) {
    const groups = form.exec(text)?.groups;
    if (groups !== undefined) return utcMs(groups, nowMs);
  }
  return undefined;
}

function utcMs(parts: Readonly<Record<string, string | undefined>>, nowMs: number): number | undefined {
  const number = (name: string): number => Number(parts[name]);
  const monthIndex = months.indexOf(parts['month'] ?? '');
  const year = parts['year']?.length === 2 ? fullYear(number('year'), nowMs) : number('year');
  const [date, hour, minute, second] = [number('date'), number('hour'), number('minute'), number('second')];
  const at = new Date(Date.UTC(year, monthIndex, date, hour, minute, second));
  // 60 is a leap second
  const isReal =
    hour < 24 && minute < 60 && second <= 60 && new Date(Date.UTC(year, monthIndex, date)).getUTCDate() === date;
  return isReal ? at.getTime() : undefined;
}

/** Two digits that would be more than 50 years ahead are of the century before. */
function fullYear(twoDigits: number, nowMs: number): number {
  const thisYear = new Date(nowMs).getUTCFullYear();
  const year = thisYear - (thisYear % 100) + twoDigits;
  return year > thisYear + 50 ? year - 100 : year;
}
