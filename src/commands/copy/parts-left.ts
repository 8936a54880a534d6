import type { AppInput } from '../../api/answers.js';
import { partsNotExported } from '../../core/export/export-row.js';
import { countText } from '../../render/plural.js';
import { sanitizeForTerminal } from '../../render/text.js';

/** Counts inputs that have parts which an upload can't send. */
export class PartsLeft {
  readonly #counts = new Map<string, number>();

  count(input: AppInput): void {
    const parts = [...(input.regions.length > 0 ? ['regions'] : []), ...partsNotExported(input)];
    for (const part of parts) this.#counts.set(part, (this.#counts.get(part) ?? 0) + 1);
  }

  /** A line for each part. */
  lines(): readonly string[] {
    return [...this.#counts].map(
      ([part, count]) =>
        `note: ${sanitizeForTerminal(part)} of ${countText(count, 'input')} not copied${adviceOn(part)}`,
    );
  }
}

function adviceOn(part: string): string {
  return part === 'regions' ? "; pipe 'stream -o ndjson' of the one app into 'patch --from -' of the other" : '';
}
