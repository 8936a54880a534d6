import { ScalarType, type DescField, type DescFile, type DescMessage, type DescMethod } from '@bufbuild/protobuf';
import assert from 'node:assert/strict';
import test from 'node:test';
import { file_service, V2 } from '../../src/wire/proto/service_pb.js';
import { compileVendorSchema } from './vendor-schema.js';

/** A file and those that it imports, but for Google's own. */
function importsOf(file: DescFile): readonly DescFile[] {
  const imports = file.dependencies.filter(({ name }) => !name.startsWith('google/'));
  return [file, ...imports.flatMap(importsOf)];
}

const ourFiles = new Set(importsOf(file_service));
const ourMessages: readonly DescMessage[] = [...ourFiles].flatMap(({ messages }) => messages);

/** What ours say and the vendor's package does not. */
const additions = [
  // Clients up to 7.2 send it; the number is reserved since.
  'DeleteInputsRequest: 3 delete_all bool',
  // Both came with 12.x, which is not on npm. A wider number is the same on the wire.
  'FrameInfo: 2 time uint64',
  'status.Status: 11 http_status_code uint32',
];

/** What the vendor's package says and ours do not: what those replace, and what leads to messages that inputs do not need. */
const omissions = [
  'App: 24 extra_info AppExtraInfo',
  'App: 25 is_template google.protobuf.BoolValue',
  'Dataset: 12 default_annotation_filter AnnotationFilter',
  'Dataset: 13 version DatasetVersion',
  'Dataset: 16 default_processing_info DatasetVersionProcessingInfo',
  'Dataset: 17 bookmark_origin BookmarkOrigin',
  'DeleteInputsRequest: reserved 3',
  'FrameInfo: 2 time uint32',
  'Model: 29 workflow_recommended google.protobuf.BoolValue',
  'Model: 30 default_eval_info EvalInfo',
  'Model: 31 languages_full repeated FullTag',
  'Model: 33 bookmark_origin BookmarkOrigin',
  'Model: 41 featured_order google.protobuf.Int32Value',
  'Model: 44 open_router_info OpenRouterInfo',
  'Model: 5 output_info OutputInfo',
  'ModelVersion: 19 output_info OutputInfo',
  'ModelVersion: 20 input_info InputInfo',
  'ModelVersion: 21 train_info TrainInfo',
  'ModelVersion: 22 import_info ImportInfo',
  'ModelVersion: 24 inference_compute_info ComputeInfo',
  'ModelVersion: 25 build_info BuildInfo',
  'ModelVersion: 26 method_signatures repeated MethodSignature',
  'ModelVersion: 27 special_handling repeated SpecialHandling',
  'ModelVersion: 5 metrics EvalMetrics',
  'ModelVersion: 7 pretrained_model_config PretrainedModelConfig',
  'MultiDatasetInputResponse: 4 bulk_operation BulkOperation',
  'PostDatasetInputsRequest: 4 search Search',
  'User: 12 email_addresses repeated EmailAddress',
  'User: 18 user_detail UserDetail',
  'Workflow: 16 bookmark_origin BookmarkOrigin',
  'Workflow: 4 nodes repeated WorkflowNode',
  'Workflow: 9 version WorkflowVersion',
];

function shortName({ typeName }: { readonly typeName: string }): string {
  return typeName.replace(/^clarifai\.api\./, '');
}

/** An enum is declared as an int32 here, which is the same on the wire. */
function elementType({ message, enum: enumeration, scalar }: DescField): string {
  if (enumeration !== undefined) return 'int32';
  return message === undefined ? ScalarType[scalar].toLowerCase() : shortName(message);
}

function fieldType(field: DescField): string {
  const element = elementType(field);
  if (field.fieldKind === 'map') return `map<${ScalarType[field.mapKey].toLowerCase()}, ${element}>`;
  return field.fieldKind === 'list' ? `repeated ${element}` : element;
}

function describeField(field: DescField): string {
  const group = field.oneof === undefined ? '' : ` in oneof ${field.oneof.name}`;
  return `${field.number} ${field.name} ${fieldType(field)}${group}`;
}

function describeMessage(message: DescMessage): readonly string[] {
  // A range ends before its end.
  const reserved = message.proto.reservedRange.flatMap(({ start, end }) =>
    Array.from({ length: end - start }, (_, index) => `reserved ${start + index}`),
  );
  return [...reserved, ...message.fields.map(describeField)].map((line) => `${shortName(message)}: ${line}`);
}

function describeMethod({ name, methodKind, input, output }: DescMethod): string {
  return `${name} ${methodKind}: ${shortName(input)} to ${shortName(output)}`;
}

function subtract(lines: readonly string[], others: readonly string[]): readonly string[] {
  const unwanted = new Set(others);
  return lines.filter((line) => !unwanted.has(line)).toSorted();
}

test('messages and methods are those of the vendor, but for the differences named here', async (t) => {
  const vendor = await compileVendorSchema(t);
  const ours = ourMessages.flatMap(describeMessage);
  const vendors = ourMessages.flatMap(({ typeName }) => {
    const message = vendor.getMessage(typeName);
    assert.ok(message, `the vendor has no message ${typeName}`);
    return describeMessage(message);
  });
  assert.deepEqual(subtract(ours, vendors), additions);
  assert.deepEqual(subtract(vendors, ours), omissions);

  const vendorMethods = vendor.getService(V2.typeName)?.methods.map(describeMethod) ?? [];
  assert.deepEqual(subtract(V2.methods.map(describeMethod), vendorMethods), []);
  assert.ok(V2.methods.every(({ methodKind }) => methodKind === 'unary'));
});
