// A float32 is told from its neighbours by so many digits at most
const maxDigits = 9;

/**
 * The shortest decimal that reads back as the same float32: 0.9 for what is 0.8999999761581421 as a double.
 * Stored so, a value is the same over gRPC, and over REST what its sender wrote.
 */
export function decimalOf(float: number): number {
  for (let digits = 1; digits < maxDigits; digits += 1) {
    const decimal = Number(float.toPrecision(digits));
    if (Math.fround(decimal) === float) return decimal;
  }
  return Number(float.toPrecision(maxDigits));
}
