import assert from 'node:assert/strict';
import { strToU8, zipSync } from 'fflate';
import type { LocalOrg, LocalOrgServer } from '../../../../local-org/src/index.js';
import { startLocalOrg } from '../../../../local-org/src/index.js';
import { connect, failuresOf, packageXml, policies, policiesType, problemsOf } from '../support/client.js';

describe('the local org, refusing what an org refuses', () => {
  let server: LocalOrgServer;
  let org: LocalOrg;
  before(async () => {
    server = await startLocalOrg();
    org = server.org('dev');
  });
  afterEach(() => {
    org.faults.clear();
  });
  after(() => server.close());

  const portalPolicies = (elements: string) => ({
    type: policiesType,
    fullName: 'portal_defaultPolicy',
    xml: policies('portal', elements),
  });

  it('a file that is not well-formed, with the line, and one with a DOCTYPE', async () => {
    const broken = portalPolicies('    <label>x</lable>\n');
    const [[problem, line, column] = []] = await failuresOf(connect(org), broken);
    assert.match(problem ?? '', /^Error parsing file: /);
    assert.deepEqual([line, column], [4, 21]);
    const entity = {
      ...broken,
      xml: `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>${policies('portal', '')}`,
    };
    assert.deepEqual(await problemsOf(connect(org), entity), ['Error parsing file: DOCTYPE is not allowed']);
  });

  it('a package of a version that it does not offer', async () => {
    const { metadata } = connect(org);
    const archive = Buffer.from(zipSync({ 'package.xml': strToU8(packageXml([], '69.0')) }));
    const { id } = await metadata.deploy(archive, { singlePackage: true });
    const result = await metadata.checkDeployStatus(id);
    assert.equal(result.status, 'Failed');
    assert.match(result.errorMessage ?? '', /69\.0 .* up to 68\.0/);
  });

  it('a component, or all of an app, if a test asks for it', async () => {
    const remove = org.faults.failComponent('portal', 'No more portals');
    assert.deepEqual(await problemsOf(connect(org), portalPolicies('')), ['No more portals']);
    remove();
    assert.deepEqual(await problemsOf(connect(org), portalPolicies('')), []);
  });
});
