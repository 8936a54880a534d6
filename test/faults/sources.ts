import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { pngOf } from '../tiny-images.js';
import { FaultProxy, passOn, type Victim } from './fault-proxy.js';
import { doing, type LocalFault, type Stage } from './local-matrix.js';
import { hashIdOf, photoIds } from './matrix.js';
import type { Scene } from './scene.js';

// Files that change while they are sent, things that are no files, and names of any kind.

/** Far more than sockets hold, and less than an image may have. */
const bigBytes = 18_000_000;

interface Change {
  readonly change: (path: string) => void;
  /** Its content by then, where that is what has to go; else what was looked at goes, to its end. */
  readonly content?: (former: Buffer) => Buffer;
}

/** What happens to a file while it is sent. */
const changes: Readonly<Record<string, Change>> = {
  vanishes: { change: rmSync },
  'is replaced by another': {
    change: (path) => {
      writeFileSync(`${path}.new`, pngOf(99, bigBytes));
      renameSync(`${path}.new`, path);
    },
  },
  'becomes a folder': {
    change: (path) => {
      rmSync(path);
      mkdirSync(path);
    },
  },
  grows: {
    change: (path) => {
      appendFileSync(path, 'more');
    },
    content: (former) => Buffer.concat([former, Buffer.from('more')]),
  },
  shrinks: {
    change: (path) => {
      truncateSync(path, bigBytes / 2);
    },
    content: (former) => former.subarray(0, bigBytes / 2),
  },
  'is written over': {
    change: (path) => {
      const file = openSync(path, 'r+');
      writeSync(file, 'other', bigBytes - 100);
      closeSync(file);
    },
    content: (former) => Buffer.from(former).fill('other', bigBytes - 100, bigBytes - 95),
  },
  'becomes empty': { change: truncateSync, content: () => Buffer.alloc(0) },
};

/** A file among others that changes when the service has begun to receive it. */
async function changedOnTheWay(scene: Scene, { change, content }: Change): Promise<Stage> {
  const former = pngOf(77, bigBytes);
  const path = join(scene.folder, 'photos', '0002-big.png');
  writeFileSync(path, former);
  const slow = async (victim: Victim): Promise<void> => {
    if (victim.incoming.method === 'POST') {
      // nothing is read until then but what has come
      await once(victim.incoming, 'readable');
      change(path);
    }
    await passOn(victim);
  };
  // the look-up, and the request with the files
  const proxy = new FaultProxy(scene.sandbox.url, slow, 2);
  await proxy.start();
  scene.after(() => proxy.stop());
  const last = content?.(former) ?? former;
  return {
    deed: { ...doing('add'), there: [...photoIds, ...(last.length === 0 ? [] : [hashIdOf(last)])] },
    options: { base: proxy.url },
    repair: () => {
      if (content !== undefined) return;
      rmSync(path, { recursive: true, force: true });
      writeFileSync(path, former);
    },
  };
}

const changing: readonly LocalFault[] = Object.entries(changes).map(([name, change]) => ({
  fault: `a file ${name} while it is sent`,
  command: 'add',
  times: 1,
  code: name === 'becomes empty' ? 3 : 0,
  says: name === 'becomes empty' ? /^failed: photos\/0002-big\.png: .*empty/m : /^6 sources: 6 added$/m,
  limitSeconds: 20,
  stage: (scene) => changedOnTheWay(scene, change),
}));

/** What can't be read like a file, by how it is made at a path. */
const noFiles: Readonly<Record<string, (path: string, scene: Scene) => unknown>> = {
  'a FIFO': (path) => execFileSync('mkfifo', [path]),
  'a socket': async (path, scene) => {
    const server = createServer().listen(path);
    await once(server, 'listening');
    scene.after(() => server.close());
  },
  'an endless device': (path) => {
    symlinkSync('/dev/zero', path);
  },
  'an empty device': (path) => {
    symlinkSync('/dev/null', path);
  },
  'a link to itself': (path) => {
    symlinkSync(path, path);
  },
  'a link to nothing': (path) => {
    symlinkSync('nowhere', path);
  },
};

const notFiles: readonly LocalFault[] = Object.entries(noFiles).flatMap(([name, make]) =>
  ['named', 'in a folder'].map((place): LocalFault => ({
    fault: `${name}, ${place}`,
    command: 'add',
    times: 1,
    code: 3,
    says: place === 'named' ? /^failed: odd\.jpg: /m : /^failed: photos\/odd\.jpg: /m,
    stage: async (scene) => {
      const path = join(scene.folder, place === 'named' ? 'odd.jpg' : 'photos/odd.jpg');
      await make(path, scene);
      return {
        deed: doing('add', place === 'named' ? ['odd.jpg'] : []),
        repair: () => {
          rmSync(path, { force: true });
        },
        againWords: doing('add').words,
      };
    },
  })),
);

/** Names that break what is careless. */
const oddNames: Readonly<Record<string, string>> = {
  'a line end in a name': 'two\nlines.png',
  'a name of 255 bytes': `${'x'.repeat(251)}.png`,
  'a dash before a name': '-rf.png',
  'a name like an option': '--yes',
  'an escape sequence in a name': 'a\u001b[31mb\u202Ec.png',
  'a blank as a name': ' ',
  'a name like a pattern': '[a]{b}*?!(c).png',
};

const named: readonly LocalFault[] = Object.entries(oddNames).map(([fault, name]) => ({
  fault,
  command: 'add',
  times: 1,
  code: 0,
  says: /^6 sources: 6 added$/m,
  stage: (scene) => {
    writeFileSync(join(scene.folder, 'photos', name), pngOf(77));
    return { deed: { ...doing('add'), there: [...photoIds, hashIdOf(pngOf(77))] } };
  },
}));

/** Node reads names as text, which can't hold this one: it is named as well as it can be, and goes nowhere. */
const noText: LocalFault = {
  fault: 'a name that is not UTF-8',
  command: 'add',
  times: 1,
  code: 3,
  says: /^failed: photos\/f\uFFFD+\.png: no such file, or its name is not UTF-8/m,
  stage: (scene) => {
    const name = Buffer.from([0x66, 0xff, 0xfe, 0x2e, 0x70, 0x6e, 0x67]);
    const path = Buffer.concat([Buffer.from(join(scene.folder, 'photos/')), name]);
    writeFileSync(path, pngOf(77));
    return {
      deed: doing('add'),
      repair: () => {
        rmSync(path);
      },
    };
  },
};

const looping: LocalFault = {
  fault: 'links in circles',
  command: 'add',
  times: Infinity,
  code: 0,
  says: /^5 sources: 5 added$/m,
  stage: (scene) => {
    const deep = join(scene.folder, 'photos', 'deep');
    mkdirSync(deep);
    symlinkSync('..', join(deep, 'up'));
    symlinkSync(deep, join(deep, 'here'));
    return { deed: doing('add') };
  },
};

export const sourceFaults: readonly LocalFault[] = [...changing, ...notFiles, ...named, noText, looping];
