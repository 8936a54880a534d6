import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { MediaKind } from '../src/wire/messages.js';
import { fixture } from './harness.js';
import { pngOf } from './tiny-images.js';

/** Why a file is passed over, as the line on skipped files puts it in the singular. */
export type PassedOver =
  'other file' | 'empty file' | 'unfinished download' | 'system file' | 'dead link' | 'FIFO, socket or device';

/** A file of the folder, and what it is: media that is good, or bad with what its user has to read, or no media. */
export interface RealFile {
  readonly path: string;
  readonly is:
    | { readonly media: MediaKind; readonly bad?: RegExp; readonly copy?: true }
    | { readonly passedOver: PassedOver }
    /** Begins with a dot: it is not looked at. */
    | 'hidden';
}

/** How to make a file, and what it is. */
interface Template {
  readonly name: (n: number) => string;
  readonly content: ((n: number) => Buffer) | 'dead link' | 'FIFO';
  readonly is: RealFile['is'];
}

const photo = readFileSync(fixture('photos', 'cat', 'Ginger cat.jpg'));
const sound = readFileSync(fixture('media', 'tone.wav'));

/** Bytes that differ with the number, so that no two files are the same. */
const numbered =
  (bytes: Buffer | string) =>
  (n: number): Buffer =>
    Buffer.concat([Buffer.from(bytes), Buffer.from(`\0${n}`)]);
const latin = (text: string): Buffer => Buffer.from(text, 'latin1');
const text =
  (content: string) =>
  (n: number): Buffer =>
    Buffer.from(`${content} ${n}\n`);

const jpeg = numbered(photo);
const mp4 = numbered(latin('\0\0\0\x18ftypmp42\0\0\0\0mp42isom'));
const heic = numbered(latin('\0\0\0\x18ftypheic\0\0\0\0mif1heic'));
const tiff = numbered(latin('II*\0\x08\0\0\0\0\0'));
const mkv = numbered(latin('\x1aE\xdf\xa3\x93B\x82\x88matroskaB\x87\x81\x04B\x85\x81\x02'));
const zip = numbered(latin('PK\x03\x04\x14\0\0\0\0\0'));
const nothing = (): Buffer => Buffer.alloc(0);
const pointer = (n: number): Buffer =>
  Buffer.from(`version https://git-lfs.github.com/spec/v1\noid sha256:${String(n).padStart(64, '0')}\nsize 48213\n`);

const four = (n: number): string => String(n).padStart(4, '0');
const image = { media: 'image' } as const;
const convert = /convert it to/;

/** Names in nine scripts, and such as shells, patterns and terminals trip over. */
const oddNames = [
  'Müller',
  'Möller',
  'Φωτογραφία',
  'Фотография',
  '写真',
  '사진',
  'صورة',
  'תמונה',
  'तस्वीर',
  'ภาพถ่าย',
  'Cafe\u0301',
  '👨‍👩‍👧 family',
  'trip (2)',
  '[old] {a,b}',
  'what? *really*',
  '-rf',
  '!important',
  'it\'s "quoted" $(id) `x`',
  'back\\slash',
  'two\nlines',
  'tab\there',
  ' blanks ',
  '100% #1 & more',
  'dot.',
] as const;

const templates: readonly Template[] = [
  // phones
  { name: (n) => `DCIM/100APPLE/IMG_${four(n)}.JPG`, content: jpeg, is: image },
  { name: (n) => `DCIM/100APPLE/IMG_${four(n)}.HEIC`, content: heic, is: { media: 'image', bad: convert } },
  { name: (n) => `DCIM/100APPLE/IMG_${four(n)}.MOV`, content: mp4, is: { media: 'video' } },
  {
    name: (n) => `DCIM/100APPLE/IMG_${four(n)}.AAE`,
    content: text('<?xml version="1.0"?><plist/>'),
    is: { passedOver: 'other file' },
  },
  { name: (n) => `WhatsApp/WhatsApp Image 2024-05-${n} at 10.00.00.jpeg`, content: jpeg, is: image },
  {
    name: (n) => `WhatsApp/PTT-2024-WA${four(n)}.opus`,
    content: numbered('OggS\0\x02'),
    is: { media: 'audio', bad: convert },
  },
  // cameras
  { name: (n) => `card/DSC0${four(n)}.JPG`, content: jpeg, is: image },
  { name: (n) => `card/DSC0${four(n)}.ARW`, content: tiff, is: { media: 'image', bad: convert } },
  { name: (n) => `card/MVI_${four(n)}.MP4`, content: mp4, is: { media: 'video' } },
  { name: (n) => `card/MVI_${four(n)}.THM.xmp`, content: text('<x:xmpmeta/>'), is: { passedOver: 'other file' } },
  // desktops
  { name: (n) => `mac/Screenshot ${n} at 9.41.00\u202fAM.png`, content: pngOf, is: image },
  { name: (n) => `mac/${n}/.DS_Store`, content: numbered('\0\0\0\x01Bud1'), is: 'hidden' },
  { name: (n) => `mac/._IMG_${four(n)}.JPG`, content: numbered('\0\x05\x16\x07'), is: 'hidden' },
  {
    name: (n) => `windows/${n}/Thumbs.db`,
    content: numbered(latin('\xd0\xcf\x11\xe0')),
    is: { passedOver: 'system file' },
  },
  { name: (n) => `windows/${n}/desktop.ini`, content: text('[.ShellClassInfo]'), is: { passedOver: 'system file' } },
  { name: (n) => `windows/Bild ${n} - Kopie.PNG`, content: pngOf, is: image },
  // downloads
  { name: (n) => `Downloads/photo${n}.jpg.part`, content: jpeg, is: { passedOver: 'unfinished download' } },
  { name: (n) => `Downloads/clip${n}.mp4.crdownload`, content: mp4, is: { passedOver: 'unfinished download' } },
  {
    name: (n) => `Downloads/login${n}.jpg`,
    content: text('<!DOCTYPE html><title>Log in</title>'),
    is: { media: 'image', bad: /holds no image/ },
  },
  { name: (n) => `Downloads/empty${n}.jpg`, content: nothing, is: { media: 'image', bad: /empty/ } },
  { name: (n) => `Downloads/empty${n}`, content: nothing, is: { passedOver: 'empty file' } },
  { name: (n) => `Downloads/film${n}.mkv`, content: mkv, is: { media: 'video', bad: convert } },
  { name: (n) => `Downloads/song${n}.flac`, content: numbered('fLaC\0\0\0\x22'), is: { media: 'audio', bad: convert } },
  { name: (n) => `Downloads/archive${n}.zip`, content: zip, is: { passedOver: 'other file' } },
  // a data set
  { name: (n) => `set/lfs/${four(n)}.png`, content: pointer, is: { media: 'image', bad: /git lfs pull/ } },
  { name: (n) => `set/images/${four(n)}.png`, content: pngOf, is: image },
  { name: (n) => `set/labels/${four(n)}.txt`, content: text('0 0.5 0.5 0.1 0.1'), is: { media: 'text' } },
  { name: (n) => `set/notes/BMW ${n}.txt`, content: text('BMW fleet notes'), is: { media: 'text' } },
  { name: (n) => `set/table${n}.csv`, content: text('id,label\n1,cat'), is: { media: 'text' } },
  {
    name: (n) => `set/alt${n}.txt`,
    content: numbered(latin('Stra\xdfe \xfcber')),
    is: { media: 'text', bad: /UTF-8/ },
  },
  { name: (n) => `set/annotations${n}.json`, content: text('{}'), is: { passedOver: 'other file' } },
  {
    name: (n) => `set/icon${n}.svg`,
    content: text('<svg xmlns="http://www.w3.org/2000/svg"/>'),
    is: { media: 'image', bad: convert },
  },
  { name: (n) => `set/audio/${n}.wav`, content: numbered(sound), is: { media: 'audio' } },
  // links and what is no file
  { name: (n) => `links/dead${n}.jpg`, content: 'dead link', is: { passedOver: 'dead link' } },
  { name: (n) => `Trash (old)/[${n}] private.png`, content: pngOf, is: image },
  { name: (n) => `names/${n}/${oddNames[n % oddNames.length] ?? ''}.png`, content: pngOf, is: image },
  { name: (n) => `names/${oddNames[n % oddNames.length] ?? ''}/${n}.jpg`, content: jpeg, is: image },
];

/** Files of which a few are enough. */
const rareTemplates: readonly Template[] = [
  { name: (n) => `links/pipe${n}`, content: 'FIFO', is: { passedOver: 'FIFO, socket or device' } },
  { name: (n) => `links/pipe${n}.jpg`, content: 'FIFO', is: { passedOver: 'FIFO, socket or device' } },
];

/** Makes a folder as real life leaves it, of so many files, and tells what each of them is. */
export function makeRealFolder(root: string, count: number): readonly RealFile[] {
  const files = [...rareTemplates.map((template) => make(root, template, 1)), ...largeFiles(root), ...copies(root)];
  for (let n = 0; files.length < count; n += 1) {
    const template = templates[n % templates.length];
    if (template !== undefined) files.push(make(root, template, n));
  }
  symlinkSync('..', join(root, 'links', 'loop'));
  return files;
}

function make(root: string, { name, content, is }: Template, n: number): RealFile {
  const path = name(n);
  const absolute = join(root, path);
  mkdirSync(dirname(absolute), { recursive: true });
  if (content === 'dead link') symlinkSync(`gone ${n}.jpg`, absolute);
  else if (content === 'FIFO') execFileSync('mkfifo', [absolute]);
  else writeFileSync(absolute, content(n));
  return { path, is };
}

/** Files over the limits of their kinds, which take no room on the disk. */
function largeFiles(root: string): RealFile[] {
  const picture = make(
    root,
    {
      name: () => 'large/poster.jpg',
      content: jpeg,
      is: { media: 'image', bad: /25000000 bytes, where image may have 20000000/ },
    },
    -1,
  );
  const table = make(
    root,
    {
      name: () => 'large/all.csv',
      content: text('a,b'),
      is: { media: 'text', bad: /25000000 bytes, where text may have 20000000/ },
    },
    -1,
  );
  for (const { path } of [picture, table]) truncateSync(join(root, path), 25_000_000);
  return [picture, table];
}

/** The same picture again: as a copy, and as a link. */
function copies(root: string): RealFile[] {
  const [first, second] = ['copies/IMG_0001.png', 'copies/IMG_0001 (1).png'] as const;
  mkdirSync(join(root, 'copies'), { recursive: true });
  for (const path of [first, second]) writeFileSync(join(root, path), pngOf(0xffffff));
  symlinkSync('IMG_0001.png', join(root, 'copies/link.png'));
  const copy = { media: 'image', copy: true } as const;
  return [
    { path: first, is: image },
    { path: second, is: copy },
    { path: 'copies/link.png', is: copy },
  ];
}
