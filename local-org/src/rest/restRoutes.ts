import type { FastifyInstance } from 'fastify';
import { identityUrl } from '../identity/tokenRoutes.js';
import { versionText } from '../packageXml.js';
import type { OrgState } from '../org/orgState.js';
import { registerDeployRequestRoutes } from './deployRequestRoutes.js';
import { queryObjects, toolingObjects } from './objects.js';
import { fieldsOfVersion, findObject, recordOf, runQuery } from './query.js';
import { notFound, RestError } from './restError.js';
import { apiVersion, authenticate } from './restSession.js';

/** First version in `/services/data`. */
const firstListedVersion = 58;

interface QueryRequest {
  Params: { version: string };
  Querystring: { q?: string };
}

/** Adds the REST API: versions, queries, single records and deploys. */
export function registerRestRoutes(app: FastifyInstance, org: OrgState): void {
  app.get('/services/data', () => {
    const versions = Array.from(
      { length: org.newestVersion - firstListedVersion + 1 },
      (_, i) => firstListedVersion + i,
    );
    return versions.map((version) => ({
      label: versionLabel(version),
      url: `/services/data/v${versionText(version)}`,
      version: versionText(version),
    }));
  });

  // The resources of the version (documented) that this org has; clients with a token from elsewhere find their user here.
  app.get<{ Params: { version: string } }>('/services/data/:version', (request) => {
    const { version } = request.params;
    apiVersion(org, version);
    const { user } = authenticate(org, request);
    const resource = (name: string): string => `/services/data/${version}/${name}`;
    return {
      identity: identityUrl(org, user.userId),
      metadata: resource('metadata'),
      query: resource('query'),
      sobjects: resource('sobjects'),
      tooling: resource('tooling'),
    };
  });

  for (const [path, objects] of [
    ['/services/data/:version/query', queryObjects],
    ['/services/data/:version/tooling/query', toolingObjects],
  ] as const) {
    app.get<QueryRequest>(path, (request) => {
      const version = apiVersion(org, request.params.version);
      const asking = authenticate(org, request);
      org.settle();
      if (request.query.q === undefined)
        throw new RestError(400, 'MALFORMED_QUERY', 'A query needs the parameter q');
      const api = {
        objects,
        version,
        path: path.replace(':version', request.params.version).replace('/query', ''),
      };
      return runQuery(org, asking, api, request.query.q);
    });
  }

  app.get<{ Params: { version: string; object: string; id: string } }>(
    '/services/data/:version/sobjects/:object/:id',
    (request) => {
      const { object: objectName, id } = request.params;
      const version = apiVersion(org, request.params.version);
      const { user, session } = authenticate(org, request);
      const api = { objects: queryObjects, version, path: `/services/data/${request.params.version}` };
      const object = findObject(api, objectName, user, org);
      const row = object
        ?.rows(org, session)
        .find(({ Id }) => typeof Id === 'string' && (Id === id || Id.slice(0, 15) === id));
      if (!object || !row) throw notFound();
      return recordOf(object.name, row, fieldsOfVersion(object, version), api.path);
    },
  );

  registerDeployRequestRoutes(app, org);
}

/** Spring, Summer and Winter releases: 58.0 is Summer '23. */
function versionLabel(version: number): string {
  const seasons = ['Spring', 'Summer', 'Winter'] as const;
  const index = version - 57;
  const season = seasons[index % 3] ?? 'Spring';
  const year = 23 + Math.floor(index / 3) + (season === 'Winter' ? 1 : 0);
  return `${season} '${year}`;
}
