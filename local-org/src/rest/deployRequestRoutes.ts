import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { DeployJob } from '../deploy/deployJob.js';
import { CancelRefused } from '../deploy/deployJobs.js';
import { deployDetails, deployResultFields } from '../deploy/deployResultFields.js';
import { readDeployOptions, submitDeploy } from '../deploy/submitDeploy.js';
import type { OrgState } from '../org/orgState.js';
import { notFound, RestError } from './restError.js';
import { apiVersion, authenticate } from './restSession.js';

interface VersionParams {
  Params: { version: string };
}

interface JobParams {
  Params: { version: string; id: string };
  Querystring: { includeDetails?: string };
}

/** Adds the REST way to deploy: `metadata/deployRequest`. */
export function registerDeployRequestRoutes(app: FastifyInstance, org: OrgState): void {
  const path = '/services/data/:version/metadata/deployRequest';

  app.post<VersionParams>(path, async (request, reply) => {
    const version = apiVersion(org, request.params.version);
    const user = metadataUser(org, request);
    const { zip, options } = await readParts(request);
    const job = await submitDeploy(
      org,
      user,
      zip,
      readDeployOptions((name) => options[name]),
      version,
    );
    return reply.code(201).send({ ...deployBody(org, job, version, false), validatedDeployRequestId: null });
  });

  app.get<JobParams>(`${path}/:id`, (request) => {
    const version = apiVersion(org, request.params.version);
    metadataUser(org, request);
    org.settle();
    return deployBody(org, findJob(org, request.params.id), version, request.query.includeDetails === 'true');
  });

  app.patch<JobParams>(`${path}/:id`, (request, reply): FastifyReply => {
    const version = apiVersion(org, request.params.version);
    const user = metadataUser(org, request);
    const job = findJob(org, request.params.id);
    const status = property(property(request.body, 'deployResult'), 'status');
    if (status !== 'Canceling') {
      throw new RestError(400, 'INVALID_INPUT', 'Only {"deployResult":{"status":"Canceling"}} can be sent');
    }
    try {
      org.deployJobs.cancel(job, user);
    } catch (error) {
      if (error instanceof CancelRefused) throw new RestError(400, 'INVALID_ID_FIELD', error.message);
      throw error;
    }
    return reply.code(202).send(deployBody(org, job, version, false));
  });
}

function deployBody(org: OrgState, job: DeployJob, version: number, includeDetails: boolean) {
  const status = org.deployJobs.statusFor(job, version);
  return {
    id: job.id,
    deployResult: deployResultFields(job, status, includeDetails ? deployDetails(job) : undefined),
  };
}

function metadataUser(org: OrgState, request: FastifyRequest) {
  const { user } = authenticate(org, request);
  if (user.role !== 'none') return user;
  throw new RestError(
    403,
    'INSUFFICIENT_ACCESS',
    'use of the Metadata API requires a user with the ModifyAllData or ModifyMetadata permissions',
  );
}

function findJob(org: OrgState, id: string): DeployJob {
  const job = org.deployJobs.get(id);
  if (!job) throw notFound();
  return job;
}

/** The zip is the file part; the options are the JSON part, `entity_content` (clients) or `json` (documentation). */
async function readParts(
  request: FastifyRequest,
): Promise<{ zip: Buffer; options: Record<string, unknown> }> {
  if (!request.isMultipart())
    throw new RestError(415, 'UNSUPPORTED_MEDIA_TYPE', 'A deploy is sent as multipart/form-data');
  let zip: Buffer | undefined;
  let options: unknown;
  for await (const part of request.parts()) {
    const isOptions = part.fieldname === 'entity_content' || part.fieldname === 'json';
    if (part.type === 'file') {
      const bytes = await part.toBuffer();
      if (isOptions) options = parseJson(bytes.toString('utf8'));
      else zip = bytes;
    } else if (isOptions) {
      options = typeof part.value === 'string' ? parseJson(part.value) : part.value;
    }
  }
  const deployOptions = property(options, 'deployOptions');
  if (!zip || typeof deployOptions !== 'object' || deployOptions === null) {
    throw new RestError(
      400,
      'INVALID_INPUT',
      'A deploy has a part `file` with the zip and a part `entity_content` with deployOptions',
    );
  }
  return { zip, options: Object.fromEntries(Object.entries(deployOptions)) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new RestError(400, 'JSON_PARSER_ERROR', 'The deploy options are not JSON');
  }
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}
