import { componentType, componentTypes } from '../components/types.js';
import {
  InputError,
  orUndefined,
  readBoolean,
  readFields,
  readList,
  readOneOf,
  readText,
  readTime,
  readWholeNumber,
} from '../readInput.js';
import { deployStatuses } from '../localOrg.js';
import type { OrgUser } from '../org/users.js';
import type { DeployJob } from './deployJob.js';
import type { DeployPackage, PackagedFile } from './deployPackage.js';
import { DeployFailure, type ComponentResult, type DeployOptions } from './deployResult.js';

/** A job as it is recorded: without the files' content and its duration, which are not needed once it has ended. */
export function keptJob(job: DeployJob): object {
  const { user, canceledBy, content, failure, ...rest } = job;
  return {
    ...rest,
    runMs: undefined,
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
  const { userId, canceledById, unreadable, packages, ...fields } = readJob(stored);
  const content = unreadable ?? packages;
  if (content === undefined) throw new InputError('A deploy has no packages.');
  const user = (id: string): OrgUser => {
    const found = users.find((candidate) => candidate.userId === id);
    if (found) return found;
    throw new InputError(`The user '${id}' of a deploy is not a user of the org.`);
  };
  const job: DeployJob = {
    ...fields,
    runMs: 0,
    user: user(userId),
    content,
    canceledBy: canceledById === undefined ? undefined : user(canceledById),
  };
  if (job.completedAt !== undefined) return job;
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

const readFailureFields = readFields('A failure', { statusCode: readText, message: readText });

function readFailure(stored: unknown): DeployFailure {
  const { statusCode, message } = readFailureFields(stored);
  return new DeployFailure(statusCode, message);
}

const readOptions: (stored: unknown) => DeployOptions = readFields('Deploy options', {
  checkOnly: readBoolean,
  rollbackOnError: readBoolean,
  singlePackage: readBoolean,
  ignoreWarnings: readBoolean,
  purgeOnDelete: readBoolean,
  testLevel: readText,
});

const readTexts = readList(readText);

function readFile(stored: unknown): PackagedFile {
  const [typeName = '', fullName, path] = readTexts(stored, 'file');
  const type = componentType(typeName);
  if (!type || fullName === undefined || path === undefined) {
    throw new InputError(`A file of a package is of the type '${typeName}', or has no name.`);
  }
  return { type, fullName, path, bytes: noBytes };
}

const readPackageFields = readFields('A package', {
  version: readWholeNumber(0),
  manifestPath: readText,
  files: readList(readFile),
});

const readPackage = (stored: unknown): DeployPackage => ({ ...readPackageFields(stored), failures: [] });

const readResult: (stored: unknown) => ComponentResult = readFields('A result', {
  componentType: readOneOf(['', ...componentTypes.map(({ name }) => name)]),
  fullName: readText,
  fileName: readText,
  success: readBoolean,
  created: readBoolean,
  changed: readBoolean,
  id: orUndefined(readText),
  problem: orUndefined(readText),
  lineNumber: orUndefined(readWholeNumber(0)),
  columnNumber: orUndefined(readWholeNumber(0)),
});

/** The fields of a deploy; it was unreadable or has packages. */
const readJob = readFields('A deploy', {
  id: readText,
  options: readOptions,
  createdAt: readTime,
  queuedUntil: readTime,
  startedAt: orUndefined(readTime),
  completedAt: orUndefined(readTime),
  status: readOneOf(deployStatuses),
  results: readList(readResult),
  userId: readText,
  canceledById: orUndefined(readText),
  failure: orUndefined(readFailure),
  unreadable: orUndefined(readFailure),
  packages: orUndefined(readList(readPackage)),
});
