import { diskFaults } from './disks.js';
import type { LocalFault } from './local-matrix.js';
import { sourceFaults } from './sources.js';
import { wayFaults } from './ways.js';

/** What can be wrong with the machine, on the commands that meet it. */
export const localFaults: readonly LocalFault[] = [...wayFaults, ...diskFaults, ...sourceFaults];
