import { UnexpectedAnswerError } from './answerFields.js';
import { maximumRetrieveBytes } from './answerLimits.js';
import { SalesforceApiError } from './errors.js';
import type { OrgApi } from './jsforce.js';
import {
  parseDeployStatus,
  parseFilePropertiesList,
  parseJobId,
  parseQueryPage,
  parseReadComponents,
  parseRetrieveStatus,
  type DeployStatus,
  type FileProperties,
  type ReadComponent,
  type RetrieveStatus,
} from './metadataAnswers.js';
import { assertOrgAccess, callOrg, type OrgAccess } from './orgCall.js';

export type {
  ComponentFailure,
  ComponentSuccess,
  DeployStatus,
  FileProperties,
  RetrieveStatus,
} from './metadataAnswers.js';

/** How to reach an org with a session. */
export interface MetadataApiOptions extends OrgAccess {
  accessToken: string;
  apiVersion: string;
}

/** The most components that one readMetadata accepts (Metadata API Developer Guide). */
export const mostComponentsPerRead = 10;

/** The most pages that one query reads; a page holds up to 2,000 records. */
const maximumQueryPages = 50;

/**
 * An org's Metadata API and queries, as typed calls: one HTTP request per call (for a query, one per page), no retries, no
 * waiting. Retrieve and list use SOAP, the only protocol that the API offers for them; deploy and queries use REST.
 *
 * Every call may reject with a {@link SalesforceApiError} (the org refused, or its response is invalid) or a
 * `TransportError` (there was no response).
 */
export class MetadataApi {
  readonly #options: MetadataApiOptions;

  /** @throws TypeError when the instance URL, the access token or the API version is invalid. */
  constructor(options: MetadataApiOptions) {
    assertOrgAccess(options);
    this.#options = options;
  }

  /**
   * Starts a retrieve. Every path in its zip starts with `unpackaged/`.
   *
   * @param types Member names by component type; `*` selects every member.
   */
  async startRetrieve(types: ReadonlyMap<string, readonly string[]>): Promise<{ id: string }> {
    return this.#soap('retrieve', (api) => api.retrieve(types), parseJobId);
  }

  /** Requests the status of a retrieve once. The response that reports success contains the zip, once. */
  async checkRetrieve(id: string): Promise<RetrieveStatus> {
    return this.#soap(
      'checkRetrieveStatus',
      (api) => api.checkRetrieveStatus(id),
      parseRetrieveStatus,
      maximumRetrieveBytes,
    );
  }

  /**
   * Sends a package and starts its deploy: all or nothing, warnings count as errors.
   *
   * Without a test level the org runs no tests for a package without Apex, even in production, where the level
   * `NoTestRun` would be refused [doc].
   *
   * @param zip A package with `package.xml` at its root.
   * @param options `checkOnly`: validate and change nothing; default false.
   */
  async startDeploy(zip: Buffer, options: { checkOnly?: boolean } = {}): Promise<{ id: string }> {
    const deployOptions = {
      checkOnly: options.checkOnly ?? false,
      rollbackOnError: true,
      singlePackage: true,
    };
    return callOrg(this.#options, 'deployRequest', (api) => api.deploy(zip, deployOptions), parseJobId);
  }

  /** Requests the status of a deploy once. */
  async checkDeploy(id: string): Promise<DeployStatus> {
    return callOrg(this.#options, 'checkDeployStatus', (api) => api.checkDeployStatus(id), parseDeployStatus);
  }

  /**
   * Requests the cancellation of a deploy; its status shows the outcome later. A deploy in the org's queue ends at once. Up to
   * API 64.0 the data of a running deploy may still be committed [doc].
   */
  async cancelDeploy(id: string): Promise<void> {
    return callOrg(
      this.#options,
      'cancelDeploy',
      (api) =>
        api.request('PATCH', this.#rest(`/metadata/deployRequest/${encodeURIComponent(id)}`), {
          type: 'application/json',
          body: JSON.stringify({ deployResult: { status: 'Canceling' } }),
        }),
      () => undefined,
    );
  }

  /**
   * Lists the components of one to three types, the most that the API accepts in one call [doc].
   *
   * @throws RangeError for another number of types.
   */
  async listMetadata(types: readonly string[]): Promise<FileProperties[]> {
    if (types.length < 1 || types.length > 3) {
      throw new RangeError(`listMetadata accepts one to three types (found ${types.length}).`);
    }
    return this.#soap('listMetadata', (api) => api.listMetadata(types), parseFilePropertiesList);
  }

  /**
   * Reads up to ten components of one type at once, without a job [doc]. Which elements an org leaves out is not documented.
   *
   * @param fullNames with the namespace
   * @returns the ones that the org has
   * @throws RangeError for more components.
   */
  async readMetadata(type: string, fullNames: readonly string[]): Promise<ReadComponent[]> {
    if (fullNames.length > mostComponentsPerRead) {
      throw new RangeError(`readMetadata accepts at most ten components (found ${fullNames.length}).`);
    }
    return this.#soap('readMetadata', (org) => org.readMetadata(type, fullNames), parseReadComponents);
  }

  /** The records of a SOQL query. */
  async query(soql: string): Promise<Record<string, unknown>[]> {
    return this.#query('query', this.#rest(`/query?q=${encodeURIComponent(soql)}`));
  }

  /** The records of a SOQL query on the objects of the Tooling API. */
  async toolingQuery(soql: string): Promise<Record<string, unknown>[]> {
    return this.#query('tooling query', this.#rest(`/tooling/query?q=${encodeURIComponent(soql)}`));
  }

  /** The path of a resource of the REST API. */
  #rest(path: string): string {
    return `/services/data/v${this.#options.apiVersion}${path}`;
  }

  async #query(operation: string, path: string): Promise<Record<string, unknown>[]> {
    const records: Record<string, unknown>[] = [];
    let next: string | undefined = path;
    for (let page = 0; next !== undefined; page += 1) {
      if (page === maximumQueryPages) {
        throw new SalesforceApiError(
          `The query has more than ${maximumQueryPages} pages of records.`,
          'TOO_MANY_RECORDS',
          operation,
        );
      }
      const url: string = next;
      const answer = await callOrg(
        this.#options,
        operation,
        (api) => api.request('GET', url),
        parseQueryPage,
      );
      for (const record of answer.records) records.push(record);
      next = answer.nextPath;
    }
    return records;
  }

  async #soap<Answer>(
    operation: string,
    request: (api: OrgApi) => PromiseLike<unknown>,
    parse: (answer: unknown) => Answer,
    maximumResponseBytes?: number,
  ): Promise<Answer> {
    // Any other text is parsed as an empty result, so an HTML page would be an empty list.
    const element = new RegExp(`<(?:[\\w.-]+:)?${operation}Response[\\s/>]`);
    return callOrg({ ...this.#options, maximumResponseBytes }, operation, request, (response, { body }) => {
      if (!element.test(body.slice(0, 10_000))) {
        throw new UnexpectedAnswerError(`it has no \`${operation}Response\``);
      }
      return parse(response);
    });
  }
}
