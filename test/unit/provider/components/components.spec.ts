import assert from 'node:assert/strict';
import { ComponentXmlError } from '../../../../provider/src/components/componentXml.js';
import { namespaceOf, withoutNamespace } from '../../../../provider/src/components/componentName.js';
import { AppIndex, namesOf, readComponents } from '../../../../provider/src/components/components.js';
import type { Component } from '../../../../provider/src/components/components.js';
import { componentTypeNames } from '../../../../provider/src/components/componentTypes.js';
import { component, componentXml, pathOf } from '../support/reconcile.js';

const policies = 'ExtlClntAppOauthConfigurablePolicies';
const header = 'ExternalClientApplication';

describe('readComponents', () => {
  it('reads every type of component by its folder and suffix', () => {
    const files = new Map(
      componentTypeNames.map((type) => [
        `unpackaged/${pathOf(type, 'a.b')}`,
        Buffer.from(componentXml(type, { externalClientApplication: 'portal' })),
      ]),
    );
    const found = readComponents(files, []).map(({ type, fullName, app, path }) => [
      type,
      fullName,
      app,
      path,
    ]);
    assert.deepEqual(
      found,
      componentTypeNames.map((type) => [
        type,
        'a.b',
        type === header ? 'a.b' : 'portal',
        pathOf(type, 'a.b'),
      ]),
    );
  });

  it('ignores other files', () => {
    const files = new Map([
      ['unpackaged/package.xml', Buffer.from('<Package/>')],
      ['unpackaged/classes/A.cls', Buffer.from('class A {}')],
      ['unpackaged/externalClientApps/portal.ecaPlcy', Buffer.from('no xml')],
      ['unpackaged/other/portal.eca', Buffer.from('no xml')],
    ]);
    assert.deepEqual(readComponents(files, []), []);
  });

  it('reads the namespace and the last change from the properties of the file', () => {
    const path = `unpackaged/${pathOf(policies, 'portal_oauthPlcy')}`;
    const [read] = readComponents(new Map([[path, Buffer.from(componentXml(policies, {}))]]), [
      {
        type: policies,
        fullName: 'portal_oauthPlcy',
        fileName: path,
        namespacePrefix: 'acme',
        lastModifiedByName: 'Ada',
        lastModifiedDate: '2026-11-01T00:00:00.000Z',
      },
    ]);
    assert.equal(read?.app, '');
    assert.deepEqual(
      [read.namespacePrefix, read.lastModifiedByName, read.lastModifiedDate],
      ['acme', 'Ada', '2026-11-01T00:00:00.000Z'],
    );
  });

  it('reads the namespace from the name if the properties lack it', () => {
    const path = pathOf(policies, 'acme__Ledger_defaultPolicy');
    const [read] = readComponents(new Map([[path, Buffer.from(componentXml(policies, {}))]]), []);
    assert.equal(read?.namespacePrefix, 'acme');
  });

  it('refuses a component that is not well-formed', () => {
    assert.throws(
      () => readComponents(new Map([[pathOf(policies, 'portal'), Buffer.from('<a>')]]), []),
      ComponentXmlError,
    );
  });
});

describe('namespaceOf and withoutNamespace', () => {
  for (const [name, namespace, bare] of [
    ['portal', undefined, 'portal'],
    ['Agent_Gateway', undefined, 'Agent_Gateway'],
    ['acme__Ledger', 'acme', 'Ledger'],
    ['my_ns__Billing_Sync', 'my_ns', 'Billing_Sync'],
  ] as const) {
    it(`take ${name} apart`, () => {
      assert.equal(namespaceOf(name), namespace);
      assert.equal(withoutNamespace(name), bare);
    });
  }
});

describe('AppIndex', () => {
  const policiesOf = (fullName: string, app: string, namespace?: string) =>
    component(policies, fullName, { externalClientApplication: app }, namespace);
  const found = (components: readonly Component[], app: string) =>
    namesOf(new AppIndex(components).find(app).components);

  it('finds components by the app that they refer to, not by their own names', () => {
    const components = [
      component(header, 'portal'),
      component(header, 'portal_uat'),
      policiesOf('portal_uat_defaultPolicy', 'portal_uat'),
      policiesOf('anything', ' portal\n'),
    ];
    assert.deepEqual(found(components, 'portal'), { [header]: 'portal', [policies]: 'anything' });
    assert.deepEqual(found(components, 'portal_uat'), {
      [header]: 'portal_uat',
      [policies]: 'portal_uat_defaultPolicy',
    });
  });

  it('finds nothing for an app that does not exist', () => {
    assert.deepEqual(new AppIndex([component(header, 'portal')]).find('Portal'), {
      components: {},
      ambiguities: [],
    });
  });

  it('reports the components of one type that refer to the same app', () => {
    const components = [policiesOf('first', 'portal'), policiesOf('second', 'portal')];
    assert.deepEqual(new AppIndex(components).find('portal'), {
      components: {},
      ambiguities: [{ type: policies, fullNames: ['first', 'second'] }],
    });
  });

  describe('of an installed app', () => {
    const ledger = component(header, 'acme__Ledger', {}, 'acme');

    for (const [how, own] of [
      ['with the namespace', policiesOf('acme__Ledger_defaultPolicy', 'acme__Ledger', 'acme')],
      [
        'with the namespace, in a component of the org itself',
        policiesOf('Ledger_defaultPolicy', 'acme__Ledger'),
      ],
      ['without the namespace', policiesOf('acme__Ledger_defaultPolicy', 'Ledger', 'acme')],
      [
        'without the namespace, in a component of the org itself',
        policiesOf('Ledger_defaultPolicy', 'Ledger'),
      ],
    ] as const) {
      it(`finds components that refer to it ${how}`, () => {
        assert.deepEqual(found([ledger, own], 'acme__Ledger'), {
          [header]: 'acme__Ledger',
          [policies]: own.fullName,
        });
      });
    }

    it('resolves a name without namespace to the local app of that name', () => {
      const components = [ledger, component(header, 'Ledger'), policiesOf('Ledger_defaultPolicy', 'Ledger')];
      assert.deepEqual(found(components, 'acme__Ledger'), { [header]: 'acme__Ledger' });
      assert.deepEqual(found(components, 'Ledger'), {
        [header]: 'Ledger',
        [policies]: 'Ledger_defaultPolicy',
      });
    });

    it('resolves a name without namespace to neither of two installed apps that match', () => {
      const components = [
        ledger,
        component(header, 'other__Ledger', {}, 'other'),
        policiesOf('Ledger_defaultPolicy', 'Ledger'),
      ];
      assert.deepEqual(found(components, 'acme__Ledger'), { [header]: 'acme__Ledger' });
      assert.deepEqual(found(components, 'other__Ledger'), { [header]: 'other__Ledger' });
    });

    it("does not regard another package's components as its own", () => {
      const components = [ledger, policiesOf('other__Ledger_defaultPolicy', 'Ledger', 'other')];
      assert.deepEqual(found(components, 'acme__Ledger'), { [header]: 'acme__Ledger' });
    });

    it('does not assign a packaged component with the name alone to a local app', () => {
      const components = [
        component(header, 'Ledger'),
        policiesOf('acme__Ledger_defaultPolicy', 'Ledger', 'acme'),
      ];
      assert.deepEqual(found(components, 'Ledger'), { [header]: 'Ledger' });
    });
  });
});
