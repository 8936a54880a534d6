import { createFileRegistry, fromBinary, type FileRegistry } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { cpSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { TempFolder } from '../temp-folder.js';
import { runBuf } from './buf.js';

const service = 'proto/clarifai/api/service.proto';

/** Compiles the .proto files that the vendor ships, with Google's files that they import and that protobufjs has. */
export async function compileVendorSchema(t: TestContext): Promise<FileRegistry> {
  const { path } = new TempFolder(t);
  const vendorClient = createRequire(import.meta.url).resolve('clarifai-nodejs-grpc');
  const googleFile = createRequire(vendorClient).resolve('protobufjs/google/api/annotations.proto');
  cpSync(join(dirname(vendorClient), '../proto'), join(path, 'proto'), { recursive: true });
  cpSync(dirname(googleFile), join(path, 'google/api'), { recursive: true });

  const compiled = join(path, 'vendor.binpb');
  await runBuf({
    args: ['build', path, '--path', join(path, service), '--as-file-descriptor-set', '-o', compiled],
    cacheFolder: join(path, 'cache'),
  });
  return createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(compiled)));
}
