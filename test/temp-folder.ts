import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';

/** A folder that is removed when the test ends. */
export class TempFolder {
  readonly path: string;

  constructor(t: TestContext) {
    this.path = realpathSync(mkdtempSync(join(tmpdir(), 'clarifai-inputs-')));
    t.after(() => {
      rmSync(this.path, { recursive: true, force: true });
    });
  }

  /** Writes a file below it, with the folders that takes, and tells its path. */
  write(name: string, content: string | Buffer): string {
    const path = join(this.path, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return path;
  }
}
