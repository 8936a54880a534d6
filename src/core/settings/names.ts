import { decimalProblem, integerProblem } from './number-bounds.js';

/** Settings that a profile can hold, named as the options are. */
export const settingNames = [
  'api-key',
  'user-id',
  'app-id',
  'api-base',
  'transport',
  'timeout',
  'retries',
  'rps',
  'concurrency',
  'ca-cert',
] as const;
export type SettingName = (typeof settingNames)[number];

export type SettingValues = Readonly<Partial<Record<SettingName, string>>>;

/** Values that were saved under a name. */
export interface NamedValues {
  readonly name: string;
  readonly values: SettingValues;
}

/** How the service can be asked. */
export const transports = ['rest', 'grpc'] as const;

const aDaySeconds = 86_400;

const problems: Readonly<Record<SettingName, (value: string) => string | undefined>> = {
  'api-key': keyProblem,
  'user-id': idProblem,
  'app-id': idProblem,
  'api-base': (value) =>
    URL.canParse(withScheme(value)) ? undefined : 'must be a URL, such as https://api.clarifai.com',
  transport: (value) =>
    transports.some((one) => one === value) ? undefined : `must be one of ${transports.join(', ')}`,
  timeout: (value) => decimalProblem(value, { min: 0.001, max: aDaySeconds }),
  retries: (value) => integerProblem(value, { min: 0, max: 100 }),
  rps: (value) => decimalProblem(value, { min: 0 }),
  concurrency: (value) => integerProblem(value, { min: 1, max: 64 }),
  'ca-cert': (value) => (value === '' ? 'must name a file' : undefined),
};

/** An API base without a scheme means https. */
export function withScheme(base: string): string {
  return /^[a-z][a-z\d+.-]*:\/\//i.test(base) ? base : `https://${base}`;
}

/** What comes along when a key is copied from a header or a file of variables would be sent as a part of it. */
function keyProblem(value: string): string | undefined {
  if (value !== value.trim()) return 'must not have blanks around it';
  if (/^(["'`]).*\1$/s.test(value)) return 'must not be in quotes';
  if (/^Key\s/i.test(value)) return "must not begin with 'Key'";
  return /^[\x21-\x7e]+$/.test(value) ? undefined : 'must be visible ASCII without spaces';
}

/** Ids are parts of a path: a dot or two would be taken for a step in it. */
function idProblem(value: string): string | undefined {
  if (/^[^\s/\\\p{Cc}]+$/u.test(value) && value !== '.' && value !== '..') return undefined;
  return 'must be an ID without spaces or slashes';
}

/** Describes an invalid value of a setting, as a clause that never contains the value; undefined if it is valid. */
export function settingProblem(name: SettingName, value: string): string | undefined {
  return problems[name](value);
}

/** A key is shown by so many last characters, and not at all where they would be a fair part of it. */
const shownKeyChars = 4;
const shortestShownKey = 16;

/** A setting's value as it may be printed: of a key its last four characters, of a short one none. */
export function shownValue(name: SettingName, value: string): string {
  if (name !== 'api-key') return value;
  return value.length < shortestShownKey ? '…' : `…${value.slice(-shownKeyChars)}`;
}
