import type { Messages } from '../../session/messages.js';
import { sanitizeForTerminal } from '../../render/text.js';

/** So many are named; a table may have one in every row. */
const maxNamed = 10;

/** Warns of integers in metadata that the service, which keeps doubles, would round; each place is named once. */
export function warnOfInexactNumbers(messages: Messages): (numbers: readonly string[], place: string) => void {
  const named = new Set<string>();
  let isCut = false;
  return (numbers, place) => {
    for (const digits of numbers) {
      const text = `${sanitizeForTerminal(place)}: ${digits} is stored as ${storedText(Number(digits))}; quote it to keep it as text`;
      if (named.has(text) || isCut) continue;
      isCut = named.size === maxNamed;
      if (!isCut) named.add(text);
      messages.info(isCut ? 'warning: further numbers like these are not named' : `warning: ${text}`);
    }
  };
}

/** A double in full: `String` would round a large integer once more. */
function storedText(stored: number): string {
  return Number.isInteger(stored) ? String(BigInt(stored)) : String(stored);
}
