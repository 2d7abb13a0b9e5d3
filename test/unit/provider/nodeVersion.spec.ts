import assert from 'node:assert/strict';
import manifest from 'pulumi-salesforce-eca/package.json';
import { objectionToNode } from '../../../provider/src/nodeVersion.js';

describe('the version of Node.js that the packages need', () => {
  it('is the one in package.json', () => {
    const oldest = manifest.engines.node.replace('>=', '');
    assert.equal(objectionToNode(oldest), undefined);
    assert.equal(
      objectionToNode('18.20.4'),
      `Node.js ${oldest.replace(/\.0$/, '')} or newer is required; this is 18.20.4`,
    );
  });

  for (const version of ['22.19.0', '22.20.1', '23.0.0', '24.21.0', '100.0.0'])
    it(`${version} is new enough`, () => {
      assert.equal(objectionToNode(version), undefined);
    });
  for (const version of ['22.18.9', '20.99.0', '9.0.0', '0.12.18'])
    it(`${version} is too old`, () => {
      assert.match(objectionToNode(version) ?? '', new RegExp(`; this is ${version}$`));
    });
});
