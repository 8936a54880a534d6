/** Strings, which are passed over, and numbers. */
const tokens = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/gi;

/** A double keeps any 15 digits and powers of ten up to 99: most texts need no closer look. */
const suspicious = /\d[\d.]{15}|\de[+-]?\d{3}/i;

/**
 * The numbers of a JSON text that are not stored as they are written, since JavaScript and the service keep doubles:
 * `1546130668394913822` becomes 1546130668394913800.
 */
export function findRoundedNumbers(json: string): readonly string[] {
  if (!suspicious.test(json)) return [];
  const numbers = json.match(tokens)?.filter((token) => !token.startsWith('"')) ?? [];
  // what is beyond all range is refused, not rounded
  return numbers.filter(
    (written) => Number.isFinite(Number(written)) && digitsOf(written) !== digitsOf(String(Number(written))),
  );
}

/** A number's digits without zeros at either end, and the power of ten of the last of them: the same for `1.50`, `15e-1`. */
function digitsOf(number: string): string {
  const [, sign = '', whole = '', fraction = '', power = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(number) ?? [];
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return '0';
  return `${sign}${significant}e${Number(power) - fraction.length + digits.length - significant.length}`;
}
