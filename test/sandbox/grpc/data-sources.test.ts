import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TempFolder } from '../../temp-folder.js';
import { writeImages } from '../../tiny-images.js';
import { raw } from '../raw-http.js';
import { vendorClient } from './vendor-client.js';

test("the vendor's client reads a bucket: its job is queued, counts its files, and is listed and cancelled", async (t) => {
  const folder = new TempFolder(t).path;
  writeImages(folder, 3);
  const credentials = { id: 'me', secret: 'sesame' };
  const buckets = [{ name: 'pictures', folder, credentials }];
  const { port, clock, call } = await raw(t, { indexMs: 1000, buckets });
  const { ask } = vendorClient(t, port);
  const source = (secret: string): object => ({
    inputs_add_job_id: `job-${secret}`,
    url: { url: 's3://pictures/', credentials: { s3_creds: { region: 'eu', id: 'me', secret } } },
    input_template: { dataset_ids: ['d'], data: { concepts: [{ id: 'sea', value: 1 }] } },
  });
  const started = await ask('PostInputsDataSources', { data_sources: [source('sesame'), source('wrong')] });
  assert.equal(started.status.code, 10000);
  const [job, denied] = started.inputs_add_jobs;
  const [extraction] = job?.extraction_jobs ?? [];
  assert.deepEqual([job?.id, job?.status?.code, extraction?.status?.code], ['job-sesame', 64002, 64000]);
  clock.ms += 2000;
  const ended = await ask('GetInputsExtractionJob', { inputs_extraction_job_id: extraction?.id });
  assert.deepEqual(
    [ended.inputs_extraction_job?.status?.code, ended.inputs_extraction_job?.progress?.['image_inputs_count']],
    [64002, '3'],
  );
  assert.equal(ended.inputs_extraction_job?.url, 's3://pictures/');
  const failed = await ask('GetInputsExtractionJob', { inputs_extraction_job_id: denied?.extraction_jobs[0]?.id });
  assert.equal(failed.inputs_extraction_job?.status?.code, 64003);
  const listed = await ask('ListInputsExtractionJobs', {});
  assert.equal(listed.inputs_extraction_jobs.length, 2);
  const cancelled = await ask('CancelInputsExtractionJobs', { ids: [extraction?.id] });
  assert.equal(cancelled.inputs_extraction_jobs[0]?.status?.code, 64002);
  clock.ms += 1000;
  const { body } = await call('GET', '/v2/inputs');
  assert.match(JSON.stringify(body.inputs?.[0]?.data), /"concepts":\[\{"id":"sea"/);
  assert.equal(body.inputs?.length, 3);
});
