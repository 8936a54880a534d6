import type { Command } from '@commander-js/extra-typings';
import { countNames } from '../../wire/messages.js';
import { declareTopic, type Section } from './topics.js';

const status = 'code (a number, or null without one of the service), name, description';

const sections: readonly Section[] = [
  {
    title: 'add, copy: one for each source',
    rows: [
      ['id', 'ID that it has, or asks for, in the app; null if it has none'],
      ['source', 'the file, URL or row'],
      ['status', status],
      ['outcome', 'added, updated, exists, duplicate, failed, pending or unsent'],
    ],
  },
  {
    title: 'patch, rm, export: one for each input',
    rows: [
      ['id', 'ID of the input; null for a row that names none'],
      ['status', status],
      ['outcome', 'patch: patched, unchanged, failed or unsent'],
      ['', 'rm: deleted, accepted, failed or unsent'],
      ['', 'export: exported, failed or unsent'],
    ],
  },
  {
    title: 'list, stream, get, status ID: one for each input, as the service describes it',
    rows: [
      ['id', 'ID of the input'],
      ['data', 'image, video, audio, text, concepts, metadata, geo, regions, ...'],
      ['created_at', 'time'],
      ['modified_at', 'time'],
      ['status', 'code, description'],
      ['path', 'file that get --download saved'],
    ],
  },
  { title: 'status: one object for the app', rows: countNames.map((name) => [name, 'number of inputs'] as const) },
  {
    title: 'status --concepts: one for each concept',
    rows: [
      ['id', 'ID of the concept; null counts the inputs without concepts'],
      ['name', 'its name; null if it has none'],
      ['present', 'number of inputs that show it'],
      ['absent', 'number of inputs that do not'],
    ],
  },
  {
    title: 'add s3://..., status --job, status --jobs: one for each job',
    rows: [
      ['id', 'ID of the job'],
      ['source', 'address of the bucket; null if the service does not tell'],
      ['status', status],
      ['outcome', 'done, failed or pending'],
      ['found', 'number of files by kind'],
      ['failed_archives', 'number of archives that could not be unpacked'],
      ['pending', 'number of inputs'],
      ['in_progress', 'number of inputs'],
      ['succeeded', 'number of inputs'],
      ['failed', 'number of inputs'],
      ['created_at', 'time'],
    ],
  },
  {
    title: 'add --dry-run, patch --dry-run: one for each request',
    rows: [
      ['method', 'POST, PATCH or DELETE'],
      ['path', 'path of the URL'],
      ['body', 'what would be sent, without the bytes of files'],
    ],
  },
  {
    title: 'add --failures FILE: one for each source that failed, as --manifest reads it',
    rows: [
      ['source', 'the file, URL or row'],
      ['code', 'code of the service, or null'],
      ['reason', 'name and description of the status'],
      ['transient', 'true if another try may help: --only transient sends these'],
      ['tries', 'how often it was sent'],
      ['...', 'all that it was given: id, type, path or url, concepts, metadata, geo, dataset_ids'],
    ],
  },
  {
    title: 'patch --undo FILE: one for each input, as --from reads it',
    rows: [
      ['id', 'ID of the input'],
      ['action', 'overwrite: the input gets back what it had'],
      ['...', 'what it had: concepts, metadata, geo, regions'],
    ],
  },
  { title: 'rm --dry-run: one for each input', rows: [['id', 'ID of the input']] },
  {
    title: 'config list: one for each setting',
    rows: [
      ['name', 'name of the setting'],
      ['value', 'its value, keys shortened'],
      ['origin', 'where it comes from'],
      ['from', 'the option, variable, profile or context; null for a default'],
    ],
  },
  {
    title: 'errors, on stderr: one object each, with the key "error"',
    rows: [
      ['message', 'what went wrong'],
      ['hint', 'what to do, if known'],
      ['exit_code', "see 'clarifai-inputs help exit-codes'"],
      ['code', 'code of the service, if it answered'],
      ['http_status', 'HTTP status, if the service answered'],
      ['req_id', 'ID of the request, for support, if the service answered'],
    ],
  },
];

/** Declares the topic `records`. */
export function declareRecordsTopic(command: Command): void {
  declareTopic(
    command,
    '-o json prints one array of records, -o ndjson one record on each line.\nTimes are ISO 8601, sizes are in bytes. add --manifest and patch --from\nread what list, stream and get print.',
    ...sections,
  );
}
