import { basename, extname } from 'node:path';
import type { MediaKind } from '../../wire/messages.js';

/** A format of pictures, video or audio that the service does not take. */
export interface ForeignFormat {
  readonly kind: MediaKind;
  /** The name that people use: `HEIC`. */
  readonly name: string;
}

/** Formats the service takes, by what file-type calls them. Source: the vendor's upload page and its official tests. */
const kindsByFormat = new Map<string, MediaKind>([
  ...withKind('image', 'jpg png apng tif bmp webp gif'),
  ...withKind('video', 'avi mp4 m4v asf wmv mov 3gp 3g2'),
  ...withKind('audio', 'wav mp3'),
]);

const kindsByExtension = new Map<string, MediaKind>([
  ...withKind('image', 'jpg jpeg jpe png tif tiff bmp webp gif'),
  ...withKind('video', 'avi mp4 m4v asf wmv mov 3gp 3gpp 3g2'),
  ...withKind('audio', 'wav mp3'),
  ...withKind('text', 'txt text csv tsv md'),
]);

/** Raw pictures of cameras: many are TIFF by their first bytes. */
const rawExtensions =
  'raw cr2 cr3 crw nef nrw arw sr2 srf dng orf rw2 raf pef srw 3fr erf kdc mrw x3f iiq mef rwl dcr mos fff';

/** Formats that are media by name, but that the service does not accept. */
const foreignByExtension = new Map<string, MediaKind>([
  ...withKind('image', `heic heif hif avif svg svgz psd psb ${rawExtensions}`),
  ...withKind('image', 'jp2 j2k jpf jpx jxl jxr hdp wdp ico icns xcf tga dds exr hdr pcx ppm pgm pbm pnm bpg flif'),
  ...withKind('video', 'mkv webm flv f4v mpg mpeg mpe m2v mts m2ts vob ogv mxf rm rmvb divx dv'),
  ...withKind('audio', 'flac ogg oga opus m4a m4b aac wma aif aiff aifc amr ape wv mid midi caf mka ac3 dsf'),
]);

const rawFormats = new Set(rawExtensions.split(' '));

const adviceByKind: Readonly<Record<MediaKind, string>> = {
  image: 'convert it to JPEG or PNG',
  video: 'convert it to MP4',
  audio: 'convert it to MP3 or WAV',
  text: 'save it as UTF-8 text',
};

/** The kind that a name's extension claims, of a format that the service takes. */
export function kindOfName(name: string): MediaKind | undefined {
  return kindsByExtension.get(extensionOf(name));
}

/** The kind that a name's extension claims, of whatever format. */
export function claimedKind(name: string): MediaKind | undefined {
  return kindOfName(name) ?? foreignByExtension.get(extensionOf(name));
}

/** The kind of a format that the service takes. */
export function kindOfFormat(format: string): MediaKind | undefined {
  return kindsByFormat.get(format);
}

/** The format that a name's extension claims, if the service does not take it. */
export function foreignFormatOfName(name: string): ForeignFormat | undefined {
  const extension = extensionOf(name);
  const kind = foreignByExtension.get(extension);
  return kind === undefined ? undefined : { kind, name: formatName(extension) };
}

/** True for the extension of a camera's raw picture, whose content looks like TIFF. */
export function isRawName(name: string): boolean {
  return rawFormats.has(extensionOf(name));
}

/** A format that file-type told by the content, as media that the service does not take; undefined for other files. */
export function foreignFormat(extension: string, mime: string): ForeignFormat | undefined {
  const kind = (['image', 'video', 'audio'] as const).find((one) => mime.startsWith(`${one}/`));
  return kind === undefined ? undefined : { kind, name: formatName(extension) };
}

/** Advice for media in a format that the service does not accept. */
export function conversionAdvice(kind: MediaKind): string {
  return adviceByKind[kind];
}

/** An extension in lower case, without its dot. */
export function extensionOf(name: string): string {
  return extname(name).slice(1).toLowerCase();
}

function formatName(extension: string): string {
  return rawFormats.has(extension) && extension !== 'raw'
    ? `${extension.toUpperCase()} (raw)`
    : extension.toUpperCase();
}

const unfinishedExtensions = new Set('part partial crdownload download opdownload tmp temp aria2 !ut'.split(' '));

/** True for the name of a download that has not come to its end. */
export function isUnfinishedDownload(name: string): boolean {
  return unfinishedExtensions.has(extensionOf(name));
}

const systemNames = new Set(['thumbs.db', 'ehthumbs.db', 'desktop.ini', '.ds_store', '.localized', 'icon\r']);

/** True for what systems leave beside the files of their users; macOS puts `._x.jpg` beside `x.jpg`. */
export function isSystemFile(path: string): boolean {
  const name = basename(path);
  return name.startsWith('._') || systemNames.has(name.toLowerCase());
}

function withKind(kind: MediaKind, names: string): readonly (readonly [string, MediaKind])[] {
  return names.split(' ').map((name) => [name, kind] as const);
}
