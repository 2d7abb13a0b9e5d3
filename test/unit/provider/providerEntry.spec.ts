import assert from 'node:assert/strict';
import sinon from 'sinon';
import * as provider from '../../../provider/src/provider.js';

describe('the provider’s entry', () => {
  it('exports the methods of a dynamic provider, which old states rely on', () => {
    const methods = Object.entries(provider).filter(([, value]) => typeof value === 'function');
    assert.deepEqual(methods.map(([name]) => name).sort(), [
      'check',
      'configure',
      'create',
      'delete',
      'diff',
      'read',
      'update',
    ]);
  });

  it('configures at once and without a promise, because the host lets other calls through meanwhile', () => {
    const get = sinon.spy();
    provider.configure({ config: { get } });
    assert.equal(provider.configure.constructor.name, 'Function');
    assert(get.notCalled);
  });
});
