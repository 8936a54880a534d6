import { writeFileSync } from 'node:fs';
import process from 'node:process';

// writes the peak of the process's memory, in KiB, to PEAK_FILE when it ends

process.on('exit', () => {
  writeFileSync(process.env['PEAK_FILE'], String(process.resourceUsage().maxRSS));
});
