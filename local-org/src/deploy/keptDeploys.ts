import { componentType, componentTypes } from '../components/types.js';
import {
  InputError,
  optionalField,
  readBoolean,
  readFields,
  readList,
  readOneOf,
  readText,
  readWholeNumber,
} from '../control/readInput.js';
import { deployStatuses } from '../localOrg.js';
import type { OrgUser } from '../org/users.js';
import type { DeployJob } from './deployJob.js';
import type { DeployPackage, PackagedFile } from './deployPackage.js';
import { DeployFailure, type ComponentResult, type DeployOptions } from './deployResult.js';

/** A job as it is recorded: all but the files' content, which nobody needs once it has ended. */
export function keptJob(job: DeployJob): object {
  const { user, canceledBy, content, failure, ...rest } = job;
  return {
    ...rest,
    userId: user.userId,
    canceledById: canceledBy?.userId,
    failure: failure && failureFields(failure),
    ...(content instanceof DeployFailure
      ? { unreadable: failureFields(content) }
      : {
          packages: content.map(({ version, manifestPath, files }) => ({
            version,
            manifestPath,
            files: files.map(({ type, fullName, path }) => [type.name, fullName, path]),
          })),
        }),
  };
}

/**
 * A job as an earlier process recorded it. One that had not ended fails: what it would have changed and its end are recorded as one step,
 * so nothing of it is in the org.
 * @param now milliseconds since 1970 by the org's clock
 * @throws InputError
 */
export function readKeptJob(stored: unknown, users: readonly OrgUser[], now: number): DeployJob {
  const fields = readFields('A deploy', stored, [
    'id',
    'options',
    'createdAt',
    'queuedUntil',
    'startedAt',
    'completedAt',
    'status',
    'results',
    'userId',
    'canceledById',
    'failure',
    'unreadable',
    'packages',
  ]);
  const time = (name: string): number => readWholeNumber(name, fields.get(name), 0);
  const user = (name: string): OrgUser => {
    const id = readText(name, fields.get(name));
    const found = users.find(({ userId }) => userId === id);
    if (found) return found;
    throw new InputError(`${name} is '${id}', which is no user of the org.`);
  };
  const completedAt = fields.has('completedAt') ? time('completedAt') : undefined;
  const job: DeployJob = {
    id: readText('id', fields.get('id')),
    user: user('userId'),
    options: readOptions(fields.get('options')),
    content: fields.has('unreadable')
      ? readFailure(fields.get('unreadable'))
      : readList('packages', fields.get('packages')).map(readPackage),
    createdAt: time('createdAt'),
    queuedUntil: time('queuedUntil'),
    startedAt: fields.has('startedAt') ? time('startedAt') : undefined,
    completedAt,
    status: readOneOf('status', fields.get('status'), deployStatuses),
    results: readList('results', fields.get('results')).map(readResult),
    failure: optionalField(fields, 'failure', (_name, value) => readFailure(value)).failure,
    canceledBy: fields.has('canceledById') ? user('canceledById') : undefined,
  };
  if (completedAt !== undefined) return job;
  return {
    ...job,
    completedAt: now,
    status: 'Failed',
    failure: new DeployFailure(
      'UNKNOWN_EXCEPTION',
      'The local org was stopped before this deploy had ended. Nothing of it is in the org.',
    ),
  };
}

/** Packages without the content of their files. */
export function withoutContent(content: DeployJob['content']): DeployJob['content'] {
  if (content instanceof DeployFailure) return content;
  return content.map((each) => ({
    ...each,
    files: each.files.map((file) => ({ ...file, bytes: noBytes })),
  }));
}

const noBytes = Buffer.alloc(0);

function failureFields({ statusCode, message }: DeployFailure): object {
  return { statusCode, message };
}

function readFailure(stored: unknown): DeployFailure {
  const fields = readFields('A failure', stored, ['statusCode', 'message']);
  return new DeployFailure(
    readText('statusCode', fields.get('statusCode')),
    readText('message', fields.get('message')),
  );
}

function readOptions(stored: unknown): DeployOptions {
  const flags = ['checkOnly', 'rollbackOnError', 'singlePackage', 'ignoreWarnings', 'purgeOnDelete'] as const;
  const fields = readFields('Deploy options', stored, [...flags, 'testLevel']);
  const flag = (name: (typeof flags)[number]): boolean => readBoolean(name, fields.get(name));
  return {
    checkOnly: flag('checkOnly'),
    rollbackOnError: flag('rollbackOnError'),
    singlePackage: flag('singlePackage'),
    ignoreWarnings: flag('ignoreWarnings'),
    purgeOnDelete: flag('purgeOnDelete'),
    testLevel: readText('testLevel', fields.get('testLevel')),
  };
}

function readPackage(stored: unknown): DeployPackage {
  const fields = readFields('A package', stored, ['version', 'manifestPath', 'files']);
  return {
    version: readWholeNumber('version', fields.get('version'), 0),
    manifestPath: readText('manifestPath', fields.get('manifestPath')),
    files: readList('files', fields.get('files')).map((file): PackagedFile => {
      const [typeName, fullName, path] = readList('file', file).map((text) => readText('file', text));
      const type = componentType(typeName ?? '');
      if (!type || fullName === undefined || path === undefined) {
        throw new InputError(`A file of a package is of the type '${typeName ?? ''}', or has no name.`);
      }
      return { type, fullName, path, bytes: noBytes };
    }),
    failures: [],
  };
}

const typeNames = ['', ...componentTypes.map(({ name }) => name)] as const;

function readResult(stored: unknown): ComponentResult {
  const fields = readFields('A result', stored, [
    'componentType',
    'fullName',
    'fileName',
    'success',
    'created',
    'changed',
    'id',
    'problem',
    'lineNumber',
    'columnNumber',
  ]);
  const number = (name: string, value: unknown): number => readWholeNumber(name, value, 0);
  return {
    componentType: readOneOf('componentType', fields.get('componentType'), typeNames),
    fullName: readText('fullName', fields.get('fullName')),
    fileName: readText('fileName', fields.get('fileName')),
    success: readBoolean('success', fields.get('success')),
    created: readBoolean('created', fields.get('created')),
    changed: readBoolean('changed', fields.get('changed')),
    id: optionalField(fields, 'id', readText).id,
    problem: optionalField(fields, 'problem', readText).problem,
    lineNumber: optionalField(fields, 'lineNumber', number).lineNumber,
    columnNumber: optionalField(fields, 'columnNumber', number).columnNumber,
  };
}
