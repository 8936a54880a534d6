import { imageSize } from 'image-size';
import type { JsonObject } from '../../wire/json.js';
import type { MediaKind } from '../../wire/messages.js';
import { statusCodes } from '../../wire/status.js';
import { colourMode } from './colour-mode.js';
import type { End } from '../state/records.js';

/** The result of examining the bytes: how the input ends, and its media info. */
export interface Finding {
  readonly end: End;
  readonly contentType: string;
  readonly info?: JsonObject;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

interface Format {
  readonly name: string;
  readonly contentType: string;
  /** Matches the first bytes, in hex. */
  readonly magic: RegExp;
}

// Sources of the formats and of the limits: the service's pages on supported formats and uploads; MB is 10^6
const formats: Readonly<Record<Exclude<MediaKind, 'text'>, readonly Format[]>> = {
  image: [
    { name: 'JPEG', contentType: 'image/jpeg', magic: /^ffd8ff/ },
    { name: 'PNG', contentType: 'image/png', magic: /^89504e470d0a1a0a/ },
    { name: 'GIF', contentType: 'image/gif', magic: /^474946383[79]61/ },
    { name: 'BMP', contentType: 'image/bmp', magic: /^424d.{8}00000000/ },
    { name: 'TIFF', contentType: 'image/tiff', magic: /^(?:4949(?:2a|2b)00|4d4d00(?:2a|2b))/ },
    { name: 'WEBP', contentType: 'image/webp', magic: /^52494646.{8}57454250/ },
  ],
  video: [
    { name: 'AVI', contentType: 'video/x-msvideo', magic: /^52494646.{8}41564920/ },
    { name: 'MOV', contentType: 'video/quicktime', magic: /^.{8}(?:6674797071742020|6d6f6f76|6d646174|77696465)/ },
    { name: '3GPP', contentType: 'video/3gpp', magic: /^.{8}66747970336770/ },
    { name: 'MP4', contentType: 'video/mp4', magic: /^.{8}66747970/ },
    { name: 'WMV', contentType: 'video/x-ms-wmv', magic: /^3026b2758e66cf11/ },
  ],
  audio: [
    { name: 'WAV', contentType: 'audio/wav', magic: /^52494646.{8}57415645/ },
    { name: 'MP3', contentType: 'audio/mpeg', magic: /^(?:494433|ff(?:e[2-5]|f[2-5a-d]))/ },
  ],
};

/** Bytes that media of a kind may have at most. */
export const maxBytes: Readonly<Record<MediaKind, number>> = {
  image: 20_000_000,
  video: 300_000_000,
  audio: 20_000_000,
  text: 20_000_000,
};

const maxPixels = 85_000_000;
const headBytes = 32;
const sizeHeadBytes = 262_144;
const unknownType = 'application/octet-stream';

/** The kind whose formats the first bytes fit, text excepted. */
export function formatKindOf(bytes: Buffer): MediaKind | undefined {
  const head = bytes.toString('hex', 0, headBytes);
  const kinds = ['image', 'video', 'audio'] as const;
  return kinds.find((kind) => formats[kind].some(({ magic }) => magic.test(head)));
}

/** Decodes bytes as far as telling their format and, for an image, width and height. */
export function examine(kind: MediaKind, bytes: Buffer): Finding {
  if (bytes.length > maxBytes[kind]) return { end: { code: statusCodes.inputOverLimit }, contentType: unknownType };
  if (kind === 'text') return text(bytes);
  const head = bytes.toString('hex', 0, headBytes);
  const format = formats[kind].find(({ magic }) => magic.test(head));
  if (format === undefined) {
    return { end: { code: statusCodes.inputUnsupportedFormat }, contentType: unknownType };
  }
  if (kind === 'image') return image(format, bytes);
  const end = { code: statusCodes.inputOk };
  return { end, contentType: format.contentType, info: { [`${kind}_format`]: format.name } };
}

function text(bytes: Buffer): Finding {
  return {
    end: { code: statusCodes.inputOk },
    contentType: 'text/plain; charset=utf-8',
    info: { char_count: bytes.toString().length, encoding: 'UTF-8' },
  };
}

function image({ name, contentType }: Format, bytes: Buffer): Finding {
  const mode = colourMode(name, bytes);
  const size = sizeOf(bytes);
  if (mode === undefined || size === undefined) return { end: { code: statusCodes.inputInvalidBytes }, contentType };
  const info = { ...size, format: name, color_mode: mode };
  const code = size.width * size.height > maxPixels ? statusCodes.inputOverLimit : statusCodes.inputOk;
  return { end: { code }, contentType, info };
}

/** The head is nearly always enough; only a camera's long preamble, or a TIFF that begins at its end, needs it all. */
function sizeOf(bytes: Buffer): Size | undefined {
  return measure(bytes.subarray(0, sizeHeadBytes)) ?? (bytes.length > sizeHeadBytes ? measure(bytes) : undefined);
}

function measure(bytes: Buffer): Size | undefined {
  const ofOldBmp = oldBmpSize(bytes);
  if (ofOldBmp !== undefined) return ofOldBmp;
  try {
    // A copy where the memory is shared: the package may look beyond the end
    const own = bytes.length === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes);
    const { width, height } = imageSize(own);
    return width > 0 && height > 0 ? { width, height } : undefined;
  } catch {
    return undefined; // whatever it stumbled over, the bytes are not an image
  }
}

/** Size of a BMP with OS/2's header of 12 bytes, whose width and height have 16 bits each: image-size reads 32. */
function oldBmpSize(bytes: Buffer): { width: number; height: number } | undefined {
  if (bytes.length < 26 || bytes.toString('latin1', 0, 2) !== 'BM' || bytes.readUInt32LE(14) !== 12) return undefined;
  return { width: bytes.readUInt16LE(18), height: bytes.readUInt16LE(20) };
}
